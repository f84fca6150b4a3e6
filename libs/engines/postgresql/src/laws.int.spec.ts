import { plan } from '@dsem/plan';
import { diff, digest, type Schema } from '@dsem/schema';
import { describeWithServer, server } from '@dsem/testkit';
import fc from 'fast-check';
import { postgresqlDialect as dialect } from './dialect/index.js';
import { postgresqlDriver as driver } from './driver/index.js';
import { definitions, type Statements } from './testing/laws/definitions.js';
import { execute } from './testing/live/way.js';

const read = async (statements: Statements): Promise<Schema> =>
  (await dialect.parse([{ text: statements.map((each) => `${each};\n`).join('') }])).schema;

const withDatabase = async (major: number, work: (url: string) => Promise<void>): Promise<void> => {
  const database = await (await server('postgresql', { major })).createDatabase();
  try {
    await work(database.url);
  } finally {
    await database.drop();
  }
};

const inspected = async (url: string): Promise<Schema> => {
  const session = await driver.connect(url);
  try {
    return await session.inspect();
  } finally {
    await session.close();
  }
};

const expectState = async (url: string, wanted: Schema): Promise<void> => {
  const found = await inspected(url);
  expect(diff(found, wanted, dialect.diff)).toEqual([]);
  expect(digest(found)).toBe(digest(wanted));
};

const suite = (major: number): void => {
  it(
    'reads hostile names as the server does, prints them for it, and plans nothing more',
    () =>
      fc.assert(
        fc.asyncProperty(definitions, async (statements) => {
          const wanted = await read(statements);
          await withDatabase(major, async (url) => {
            await execute(url, ...statements);
            await expectState(url, wanted);
          });
          await withDatabase(major, async (url) => {
            await execute(url, ...dialect.print(wanted));
            await expectState(url, wanted);
          });
        }),
        { numRuns: 8 },
      ),
    240_000,
  );

  it(
    'leads from one made-up state to another, and back',
    () =>
      fc.assert(
        fc.asyncProperty(definitions, definitions, async (one, other) => {
          const [from, to] = [await read(one), await read(other)];
          const { steps } = plan({ dialect, from, to, version: String(major) });
          const back = steps.toReversed().map(({ reverse }) => reverse);
          await withDatabase(major, async (url) => {
            await execute(url, ...one);
            await execute(url, ...steps.flatMap(({ statements }) => statements));
            await expectState(url, to);
            if (back.includes(null)) return;
            await execute(url, ...back.flatMap((statements) => statements ?? []));
            await expectState(url, from);
          });
        }),
        { numRuns: 8 },
      ),
    240_000,
  );
};

describeWithServer('postgresql', 'laws on PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'laws on PostgreSQL 13', () => suite(13), 13);
