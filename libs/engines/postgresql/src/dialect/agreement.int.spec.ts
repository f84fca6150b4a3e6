import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, type Schema } from '@dsem/schema';
import { describeWithServer, server, surviving, useRoles } from '@dsem/testkit';
import pg from 'pg';
import { postgresqlDriver } from '../driver/index.js';
import { postgresqlDialect } from './index.js';

const folder = join(__dirname, '..', '..', 'testdata', 'parse');
const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));

const facts = (value: unknown, path = ''): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [`${path} = ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, held]: [string, unknown]) => {
    const named = typeof held === 'object' && held !== null && 'name' in held ? String(held.name) : key;
    return facts(held, `${path}/${Array.isArray(value) ? named : key}`);
  });
};

const differences = (one: Schema, other: Schema): readonly string[] => {
  const [left, right] = [new Set(facts(one)), new Set(facts(other))];
  return [...left]
    .filter((fact) => !right.has(fact))
    .concat([...right].filter((fact) => !left.has(fact)).map((fact) => `live ${fact}`));
};

const runAndInspect = async (statements: readonly string[], major: number): Promise<Schema> => {
  const database = await (await server('postgresql', { major })).createDatabase();
  try {
    const client = surviving(new pg.Client({ connectionString: database.url }));
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
    const session = await postgresqlDriver.connect(database.url);
    const schema = await session.inspect();
    await session.close();
    return schema;
  } finally {
    await database.drop();
  }
};

/** CREATE INDEX CONCURRENTLY cannot run in the one transaction of a multi-statement text. */
const asOneText = (text: string): string => text.replace(/ CONCURRENTLY/g, '');

/** The roles that the files name; they belong to the whole server. */
const roles = ['dsem parse "owner"', 'dsem_parse_reader', 'dsem_parse_writer'];

const suite = (major: number): void => {
  useRoles(major, roles);
  const readable = files.filter((file) => major >= Number(/^since-(\d+)/.exec(file)?.[1] ?? 0));
  describe.each(readable)(`%s on PostgreSQL ${major}`, (file) => {
    const text = readFileSync(join(folder, file), 'utf8');

    it('is read to the same state as the server makes of it', async () => {
      const { schema } = await postgresqlDialect.parse([{ text, file }]);
      const live = await runAndInspect([asOneText(text)], major);
      expect(differences(schema, live)).toEqual([]);
      expect(digest(live)).toBe(digest(schema));
    });

    it('is printed as DDL that rebuilds it, here and on the server', async () => {
      const { schema } = await postgresqlDialect.parse([{ text, file }]);
      const printed = postgresqlDialect.print(schema);
      const live = await runAndInspect(printed, major);
      expect(differences(schema, live)).toEqual([]);
      const again = await postgresqlDialect.parse([{ text: printed.join(';\n') }]);
      expect(differences(schema, again.schema)).toEqual([]);
    });

    it('is in normal form: normalizing it again changes nothing', async () => {
      const { schema } = await postgresqlDialect.parse([{ text, file }]);
      const again = await postgresqlDialect.normalize(JSON.parse(JSON.stringify(schema)) as Schema);
      expect(differences(schema, again)).toEqual([]);
    });
  });
};

describeWithServer('postgresql', 'DDL and PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'DDL and PostgreSQL 13', () => suite(13), 13);
