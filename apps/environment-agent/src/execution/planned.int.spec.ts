import { dialectFor } from '@dsem/catalogue';
import { driverFor } from '@dsem/catalogue/drivers';
import { plan } from '@dsem/plan';
import { digest, emptySchema, type Schema } from '@dsem/schema';
import { describeWithServer, linesIn, server, surviving, type TestDatabase, txtarCases, useRoles } from '@dsem/testkit';
import { join } from 'node:path';
import pg from 'pg';
import { executePlan, type ExecutionRequest } from './execute.js';

const dialect = dialectFor('postgresql');
const cases = txtarCases(join(__dirname, '../../../../libs/engines/postgresql/testdata/changes'));
const rows = cases
  .filter(({ files }) => files['unsupported'] === undefined)
  .map(({ name, files }) => [name.replace('.txtar', ''), files] as const);

const stateOf = async (text: string): Promise<Schema> => (await dialect.parse([{ text }])).schema;

describeWithServer('postgresql', 'executing planned changes', () => {
  let database: TestDatabase;
  useRoles(18, linesIn(cases, 'roles'));
  beforeEach(async () => {
    database = await (await server('postgresql')).createDatabase();
  });
  afterEach(() => database.drop());

  const run = async (from: Schema, to: Schema, direction: ExecutionRequest['direction'], execution: string) => {
    const driver = await driverFor('postgresql');
    return executePlan({
      plan: plan({ dialect, from, to }),
      direction,
      execution,
      subject: 'shop',
      version: execution,
      holder: 'spec',
      connect: (applicationName) => driver.connect(database.url, { applicationName }),
    });
  };

  it.each(rows)('carries out what the planner plans, there and back: %s', async (_name, files) => {
    const none = await dialect.normalize(emptySchema('postgresql'));
    const [from, to] = [await stateOf(files['from.sql'] ?? ''), await stateOf(files['to.sql'] ?? '')];
    expect(await run(none, from, 'forward', 'first')).toMatchObject({ status: 'completed', digest: digest(from) });
    expect(await run(from, to, 'forward', 'second')).toMatchObject({ status: 'completed', digest: digest(to) });
    const back =
      files['irreversible'] === undefined ? { status: 'completed', digest: digest(from) } : { code: 'IRREVERSIBLE' };
    expect(await run(from, to, 'reverse', 'third')).toMatchObject(back);
  });

  /** Expressions that the server rewrites in a way that no rule knows. */
  const first = `
    CREATE TABLE t (a integer, b integer, j jsonb, CONSTRAINT pair CHECK ((a, b) = (1, 2)));
    CREATE INDEX deep ON t ((j #>> '{a,b}'));
    CREATE VIEW v AS SELECT CASE a WHEN 1 THEN true END AS one FROM t;`;
  const second = `
    CREATE TABLE t (a integer, b integer, j jsonb, CONSTRAINT pair CHECK ((a, b) < (1, 2)), CONSTRAINT root CHECK (|/ a > 1));
    CREATE INDEX deep ON t ((j #>> '{a,c}'));
    CREATE VIEW v AS SELECT CASE a WHEN 2 THEN true END AS one FROM t;`;

  const liveDigest = async (): Promise<string> => {
    const session = await (await driverFor('postgresql')).connect(database.url);
    try {
      return digest(await session.inspect());
    } finally {
      await session.close();
    }
  };

  it('knows a state that it has brought about, however the server spells it', async () => {
    const none = await dialect.normalize(emptySchema('postgresql'));
    const [from, to] = [await stateOf(first), await stateOf(second)];
    expect(await run(none, from, 'forward', 'first')).toMatchObject({ status: 'completed', digest: digest(from) });
    expect(await liveDigest()).toBe(digest(from));
    expect(await run(from, to, 'forward', 'second')).toMatchObject({ status: 'completed', digest: digest(to) });
    expect(await liveDigest()).toBe(digest(to));
    expect(await run(from, to, 'reverse', 'third')).toMatchObject({ status: 'completed', digest: digest(from) });
    expect(await liveDigest()).toBe(digest(from));
  });

  it('does not take another expression for a known one', async () => {
    const none = await dialect.normalize(emptySchema('postgresql'));
    const from = await stateOf(first);
    await run(none, from, 'forward', 'first');
    const client = surviving(new pg.Client({ connectionString: database.url }));
    await client.connect();
    await client.query('ALTER TABLE t DROP CONSTRAINT pair; ALTER TABLE t ADD CONSTRAINT pair CHECK ((a, b) = (1, 3))');
    await client.end();
    expect(await liveDigest()).not.toBe(digest(from));
    expect(await run(from, await stateOf(second), 'forward', 'second')).toMatchObject({ code: 'PRECONDITION_DRIFT' });
  });
});
