/** What each event says, with members of its data in braces; an event that is not listed is told by its name. */
const templates: Readonly<Record<string, string>> = {
  SubjectCreated: 'The schema {subject} was created for {engine}, compatibility {compatibility}.',
  VersionRegistered: 'Version {version} of {subject} was registered ({bump}).',
  CompatibilityAssessed: 'Version {version} of {subject} was judged: compatible {compatible}, score {score} ({mode}).',
  MigrationDrafted: 'A migration of {subject} to {version} was asked for in {environments}.',
  MigrationPlanned: 'It was planned; approvals needed: {approvalsNeeded}.',
  PlanRejected: 'It was refused: {why} ({code})',
  ApprovalGiven: '{approver} approved it.',
  ApprovalVoided: 'The approvals of {approvers} became void: {why}',
  MigrationApproved: 'It is approved by {approvers}.',
  MigrationRejected: '{by} rejected it: {why}',
  MigrationCancelled: 'It was cancelled. {why}',
  RolloutLinked: 'Its rollout {rollout} was made.',
  RolloutStarted: 'The rollout began, {direction}; a failure means: {failurePolicy}.',
  WaveStarted: 'Wave {wave} started.',
  WaveBaking: 'Wave {wave} rests until {until}.',
  WavePassed: 'Wave {wave} passed.',
  TargetDispatched: '{target.environment} is due (wave {wave}, attempt {attempt}, {direction}).',
  ExecutePlan: 'The agent of {environment} was asked to run the plan.',
  TargetSucceeded: '{environment} reached its state ({direction}).',
  TargetFailed: '{environment} failed: {cause} ({code})',
  TargetUnknown: 'The outcome in {environment} is not known: {cause}',
  TargetResolved: 'The outcome in {environment} was settled as {resolution}: {evidence}',
  TargetRolledBack: '{environment} is back where it was.',
  TargetAbandoned: '{environment} was left as it is: {why}',
  RolloutPaused: 'The rollout was paused. {why}',
  RolloutResumed: 'The rollout goes on.',
  RolloutHalted: 'The rollout halted: {cause}',
  RollbackTriggered: 'A rollback of {environments} began: {why}{acceptedLosses}',
  RolloutRolledBack: 'The rollout was taken back in {environments}.',
  RolloutCompleted: 'The rollout is complete in {environments}.',
  RolloutCancelled: 'The rollout was cancelled; not started: {notStarted}.',
  ExecutionAccepted: 'The agent of {environment} took the work.',
  ExecutionRefused: 'The agent of {environment} refused: {why} ({code})',
  PreflightPassed: 'The checks before the start passed in {environment}.',
  PreflightFailed: 'The checks before the start failed in {environment}: {why} ({code})',
  StepStarted: 'Step {step} started in {environment}.',
  StepAlreadyApplied: 'Step {step} was found applied already in {environment}.',
  StepFailed: 'Step {step} failed in {environment}: {cause} ({code})',
  StepUnknown: 'The outcome of step {step} in {environment} is not known: {cause}',
  BreakerOpened: 'The breaker of {environment} opened.',
  SyncRequested: '{environment} was asked to follow {subject}.',
  StepApplied: 'Step {step} was applied in {environment}.',
  ExecutionCompleted: '{environment} was verified.',
  ExecutionFailed: 'The execution in {environment} failed: {cause} ({code})',
  RevisionRecorded: '{environment} now runs {subject} {version}.',
};

const shown = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
};

interface Lost {
  readonly environments: readonly string[];
  readonly objects: readonly { readonly object: string; readonly rule: string }[];
}

const accepted = (value: unknown): string => {
  if (!Array.isArray(value)) return '';
  const lost = (value as readonly Lost[]).map(
    ({ environments, objects }) => `${shown(objects.map(({ object }) => object))} in ${shown(environments)}`,
  );
  return `. Accepted is the loss of ${lost.join('; ')}`;
};

/** Waves are counted from 0 in data and from 1 by people. */
const member = (data: Readonly<Record<string, unknown>>, path: string): unknown => {
  const value = path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], data);
  return path === 'wave' && typeof value === 'number' ? value + 1 : value;
};

/** `StepApplied` → `Step applied`. */
const words = (event: string): string => event.replace(/(?<=[a-z])[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);

const scalars = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, 4)
    .map(([name, value]) => `${name} ${shown(value)}`)
    .join(', ');

/** One event as a sentence. */
export const sentence = (event: string, data: Readonly<Record<string, unknown>>): string => {
  if (event === 'RevisionRecorded' && data['version'] === undefined)
    return `${shown(data['environment'])} is back before the first version of ${shown(data['subject'])}.`;
  const template = templates[event];
  if (template === undefined) return `${words(event)}: ${scalars(data)}.`;
  const told = (path: string): string => (path === 'acceptedLosses' ? accepted(data[path]) : shown(member(data, path)));
  return template.replace(/\{([\w.]+)\}/gu, (_, path: string) => told(path)).trim();
};
