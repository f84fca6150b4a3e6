import { digest, emptySchema } from '@dsem/schema';
import { firstRow, holdReader, journalRows, liveDigest, withClient } from './databases.js';
import { as, environmentName, expectThat, fileOf, migrationOf, until, versionOf, type Stage } from './stage.js';
import type { Verb } from './verbs.js';

const urlOf = (stage: Stage, name: string): string => stage.world.environmentUrl(environmentName(stage, name));

/** What the steps of a migration's plan in an environment are called. */
const stepsOf = async (stage: Stage, migration: string, environment: string): Promise<readonly string[]> => {
  const params = { id: migrationOf(stage, migration) };
  const { plans } = await as(stage, 'ada').call('getMigration', { params });
  const own = plans.find(({ environments }) => environments.includes(environmentName(stage, environment)));
  const plan = await as(stage, 'ada').call('getPlan', { params: { hash: own?.hash ?? '' } });
  return (plan as unknown as { steps: readonly { id: string }[] }).steps.map((step) => step.id);
};

/** What stories do to environments' databases, and how they are looked at past the product. */
export const databaseVerbs: Readonly<Record<string, Verb>> = {
  /** run ENVIRONMENT FILE: SQL of somebody else */
  run: async (stage, [name = '', file = '']) => {
    await withClient(urlOf(stage, name), (client) => client.query(fileOf(stage, file)));
  },
  /** holds ENVIRONMENT FILE|nothing: the live catalogue is exactly that state */
  holds: async (stage, [name = '', file = '']) => {
    const wanted = file === 'nothing' ? digest(emptySchema('postgresql')) : versionOf(stage, file).digest;
    const live = await liveDigest(urlOf(stage, name));
    expectThat(live === wanted, `${name} holds ${live}, not ${wanted}`);
  },
  /** query ENVIRONMENT VALUE "SQL": the first row, joined by commas */
  query: async (stage, [name = '', wanted = '', sql = '']) => {
    const found = await firstRow(urlOf(stage, name), sql);
    expectThat(found === wanted, `${sql} answers ${found}`);
  },
  /** soon ENVIRONMENT VALUE "SQL": waits until the first row is that */
  soon: async (stage, [name = '', wanted = '', sql = '']) => {
    await until(sql, async () => ((await firstRow(urlOf(stage, name), sql)) === wanted ? true : undefined));
  },
  /** columns ENVIRONMENT TABLE COLUMN...: as the catalogue lists them */
  columns: async (stage, [name = '', table = '', ...wanted]) => {
    const sql = `SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute
      WHERE attrelid = to_regclass('${table}') AND attnum > 0 AND NOT attisdropped`;
    const found = await firstRow(urlOf(stage, name), sql);
    expectThat(found === wanted.toSorted().join(' '), `${table} has ${found}`);
  },
  /** journal ENVIRONMENT MIGRATION: the agent's journal has each step of the plan once, and applied */
  journal: async (stage, [name = '', migration = '']) => {
    const steps = await stepsOf(stage, migration, name);
    const rows = await journalRows(urlOf(stage, name));
    const executions = new Set(rows.map(({ execution }) => execution));
    const last = rows.filter(({ execution }) => execution === [...executions].at(-1));
    const found = last.map(({ step, direction, state }) => `${step} ${direction} ${state}`).toSorted();
    const wanted = steps.map((step) => `${step} forward applied`).toSorted();
    expectThat(found.join('\n') === wanted.join('\n'), `the journal of ${name} says\n${found.join('\n')}`);
  },
  /** database ENVIRONMENT off|on: whether it can be reached from the agent */
  database: async (stage, [name = '', state = '']) => {
    const proxy = stage.world.proxy(environmentName(stage, name));
    proxy.set({ refuse: state === 'off' });
    if (state === 'off') proxy.reset();
    return Promise.resolve();
  },
  /** lock ENVIRONMENT TABLE: somebody reads it in a transaction that does not end */
  lock: async (stage, [name = '', table = '']) => {
    stage.held.set(`lock ${name}`, await holdReader(urlOf(stage, name), table));
  },
  /** blocked ENVIRONMENT: waits until a statement of the agent waits for a lock there */
  blocked: async (stage, [name = '']) => {
    const waiting = `SELECT count(*) > 0 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'dsem:%' AND wait_event_type = 'Lock'`;
    await until(`a blocked statement in ${name}`, async () => {
      return (await firstRow(urlOf(stage, name), waiting)) === 'true' ? true : undefined;
    });
  },
  /** unlock ENVIRONMENT */
  unlock: async (stage, [name = '']) => {
    await stage.held.get(`lock ${name}`)?.();
    stage.held.delete(`lock ${name}`);
  },
};
