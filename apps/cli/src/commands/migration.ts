import type { Command } from 'commander';
import type { ApiClient } from 'schema-evolution-sdk';
import type { MigrationProgress } from '@dsem/api';
import type { Run, Verb } from '../context.js';
import { migrationText, progressText, statusText } from '../human/migration.js';
import { listing } from '../human/resource.js';
import { usage } from '../problem.js';
import { given, remote, several, take, whole } from './remote.js';

interface CreateOptions {
  readonly schema: string;
  readonly release?: string;
  readonly environment: readonly string[];
  readonly offlineStyle?: true;
  readonly reason?: string;
}

const create: Verb = (command, run) => {
  command
    .requiredOption('--schema <name>', 'the schema')
    .requiredOption('--environment <names>', 'where to; several', several)
    .option('--version, --release <version>', 'the version (default: the newest)')
    .option('--offline-style', 'forms for one window instead of live traffic')
    .option('--reason <text>', 'why')
    .action(
      remote<CreateOptions>(run, async (client, { options }) => {
        const { schema, release, environment, offlineStyle, reason } = options;
        const style = offlineStyle === true ? ('offline' as const) : ('online' as const);
        const body = { schema, environments: [...environment], style, ...given({ version: release, reason }) };
        const migration = await client.call('createMigration', { body });
        return { json: migration, human: (paint) => migrationText(migration, paint) };
      }),
    );
};

const statuses = 'draft awaiting-approval approved running completed refused rejected cancelled paused halted'.split(
  ' ',
);
const moreStatuses = ['rolling-back', 'rolled-back', 'needs-decision'];

interface ListOptions {
  readonly schema?: string;
  readonly environment?: string;
  readonly status?: MigrationProgress['status'];
  readonly limit: number;
}

const list: Verb = (command, run) => {
  const status = command.createOption('--status <status>', 'only this status').choices([...statuses, ...moreStatuses]);
  command
    .option('--schema <name>', 'only this schema')
    .option('--environment <name>', 'only this environment')
    .addOption(status)
    .option('--limit <n>', 'at most so many', whole, 50)
    .action(
      remote<ListOptions>(run, async (client, { options }) => {
        const { schema, environment, status: wanted, limit } = options;
        const query = given({ schema, environment, status: wanted });
        const items = await take<'listMigrations'>(client.list('listMigrations', { query }), limit);
        const head = ['migration', 'schema', 'version', 'status', 'environments', 'author', 'created'];
        return {
          json: { items },
          human: (paint) =>
            listing(
              head,
              items.map((one) => [
                one.id,
                one.schema,
                one.version,
                one.status,
                one.environments,
                one.author,
                one.created,
              ]),
              paint,
            ),
        };
      }),
    );
};

const show: Verb = (command, run) => {
  command.argument('<migration>').action(
    remote<object, [string]>(run, async (client, _, id) => {
      const migration = await client.call('getMigration', { params: { id } });
      return { json: migration, human: (paint) => migrationText(migration, paint) };
    }),
  );
};

const planOf: Verb = (command, run) => {
  command.argument('<hash>', 'as `dsem migration show` tells it').action(
    remote<object, [string]>(run, async (client, _, hash) => {
      const [plan, { planSql, planText }] = await Promise.all([
        client.call('getPlan', { params: { hash } }),
        import('../human/plan.js'),
      ]);
      const held = plan as unknown as Parameters<typeof planText>[0];
      return { json: plan, sql: () => planSql(held), human: (paint) => planText(held, paint) };
    }),
  );
};

interface Details {
  readonly why?: string;
  readonly environment?: string;
  readonly as?: string;
  readonly evidence?: string;
}

const helpOf = (verb: string): string => `See \`dsem migration ${verb} --help\`.`;

const needed = (verb: string, value: string | undefined, option: string): string => {
  if (value === undefined) throw usage(`${option} is missing.`, helpOf(verb));
  return value;
};

type Ask = (client: ApiClient, id: string, details: Details) => Promise<MigrationProgress>;

