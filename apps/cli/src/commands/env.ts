import type { ItemOf } from 'schema-evolution-sdk';
import type { Command } from 'commander';
import type { Verb } from '../context.js';
import { fields, listing } from '../human/resource.js';
import type { Paint } from '../output/paint.js';
import { usage } from '../problem.js';
import { engineNamed } from '../state/engine.js';
import { given, pair, remote, several, take, whole } from './remote.js';

type Environment = ItemOf<'listEnvironments'>;
type Policy = Environment['policy'];

interface PolicyFlags {
  readonly validation?: Policy['validation'];
  readonly approvals?: number;
  readonly authorMayApprove?: boolean;
  readonly allowDestructive?: boolean;
  readonly approverRoles?: readonly string[];
}

const withPolicy = (command: Command): Command =>
  command
    .addOption(command.createOption('--validation <kind>', 'of incompatible versions').choices(['relaxed', 'strict']))
    .option('--approvals <n>', 'how many are needed', whole)
    .option('--author-may-approve', 'the author counts as an approver')
    .option('--no-author-may-approve', 'somebody else has to approve')
    .option('--allow-destructive', 'steps that lose data may run')
    .option('--no-allow-destructive', 'steps that lose data are refused')
    .option('--approver-roles <roles>', 'roles whose approval counts; several', several);

/** Commander gives a `--no-x` option the default true; only what was typed is sent. */
const policyOf = (command: Command, flags: PolicyFlags): Partial<Policy> => {
  const typed = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const { validation, approvals, authorMayApprove, allowDestructive, approverRoles } = flags;
  return given({
    validation,
    approvals,
    authorMayApprove: typed('authorMayApprove') ? authorMayApprove : undefined,
    allowDestructive: typed('allowDestructive') ? allowDestructive : undefined,
    approverRoles: approverRoles === undefined ? undefined : ([...approverRoles] as Policy['approverRoles']),
  });
};

const environmentText = ({ policy, revisions, ...one }: Environment, paint: Paint): string => {
  const about = fields(
    [
      ['environment', one.id],
      ['type', one.type],
      ['engine', one.database],
      ['region', one.region],
      ['labels', one.labels && Object.entries(one.labels).map(([key, value]) => `${key}=${value}`)],
      ['agent', one.agent],
      ['validation', policy.validation],
      ['approvals', policy.approvals],
      ['author may approve', policy.authorMayApprove],
      ['approver roles', policy.approverRoles],
      ['may lose data', policy.allowDestructive],
      ['breaker open', one.breakerOpen],
      ['retired', one.retired],
    ],
    paint,
  );
  const rows = revisions.map((revision) => [
    revision.schema,
    revision.version ?? 'before its first',
    revision.recorded,
    revision.digest,
  ]);
  return rows.length === 0 ? about : `${about}\n${listing(['schema', 'version', 'since', 'digest'], rows, paint)}`;
};

interface AddOptions extends PolicyFlags {
  readonly type: Environment['type'];
  readonly engine: string;
  readonly region?: string;
  readonly label?: Readonly<Record<string, string>>;
}

const types = ['development', 'staging', 'production', 'disaster-recovery'];

const add: Verb = (command, run) => {
  withPolicy(command)
    .argument('<name>')
    .addOption(command.createOption('--type <type>', 'sets the policy').choices(types).makeOptionMandatory())
    .requiredOption('--engine <name>', 'of its database')
    .option('--region <name>', 'where it stands')
    .option('--label <key=value>', 'a label; several', pair)
    .action(
      remote<AddOptions, [string]>(run, async (client, { options }, name) => {
        const { type, engine, region, label } = options;
        const policy = policyOf(command, options);
        const more = given({ region, labels: label, policy: Object.keys(policy).length === 0 ? undefined : policy });
        const body = { name, type, database: engineNamed(engine), ...more };
        const environment = await client.call('addEnvironment', { body });
        return { json: environment, human: (paint) => environmentText(environment, paint) };
      }),
    );
};

const list: Verb = (command, run) => {
  command
    .addOption(command.createOption('--type <type>', 'only this type').choices(types))
    .option('--limit <n>', 'at most so many', whole, 200)
    .action(
      remote<{ readonly type?: Environment['type']; readonly limit: number }>(run, async (client, { options }) => {
        const query = given({ type: options.type });
        const items = await take<'listEnvironments'>(client.list('listEnvironments', { query }), options.limit);
        const rows = items.map((one) => [
          one.id,
          one.type,
          one.database,
          one.region,
          one.agent,
          one.revisions.map(({ schema, version }) => `${schema} ${version ?? '(before its first version)'}`),
        ]);
        const head = ['environment', 'type', 'engine', 'region', 'agent', 'runs'];
        return { json: { items }, human: (paint) => listing(head, rows, paint) };
      }),
    );
};

