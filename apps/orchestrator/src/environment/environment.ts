import type { Decider } from '@dsem/event-store';
import {
  agentAttached,
  breakerClosed,
  breakerOpened,
  environmentAdded,
  environmentRetired,
  policyChanged,
  revisionRecorded,
  syncRequested,
  type EnvironmentEvent,
  type EnvironmentPolicy,
  type EnvironmentType,
} from '@dsem/events';
import { Refusal, type EngineName } from '@dsem/schema';

type Added = ReturnType<typeof environmentAdded.of>['data'];
export type Revision = ReturnType<typeof revisionRecorded.of>['data'];

export interface EnvironmentState {
  readonly exists: boolean;
  readonly retired: boolean;
  readonly name: string;
  readonly type: EnvironmentType;
  readonly engine: EngineName | undefined;
  readonly region?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly policy: EnvironmentPolicy;
  readonly agent?: string | undefined;
  readonly serverVersion?: string | undefined;
  readonly breakerOpen: boolean;
  /** Newest revision by subject. */
  readonly revisions: { readonly [subject: string]: Revision };
  /** What came and was not taken back, oldest first, of all subjects: a database is changed on top of what it holds. */
  readonly standing: readonly Revision[];
  /** Whether what it holds stays known while it is retired, for when it is added again. */
  readonly keeps?: boolean | undefined;
}

export type EnvironmentCommand =
  | { readonly kind: 'add'; readonly environment: Added }
  | { readonly kind: 'change-policy'; readonly policy: EnvironmentPolicy; readonly reason?: string | undefined }
  | { readonly kind: 'attach-agent'; readonly agent: string; readonly serverVersion?: string | undefined }
  | { readonly kind: 'record-revision'; readonly revision: Revision }
  | { readonly kind: 'request-sync'; readonly subject: string; readonly version: string; readonly migration: string }
  | { readonly kind: 'open-breaker'; readonly values: Readonly<Record<string, number | string>> }
  | { readonly kind: 'close-breaker'; readonly reason: string }
  | {
      readonly kind: 'retire';
      /** What stands in its way, each as a person is told. */
      readonly neededBy?: readonly string[] | undefined;
      readonly force?: boolean | undefined;
      readonly reason?: string | undefined;
    };

/** Thrown when a command names an environment that does not exist or is retired. */
export class EnvironmentNotFound extends Refusal {
  readonly code = 'DSEM-4001';
  readonly title = 'No such environment';
  readonly fix = 'List the environments with GET /api/v1/environments and use one of their names.';
}

/** Thrown when an environment is added under a name that is taken. */
export class EnvironmentExists extends Refusal {
  readonly code = 'DSEM-4002';
  readonly title = 'An environment of that name exists';
  readonly fix = 'Choose another name, or change the policy of the one that exists.';
}

/** Thrown when an environment is to be retired that holds a schema or that a migration has not ended in. */
export class EnvironmentInUse extends Refusal {
  readonly code = 'DSEM-4008';
  readonly title = 'Something still needs the environment';
  readonly fix =
    'Roll back what it holds; cancel, reject or abandon what has not ended. Where its database is gone for good, have an administrator retire it with `force` and a reason.';
}

const defaultPolicies: { readonly [Type in EnvironmentType]: EnvironmentPolicy } = {
  development: policyOf('relaxed', 0, true, true),
  staging: policyOf('strict', 0, true, true),
  production: policyOf('strict', 1, false, false),
  'disaster-recovery': policyOf('strict', 1, false, false),
};

function policyOf(
  validation: EnvironmentPolicy['validation'],
  approvals: number,
  authorMayApprove: boolean,
  allowDestructive: boolean,
): EnvironmentPolicy {
  return { validation, approvals, authorMayApprove, allowDestructive, approverRoles: ['approver', 'administrator'] };
}

/** What an environment's type asks for unless its policy says otherwise: the stricter, the closer to users. */
export const defaultPolicy = (type: EnvironmentType): EnvironmentPolicy => defaultPolicies[type];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const add = (environment: Added, state: EnvironmentState): readonly EnvironmentEvent[] => {
  if (state.exists && !state.retired)
    throw new EnvironmentExists(`environment ${environment.environment} exists already`);
  if (state.keeps === true && state.engine !== environment.engine)
    throw new EnvironmentExists(
      `${environment.environment} was retired with what it holds on ${state.engine ?? 'another engine'}; it comes back as that`,
    );
  return [environmentAdded.of(environment)];
};

