import { digest, type Schema } from '@dsem/schema';
import { describeWithServer, server, surviving } from '@dsem/testkit';
import pg from 'pg';
import { postgresqlDialect } from './dialect/index.js';
import { postgresqlDriver } from './driver/index.js';
import { historyOf, subjects, type Version } from './testing/history.js';

const length = 120;
const stride = 20;

const offline = async (texts: readonly string[]): Promise<Schema> =>
  (await postgresqlDialect.parse(texts.map((text, at) => ({ text, file: `${at + 1}` })))).schema;

const offlineAt = async (versions: readonly Version[], count: number, reached = count): Promise<Schema> =>
  offline([
    ...versions.slice(0, reached).map(({ up }) => up),
    ...versions
      .slice(count, reached)
      .reverse()
      .map(({ down }) => down),
  ]);

const inspect = async (url: string): Promise<Schema> => {
  const session = await postgresqlDriver.connect(url);
  try {
    return await session.inspect();
  } finally {
    await session.close();
  }
};

const run = async (url: string, texts: readonly string[]): Promise<void> => {
  for (const text of texts) {
    const client = surviving(new pg.Client({ connectionString: url }));
    await client.connect();
    try {
      await client.query(text);
    } catch (cause) {
      throw new Error(`${text}: ${String(cause)}`, { cause });
    } finally {
      await client.end();
    }
  }
};

const suite = (major: number): void => {
  it.each(Object.keys(subjects))(
    `a history of a %s of ${length} versions is read as PostgreSQL ${major} runs it, forward and back`,
    async (trade) => {
      const versions = historyOf(subjects[trade]!, length);
      const database = await (await server('postgresql', { major })).createDatabase();
      try {
        for (let count = stride; count <= length; count += stride) {
          await run(
            database.url,
            versions.slice(count - stride, count).map(({ up }) => up),
          );
          const [read, live] = [await offlineAt(versions, count), await inspect(database.url)];
          expect(read).toEqual(live);
          expect(digest(read)).toBe(digest(live));
        }
        for (let count = length - stride; count >= 0; count -= stride) {
          await run(
            database.url,
            versions
              .slice(count, count + stride)
              .reverse()
              .map(({ down }) => down),
          );
          const before = await offlineAt(versions, count);
          expect(await inspect(database.url)).toEqual(before);
          expect(digest(await offlineAt(versions, count, length))).toBe(digest(before));
        }
      } finally {
        await database.drop();
      }
    },
    120_000,
  );
};

describeWithServer('postgresql', 'histories on PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'histories on PostgreSQL 13', () => suite(13), 13);
