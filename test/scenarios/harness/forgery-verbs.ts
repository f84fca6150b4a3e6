import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { executePlan, streams, topics, typeName, type ExecutePlan } from '@dsem/events';
import { as, environmentName, migrationOf, StoryFailed, until, type Stage } from './stage.js';
import type { Verb } from './verbs.js';

type Command = ExecutePlan['data'];
type Found = { readonly event: string; readonly envelope: { readonly data?: Readonly<Record<string, unknown>> } };

const trail = async (stage: Stage, event: string, wanted: (data: Readonly<Record<string, unknown>>) => boolean) => {
  const query = { event, limit: 200 };
  for await (const entry of as(stage, 'administrator').list('listAuditEntries', { query })) {
    const { data } = (entry as Found).envelope;
    if (data !== undefined && wanted(data)) return data;
  }
  return undefined;
};

/** The signed approval of a migration, as it stands in the trail. */
const approvalOf = async (stage: Stage, name: string): Promise<string> => {
  const id = migrationOf(stage, name);
  const data = await until(`an approval of ${name}`, () =>
    trail(stage, 'MigrationApproved', ({ migration }) => migration === id),
  );
  return String(data['approval']);
};

const part = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

const statementOf = (command: Command) => ({
  migration: command.migration,
  plans: [command.plan],
  environments: [command.environment],
  approvers: ['key:grace'],
  iat: Math.floor(Date.now() / 1000),
});

/** Right in every word, and signed by a key of the forger's own. */
const byStranger = (command: Command): string => {
  const input = `${part({ alg: 'EdDSA', typ: 'dsem-approval+jwt' })}.${part(statementOf(command))}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  return `${input}.${sign(null, Buffer.from(input, 'utf8'), privateKey).toString('base64url')}`;
};

/** The words of this command under the signature of another statement. */
const altered = (genuine: string, command: Command): string => {
  const [header = '', , signature = ''] = genuine.split('.');
  return [header, part(statementOf(command)), signature].join('.');
};

/** How a command comes to its approval; `other` names the migration that it is taken from. */
const approvals: Readonly<Record<string, (stage: Stage, command: Command, other: string) => Promise<string>>> = {
  unapproved: () => Promise.resolve(''),
  strange: (_, command) => Promise.resolve(byStranger(command)),
  altered: async (stage, command, other) => altered(await approvalOf(stage, other), command),
  borrowed: (stage, _, other) => approvalOf(stage, other),
};

const commandOf = async (stage: Stage, name: string, environment: string): Promise<Command> => {
  const own = environmentName(stage, environment);
  const { schema, plans } = await as(stage, 'ada').call('getMigration', { params: { id: migrationOf(stage, name) } });
  const plan = plans.find(({ environments }) => environments.includes(own));
  if (plan === undefined) throw new StoryFailed(`${name} has no plan for ${environment}`);
  const migration = migrationOf(stage, name);
  const base = { rollout: migration, migration, environment: own, attempt: 1, subject: schema, plan: plan.hash };
  const { from, to } = plan;
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  return { ...base, execution: `execution-${randomUUID()}-1`, direction: 'forward', from, to, approval: '', expires };
};

const envelopeOf = (data: Command): string =>
  JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    source: 'dsem/orchestrator',
    type: typeName(executePlan.type, executePlan.version),
    subject: `environment-${data.environment}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    sequence: 1,
    tenant: 'default',
    actor: 'service:orchestrator',
    correlationid: randomUUID(),
    causationid: randomUUID(),
    data,
  });

const sendOutside = (stage: Stage, command: Command): Promise<void> =>
  stage.world.publishOutside(command.environment, envelopeOf(command), topics.agentCommands);

/** Sends the command past the orchestrator, and waits until its agent has told that it refused it. */
const expectRefusal = async (stage: Stage, command: Command, code: string): Promise<void> => {
  await sendOutside(stage, command);
  const ofIt = ({ execution }: Readonly<Record<string, unknown>>): boolean => execution === command.execution;
  const accepted = () => trail(stage, 'ExecutionAccepted', ofIt);
  const refused = await until(`a refusal of ${command.execution}`, async () => {
    if ((await accepted()) !== undefined) throw new StoryFailed(`the agent took ${command.execution}`);
    return trail(stage, 'ExecutionRefused', ofIt);
  });
  if (refused['code'] !== code) throw new StoryFailed(`it was refused with ${String(refused['code'])}`);
};

/** Somebody who may write to the bus, and is not the orchestrator. */
export const forgeryVerbs: Readonly<Record<string, Verb>> = {
  /** forged KIND MIGRATION ENVIRONMENT [OTHER]: the agent refuses a command whose approval is none, of whatever kind */
  forged: async (stage, [kind = '', name = '', environment = '', other = name]) => {
    const approve = Object.hasOwn(approvals, kind) ? approvals[kind] : undefined;
    if (approve === undefined) throw new StoryFailed(`there is no forgery called ${kind}`);
    const command = await commandOf(stage, name, environment);
    await expectRefusal(stage, { ...command, approval: await approve(stage, command, other) }, 'NOT_APPROVED');
  },
  /** forestalled MIGRATION ENVIRONMENT: an expired command of nobody's, under the id of the execution that is to come or runs */
  forestalled: async (stage, [name = '', environment = '']) => {
    const command = await commandOf(stage, name, environment);
    const execution = streams.execution(command.rollout, command.environment, command.attempt);
    await sendOutside(stage, { ...command, execution, expires: new Date(0).toISOString() });
    await until(`a refusal of ${execution}`, () =>
      trail(stage, 'ExecutionRefused', (data) => data['execution'] === execution),
    );
  },
  /** replayed DIRECTION MIGRATION ENVIRONMENT: the agent refuses a command that only the approval is genuine of */
  replayed: async (stage, [direction = '', name = '', environment = '']) => {
    const command = await commandOf(stage, name, environment);
    const { from, to } = command;
    const way = direction === 'reverse' ? ({ direction, from: to, to: from } as const) : {};
    await expectRefusal(stage, { ...command, ...way, approval: await approvalOf(stage, name) }, 'NOT_ORDERED');
  },
};