const attach = (
  command: Extract<EnvironmentCommand, { kind: 'attach-agent' }>,
  state: EnvironmentState,
): readonly EnvironmentEvent[] =>
  command.agent === state.agent && command.serverVersion === state.serverVersion
    ? []
    : [
        agentAttached.of({
          environment: state.name,
          agent: command.agent,
          ...(command.serverVersion === undefined ? {} : { serverVersion: command.serverVersion }),
        }),
      ];

/** What an agent proved is recorded even when the environment was retired while it ran. */
const record = (revision: Revision, state: EnvironmentState): readonly EnvironmentEvent[] =>
  same(state.revisions[revision.subject], revision) ? [] : [revisionRecorded.of(revision)];

const retire = (
  { neededBy = [], force = false, reason }: Extract<EnvironmentCommand, { kind: 'retire' }>,
  environment: string,
): readonly EnvironmentEvent[] => {
  const needed = neededBy.length > 0;
  if (needed && !force) throw new EnvironmentInUse(`${environment} cannot be retired: ${neededBy.join('; ')}`);
  const told = { ...(reason === undefined ? {} : { reason }), ...(needed ? { forced: true } : {}) };
  return [environmentRetired.of({ environment, ...told })];
};

const decide = (command: EnvironmentCommand, state: EnvironmentState): readonly EnvironmentEvent[] => {
  if (command.kind === 'add') return add(command.environment, state);
  if (state.retired && command.kind === 'open-breaker') return [];
  if (state.retired && command.kind === 'record-revision') return record(command.revision, state);
  if (!state.exists || state.retired)
    throw new EnvironmentNotFound(`environment ${state.name || '(unnamed)'} does not exist`);
  const environment = state.name;
  switch (command.kind) {
    case 'change-policy': {
      const reason = command.reason === undefined ? {} : { reason: command.reason };
      return same(command.policy, state.policy)
        ? []
        : [policyChanged.of({ environment, policy: command.policy, ...reason })];
    }
    case 'attach-agent':
      return attach(command, state);
    case 'record-revision':
      return record(command.revision, state);
    case 'request-sync': {
      const { subject, version, migration } = command;
      return [syncRequested.of({ environment, subject, version, migration })];
    }
    case 'open-breaker':
      return state.breakerOpen ? [] : [breakerOpened.of({ environment, values: { ...command.values } })];
    case 'close-breaker':
      return state.breakerOpen ? [breakerClosed.of({ environment, reason: command.reason })] : [];
    case 'retire':
      return retire(command, environment);
    default:
      return command satisfies never;
  }
};

const without = (standing: readonly Revision[], { rollout }: Revision): readonly Revision[] =>
  standing.filter((each) => each.rollout !== rollout);

/** Of before directions were told: what comes for the second time is taken back. */
const isTakenBack = (standing: readonly Revision[], { rollout, direction }: Revision): boolean =>
  direction === undefined ? standing.some((each) => each.rollout === rollout) : direction === 'reverse';

const recorded = (state: EnvironmentState, revision: Revision): EnvironmentState => {
  const { revisions, standing = [] } = state;
  const rest = without(standing, revision);
  return {
    ...state,
    revisions: { ...revisions, [revision.subject]: revision },
    standing: isTakenBack(standing, revision) ? rest : [...rest, revision],
  };
};

const evolve = (state: EnvironmentState, event: EnvironmentEvent): EnvironmentState => {
  switch (event.type) {
    case 'EnvironmentAdded': {
      const { environment, ...rest } = event.data;
      const kept = state.keeps === true ? { revisions: state.revisions, standing: state.standing } : {};
      return { ...initialState, ...kept, ...rest, exists: true, name: environment };
    }
    case 'PolicyChanged':
      return { ...state, policy: event.data.policy };
    case 'AgentAttached':
      return { ...state, agent: event.data.agent, serverVersion: event.data.serverVersion };
    case 'RevisionRecorded':
      // What a database was proved to hold after its environment was retired is no less true.
      return { ...recorded(state, event.data), ...(state.retired ? { keeps: true } : {}) };
    case 'SyncRequested':
      return state;
    case 'BreakerOpened':
      return { ...state, breakerOpen: true };
    case 'BreakerClosed':
      return { ...state, breakerOpen: false };
    case 'EnvironmentRetired':
      return { ...state, retired: true, keeps: event.data.forced };
    default:
      return event satisfies never;
  }
};

const initialState: EnvironmentState = {
  exists: false,
  retired: false,
  name: '',
  type: 'development',
  engine: undefined,
  policy: defaultPolicy('development'),
  breakerOpen: false,
  revisions: {},
  standing: [],
};

/** A named target with its type, its policy and what it runs now. */
export const environment: Decider<EnvironmentState, EnvironmentCommand, EnvironmentEvent> = {
  initialState,
  decide,
  evolve,
};
