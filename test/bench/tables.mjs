// The databases that the benchmarks of plans read.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { server, surviving } from '@dsem/testkit';
import pg from 'pg';

const root = join(import.meta.dirname, '..', '..');

/** The command line as it is built; it runs on the Node that runs the benchmark. */
export const dsem = join(root, 'apps', 'cli', 'bin', 'dsem.js');

/** Runs a program; its output as text. */
export const run = (command, args, more = {}) =>
  promisify(execFile)(command, args, { maxBuffer: 1 << 28, cwd: tmpdir(), ...more });

/** Nine columns, two secondary indexes and a chain of foreign keys: the shape that others publish figures for. */
const table = (i) => `CREATE TABLE public.t${i} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  email varchar(255) NOT NULL,
  status integer NOT NULL DEFAULT 0,
  amount numeric(12,2),
  note text,
  parent_id bigint${i === 0 ? '' : ` REFERENCES public.t${i - 1} (id)`},
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz
);
CREATE INDEX t${i}_name ON public.t${i} (name);
CREATE INDEX t${i}_status_created ON public.t${i} (status, created_at DESC);
`;

/** The definition of `count` tables, one text per table. */
export const definitions = (count) => Array.from({ length: count }, (_, i) => table(i));

/** `pg_dump` refuses a server that is newer than itself; the testkit has PostgreSQL 18 and 13. */
export const serverOfDump = async () => {
  const { stdout } = await run('pg_dump', ['--version']);
  const major = Number(/(\d+)/.exec(stdout)?.[1]);
  return server('postgresql', { own: true, major: major >= 18 ? 18 : 13 });
};

/** A new database with `count` tables. Small transactions: one of 10,000 tables takes minutes. */
export const databaseOf = async (postgresql, count) => {
  const { url } = await postgresql.createDatabase();
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  const all = definitions(count);
  for (let at = 0; at < count; at += 100) await client.query(all.slice(at, at + 100).join(''));
  await client.query('VACUUM ANALYZE');
  await client.end();
  return url;
};
