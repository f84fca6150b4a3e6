import { dialectFor } from '@dsem/catalogue';
import { driverFor } from '@dsem/catalogue/drivers';
import { plan } from '@dsem/plan';
import { digest, emptySchema, type Schema } from '@dsem/schema';
import { describeWithServer, server, type TestDatabase, txtarCases } from '@dsem/testkit';
import { join } from 'node:path';
import { executePlan, type ExecutionRequest } from './execute.js';

const dialect = dialectFor('postgresql');
const cases = txtarCases(join(__dirname, '../../../../libs/engines/postgresql/testdata/changes'));
const rows = cases.map(({ name, files }) => [name.replace('.txtar', ''), files] as const);

const stateOf = async (text: string): Promise<Schema> => (await dialect.parse([{ text }])).schema;

describeWithServer('postgresql', 'executing planned changes', () => {
  let database: TestDatabase;
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
});
