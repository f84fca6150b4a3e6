import { describeWithServer, server, surviving } from '@dsem/testkit';
import pg from 'pg';
import { parse } from '../parse.js';
import { judge } from './judge.js';
import { levels } from './levels.js';

const shop = `CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE parents (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY, email varchar(100), name text, rank numeric(10,2) DEFAULT 0, at timestamp,
  gone integer, there integer NOT NULL, feeling mood, parent_id integer CONSTRAINT t_parent REFERENCES parents (id),
  CONSTRAINT name_there CHECK (name IS NOT NULL), CONSTRAINT rank_range CHECK (rank >= 0));
ALTER TABLE t ADD CONSTRAINT later CHECK (id > 0) NOT VALID;
CREATE INDEX t_name ON t (name);
CREATE UNIQUE INDEX t_there ON t (there);`;

const rows = `INSERT INTO parents VALUES (1);
INSERT INTO t SELECT n, 'a' || n, 'b', 1, now(), n, n, 'ok', 1 FROM generate_series(1, 100) n;`;

const statements: readonly string[] = [
  'ALTER TABLE t ADD COLUMN a int',
  "ALTER TABLE t ADD COLUMN a text NOT NULL DEFAULT 'x'",
  'ALTER TABLE t ADD COLUMN a timestamptz DEFAULT now()',
  'ALTER TABLE t ADD COLUMN a timestamptz DEFAULT clock_timestamp()',
  'ALTER TABLE t ADD COLUMN a float8 DEFAULT random()',
  "ALTER TABLE t ADD COLUMN a text DEFAULT upper('x')",
  'ALTER TABLE t ADD COLUMN a text DEFAULT md5(random()::text)',
  'ALTER TABLE t ADD COLUMN a serial',
  'ALTER TABLE t ADD COLUMN a bigint GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (id + 1) STORED',
  'ALTER TABLE t ADD COLUMN a int REFERENCES parents (id)',
  'ALTER TABLE t ADD COLUMN a int UNIQUE',
  'ALTER TABLE t ADD COLUMN a int CHECK (a > 0)',
  'ALTER TABLE t DROP COLUMN gone',
  'ALTER TABLE t RENAME COLUMN gone TO went',
  'ALTER TABLE t RENAME TO u',
  'ALTER TABLE t ALTER COLUMN gone SET NOT NULL',
  'ALTER TABLE t ALTER COLUMN name SET NOT NULL',
  'ALTER TABLE t ALTER COLUMN there DROP NOT NULL',
  'ALTER TABLE t ALTER COLUMN rank SET DEFAULT 1',
  'ALTER TABLE t ALTER COLUMN rank DROP DEFAULT',
  'ALTER TABLE t ALTER COLUMN email TYPE varchar(200)',
  'ALTER TABLE t ALTER COLUMN email TYPE text',
  'ALTER TABLE t ALTER COLUMN email TYPE text USING lower(email)',
  'ALTER TABLE t ALTER COLUMN email TYPE varchar(50)',
  'ALTER TABLE t ALTER COLUMN rank TYPE numeric(12,2)',
  'ALTER TABLE t ALTER COLUMN gone TYPE bigint',
  'ALTER TABLE t ALTER COLUMN feeling TYPE text',
  'ALTER TABLE t ALTER COLUMN name SET STATISTICS 500',
  'ALTER TABLE t ALTER COLUMN name SET STORAGE EXTERNAL',
  'ALTER TABLE t SET (fillfactor = 70)',
  'ALTER TABLE t SET UNLOGGED',
  'ALTER TABLE t CLUSTER ON t_pkey',
  'ALTER TABLE t ADD CONSTRAINT c CHECK (gone > 0)',
  'ALTER TABLE t ADD CONSTRAINT c CHECK (gone > 0) NOT VALID',
  'ALTER TABLE t VALIDATE CONSTRAINT later',
  'ALTER TABLE t DROP CONSTRAINT rank_range',
  'ALTER TABLE t DROP CONSTRAINT t_parent',
  'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (gone) REFERENCES parents (id) NOT VALID',
  'ALTER TABLE t ADD CONSTRAINT c UNIQUE (gone)',
  'ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX t_there',
  'ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING btree (gone WITH =)',
  'ALTER TABLE t ALTER CONSTRAINT t_parent DEFERRABLE',
  'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE t REPLICA IDENTITY FULL',
  'ALTER TABLE t DISABLE TRIGGER USER',
  'CREATE POLICY p ON t USING (true)',
  'CREATE INDEX i ON t (gone)',
  'CREATE UNIQUE INDEX i ON t (gone)',
  'DROP INDEX t_name',
  'REINDEX TABLE t',
  'CLUSTER t USING t_pkey',
  'CREATE TABLE c (id int PRIMARY KEY, t int REFERENCES t (id))',
  'CREATE TABLE c (id int PRIMARY KEY)',
  'DROP TABLE t',
  'TRUNCATE t',
  'LOCK TABLE t IN SHARE MODE',
  'UPDATE t SET gone = 1 WHERE id = 1',
  'DELETE FROM t WHERE id = 1',
  "ALTER TYPE mood ADD VALUE 'new'",
  'DO $$ BEGIN ALTER TABLE t ADD COLUMN a int; END $$',
];