const show: Verb = (command, run) => {
  command.argument('<name>').action(
    remote<object, [string]>(run, async (client, _, id) => {
      const environment = await client.call('getEnvironment', { params: { id } });
      return { json: environment, human: (paint) => environmentText(environment, paint) };
    }),
  );
};

const health: Verb = (command, run) => {
  command.argument('<name>').action(
    remote<object, [string]>(run, async (client, _, id) => {
      const found = await client.call('environmentHealth', { params: { id } });
      const { environment, status, agent, lastSeen, serverVersion, latencyMs, problem, breakerOpen } = found;
      const members = Object.entries({
        environment,
        status,
        agent,
        lastSeen,
        serverVersion,
        latencyMs,
        problem,
        breakerOpen,
      });
      return {
        exit: status === 'healthy' ? 'fine' : 'refused',
        json: found,
        human: (paint) => fields(members, paint),
      };
    }),
  );
};

const policy: Verb = (command, run) => {
  withPolicy(command)
    .argument('<name>')
    .option('--reason <text>', 'stays in the audit trail')
    .action(
      remote<PolicyFlags & { readonly reason?: string }, [string]>(run, async (client, { options }, id) => {
        const change = policyOf(command, options);
        if (Object.keys(change).length === 0) throw usage('Nothing is to be changed.', 'See `dsem help env policy`.');
        const { etag = '*' } = await client.request('getEnvironment', { params: { id } });
        const body = { policy: change, ...given({ reason: options.reason }) };
        const environment = await client.call('changeEnvironmentPolicy', { params: { id }, body, ifMatch: etag });
        return { json: environment, human: (paint) => environmentText(environment, paint) };
      }),
    );
};

const sync: Verb = (command, run) => {
  command
    .argument('<name>')
    .requiredOption('--schema <name>', 'the schema')
    .option('--version, --release <version>', 'the version (default: the newest compatible)')
    .action(
      remote<{ readonly schema: string; readonly release?: string }, [string]>(run, async (client, { options }, id) => {
        const body = { schema: options.schema, ...given({ version: options.release }) };
        const made = await client.call('syncEnvironment', { params: { id }, body });
        return { json: made, human: (paint) => fields(Object.entries(made), paint) };
      }),
    );
};

interface RetireOptions {
  readonly force?: boolean;
  readonly reason?: string;
}

const retire: Verb = (command, run) => {
  command
    .argument('<name>')
    .option('--force', 'although it holds a schema or a migration has not ended; needs --reason')
    .option('--reason <text>', 'stays in the audit trail')
    .action(
      remote<RetireOptions, [string]>(run, async (client, { options }, id) => {
        const { yes, force, reason } = options;
        if (yes !== true) throw usage(`Retiring ${id} needs --yes.`);
        if (force === true && reason === undefined)
          throw usage('--force needs --reason.', 'See `dsem help env retire`.');
        const query = given({ force: force === true ? ('true' as const) : undefined, reason });
        await client.call('retireEnvironment', { params: { id }, query, ifMatch: '*' });
        return { json: { id, retired: true }, human: () => `${id} is retired; its history stays.\n` };
      }),
    );
};

const closeBreaker: Verb = (command, run) => {
  command
    .argument('<name>')
    .requiredOption('--reason <text>', 'what was mended; stays in the audit trail')
    .action(
      remote<{ readonly reason: string }, [string]>(run, async (client, { options: { reason } }, id) => {
        const environment = await client.call('closeBreaker', { params: { id }, body: { reason } });
        return { json: environment, human: (paint) => environmentText(environment, paint) };
      }),
    );
};

/** `dsem env add|list|show|health|policy|sync|retire|close-breaker` */
export const env: Verb = (command, run) => {
  add(command.command('add').summary('add an environment'), run);
  list(command.command('list').summary('list environments and what they run'), run);
  show(command.command('show').summary('show an environment'), run);
  health(command.command('health').summary('whether its agent and database answer'), run);
  policy(command.command('policy').summary('change its policy'), run);
  sync(command.command('sync').summary('make the migration that brings it to a version'), run);
  retire(command.command('retire').summary('retire it'), run);
  closeBreaker(command.command('close-breaker').summary('let steps start again after the cause is mended'), run);
};