/** Commands about one migration, by their REST names: summary, what else they want, the call. */
const commands: Readonly<Record<string, readonly [summary: string, options: readonly (keyof Details)[], ask: Ask]>> = {
  plan: [
    'plan again from where the environments are now',
    [],
    (client, id) => client.call('replanMigration', { params: { id }, body: {} }),
  ],
  reject: [
    'reject a migration for good',
    ['why'],
    (client, id, { why }) =>
      client.call('rejectMigration', { params: { id }, body: { why: needed('reject', why, '--why') } }),
  ],
  cancel: [
    'cancel what has not started',
    ['why'],
    (client, id, { why }) => client.call('cancelMigration', { params: { id }, body: given({ why }) }),
  ],
  pause: [
    'start nothing new until resumed',
    ['why'],
    (client, id, { why }) => client.call('pauseMigration', { params: { id }, body: given({ why }) }),
  ],
  resume: [
    'go on after a pause or halt',
    [],
    (client, id) => client.call('resumeMigration', { params: { id }, body: {} }),
  ],
  retry: [
    'try one environment again',
    ['environment'],
    (client, id, { environment }) =>
      client.call('retryTarget', {
        params: { id },
        body: { environment: needed('retry', environment, '--environment') },
      }),
  ],
  abandon: [
    'leave one environment as it is and go on without it',
    ['environment', 'why'],
    (client, id, { environment, why }) => {
      const target = needed('abandon', environment, '--environment');
      const body = { environment: target, why: needed('abandon', why, '--why') };
      return client.call('abandonTarget', { params: { id }, body });
    },
  ],
  resolve: [
    'settle an unknown outcome by evidence',
    ['environment', 'as', 'evidence'],
    (client, id, { environment, as: outcome, evidence }) => {
      if (outcome !== 'applied' && outcome !== 'not-applied')
        throw usage('--as must be applied or not-applied.', helpOf('resolve'));
      const target = needed('resolve', environment, '--environment');
      const body = { environment: target, as: outcome, evidence: needed('resolve', evidence, '--evidence') } as const;
      return client.call('resolveTarget', { params: { id }, body });
    },
  ],
};

const optionTexts: Readonly<Record<keyof Details, readonly [string, string]>> = {
  why: ['--why <text>', 'why; stays in the audit trail'],
  environment: ['--environment <name>', 'which environment'],
  as: ['--as <outcome>', 'applied or not-applied'],
  evidence: ['--evidence <text>', 'how that is known; stays in the audit trail'],
};

const addCommand = (parent: Command, name: string, run: Run): void => {
  const [summary, options, ask] = commands[name] ?? [];
  if (summary === undefined || options === undefined || ask === undefined) return;
  const command = parent.command(name).summary(summary).argument('<migration>');
  for (const option of options) command.option(...optionTexts[option]);
  command.action(
    remote<Details, [string]>(run, async (client, call, id) => {
      const progress = await ask(client, id, call.options);
      return { json: progress, human: (paint) => progressText(progress, paint) };
    }),
  );
};

/** `dsem migration create|list|show|...` */
export const migration: Verb = (command, run) => {
  create(command.command('create').summary('plan the way of environments to a version'), run);
  list(command.command('list').summary('list migrations, newest first'), run);
  show(command.command('show').summary('show a migration with its plans and approvals'), run);
  planOf(command.command('steps').summary('show the steps of a plan by its hash'), run);
  for (const name of Object.keys(commands)) addCommand(command, name, run);
};

/** `dsem status [MIGRATION]` */
export const status: Verb = (command, run) => {
  command.argument('[migration]', 'one migration; without it, all that are under way').action(
    remote<object, [string | undefined]>(run, async (client, _, id) => {
      if (id !== undefined) {
        const progress = await client.call('migrationStatus', { params: { id } });
        return { json: progress, human: (paint) => progressText(progress, paint) };
      }
      const all = await client.call('migrationsStatus');
      const counts = Object.entries(all.counts);
      return {
        json: all,
        human: (paint) => {
          const line = counts.map(([name, n]) => `${n} ${statusText(name, paint)}`).join(', ');
          const active = all.active.map((progress) => `\n${progressText(progress, paint)}`).join('');
          return `${line === '' ? 'No migration.' : line}\n${active}`;
        },
      };
    }),
  );
};