const taken = `SELECT l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'm') AND l.relation = ANY ($1)`;
const there = `SELECT c.oid::int, c.relfilenode::int AS file FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm')`;

const filesIn = async (client: pg.Client): Promise<ReadonlyMap<number, number>> => {
  const found = await client.query<{ oid: number; file: number }>(there);
  return new Map(found.rows.map(({ oid, file }) => [oid, file]));
};

interface Seen {
  readonly statement: string;
  readonly level: string;
  readonly rewritten: boolean;
}

/** What the server does for a statement, taken back afterwards. */
const seen = async (client: pg.Client, statement: string): Promise<Seen> => {
  const before = await filesIn(client);
  await client.query('BEGIN');
  try {
    await client.query(statement);
    const locks = await client.query<{ mode: string }>(taken, [[...before.keys()]]);
    const after = await filesIn(client);
    const ranks = locks.rows.map(({ mode }) => levels.findIndex((level) => level === mode.replace(/Lock$/, '')));
    const rewritten = [...after].some(([oid, file]) => before.has(oid) && before.get(oid) !== file);
    return { statement, level: levels[Math.max(0, ...ranks)] ?? 'None', rewritten };
  } finally {
    await client.query('ROLLBACK');
  }
};

const claimed = async (statement: string, version: string): Promise<Seen> => {
  const { schema } = await parse([{ text: shop }]);
  const judged = await judge({ sources: [{ text: statement }], state: schema, version, inTransaction: false });
  const [one] = judged.statements;
  // TRUNCATE gives the table a new file, but copies no row.
  const rewritten = one?.cost === 'rewrite' || statement.startsWith('TRUNCATE');
  return { statement, level: one?.lock.level ?? '', rewritten };
};

const law = async (major: number): Promise<void> => {
  const database = await (await server('postgresql', { major })).createDatabase();
  const client = surviving(new pg.Client({ connectionString: database.url }));
  await client.connect();
  try {
    await client.query(shop);
    await client.query(rows);
    const [said, found]: [Seen[], Seen[]] = [[], []];
    for (const statement of statements) {
      said.push(await claimed(statement, String(major)));
      found.push(await seen(client, statement));
    }
    expect(said).toEqual(found);
  } finally {
    await client.end();
    await database.drop();
  }
};

const suite = (major: number): void => {
  it('is the lock that the server takes, and whether it copies the table', () => law(major));
};

describeWithServer('postgresql', 'what lint says about a statement on PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'what lint says about a statement on PostgreSQL 13', () => suite(13), 13);
