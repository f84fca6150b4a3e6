// Writes docs/schemas/*.json and the tables of docs/public-topics.md from the event definitions in libs/events:
// `npm run build && node tools/public-topics.mjs`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';

/** What people did about a service's dead letters: on its own topic. */
const ofLetters = ['DeadLetterReplayed', 'DeadLetterReplayFailed', 'DeadLetterDiscarded'];

/** The topics that outside programs may use, and what travels there. Commands and key material are not public. */
export const publicTopics = {
  'dsem.schema-changes': ['SchemaProposed', 'UseDeclared'],
  'registry.events': [
    'SubjectCreated VersionRegistered CompatibilitySet SubjectDescribed SubjectArchived ProposalRefused',
    'ConsumerRegistered ContractDeclared ConsumerRetired',
    ...ofLetters,
  ].flatMap((names) => names.split(' ')),
  'validator.events': ['CompatibilityAssessed', ...ofLetters],
  'orchestrator.events': [
    'EnvironmentAdded PolicyChanged AgentAttached SyncRequested RevisionRecorded BreakerOpened BreakerClosed',
    'EnvironmentRetired MigrationDrafted MigrationPlanned PlanRejected ApprovalGiven ApprovalVoided',
    'MigrationApproved MigrationRejected MigrationCancelled RolloutLinked RolloutStarted WaveStarted',
    'TargetDispatched TargetSucceeded TargetFailed TargetUnknown TargetResolved TargetRolledBack TargetAbandoned',
    'WaveBaking WavePassed RolloutPaused RolloutResumed RolloutHalted RollbackTriggered RolloutRolledBack',
    'RolloutCompleted RolloutCancelled',
    ...ofLetters,
  ].flatMap((names) => names.split(' ')),
  'agent.events': [
    'ExecutionAccepted ExecutionRefused PreflightPassed PreflightFailed StepStarted StepApplied StepAlreadyApplied',
    'StepFailed StepUnknown ExecutionCompleted ExecutionFailed AgentHeartbeat',
  ].flatMap((names) => names.split(' ')),
  'audit.events': ['CheckpointSigned', 'ExportMade', ...ofLetters],
};

const isPublic = ({ type }) => Object.values(publicTopics).flat().includes(type);

/** Every public shape as JSON Schema (2020-12) by file name; further fields are allowed, because later versions add some. */
export const schemasOf = ({ catalogue, envelopeSchema, toJSONSchema }) => {
  const schema = (title, shape) => {
    const { $schema, ...rest } = toJSONSchema(shape, { io: 'input' });
    return { $schema, title, ...rest };
  };
  const events = [...catalogue].filter(([, definition]) => isPublic(definition));
  return Object.fromEntries([
    ['envelope', schema('A message on any topic: CloudEvents 1.0 in structured JSON', envelopeSchema)],
    ...events.map(([name, { shape }]) => [name, schema(`The data of dsem.${name}`, shape)]),
  ]);
};

const rowOf =
  (schemas) =>
  ([topic, types]) => {
    const links = Object.keys(schemas)
      .filter((name) => types.includes(name.split('.')[0]))
      .sort((a, b) => types.indexOf(a.split('.')[0]) - types.indexOf(b.split('.')[0]))
      .map((name) => `[${name}](schemas/${name}.json)`);
    return `| \`${topic}\` | ${links.join(', ')} |`;
  };

/** The table of topics and their messages, as it stands between the marks in docs/public-topics.md. */
export const tableOf = (schemas) =>
  ['| topic | messages |', '|---|---|', ...Object.entries(publicTopics).map(rowOf(schemas))].join('\n');

export const marks = ['<!-- made by tools/public-topics.mjs -->', '<!-- end -->'];

/** The page with its table renewed. */
export const pageWith = (page, table) => {
  const [before, rest = ''] = page.split(marks[0]);
  return `${before}${marks[0]}\n\n${table}\n\n${marks[1]}${rest.split(marks[1])[1] ?? ''}`;
};

const main = async () => {
  const [{ catalogue, envelopeSchema }, { z }, { format }] = await Promise.all([
    import('@dsem/events'),
    import('zod'),
    import('prettier'),
  ]);
  const docs = new URL('../docs/', import.meta.url);
  const schemas = schemasOf({ catalogue, envelopeSchema, toJSONSchema: z.toJSONSchema });
  await mkdir(new URL('schemas/', docs), { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) {
    const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
    await writeFile(new URL(`schemas/${name}.json`, docs), text);
  }
  const page = new URL('public-topics.md', docs);
  await writeFile(page, pageWith(await readFile(page, 'utf8'), tableOf(schemas)));
};

if (process.argv[1] === import.meta.filename) main();
