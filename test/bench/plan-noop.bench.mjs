// A cold `dsem plan` that finds nothing to do on 1,000 tables, against `pg_dump -s` of the same database: both read the
// whole catalogue once and print; the plan also parses the desired state, compares and plans.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { server, surviving } from '@dsem/testkit';
import pg from 'pg';
import { compare, printMachine } from './measure.mjs';

const tables = 1000;
const root = join(import.meta.dirname, '..', '..');
const dsem = join(root, 'apps', 'cli', 'bin', 'dsem.js');
const run = (command, args) => promisify(execFile)(command, args, { maxBuffer: 1 << 28, cwd: tmpdir() });

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
const definition = Array.from({ length: tables }, (_, i) => table(i)).join('');

/** `pg_dump` refuses a server that is newer than itself; the testkit has PostgreSQL 18 and 13. */
const serverFor = async () => {
  const { stdout } = await run('pg_dump', ['--version']);
  const major = Number(/(\d+)/.exec(stdout)?.[1]);
  return server('postgresql', { own: true, major: major >= 18 ? 18 : 13 });
};

const fill = async (url) => {
  const client = surviving(new pg.Client({ connectionString: url }));
  await client.connect();
  await client.query(definition);
  await client.query('VACUUM ANALYZE');
  await client.end();
};

const folder = mkdtempSync(join(tmpdir(), 'dsem-bench-'));
const postgresql = await serverFor();
const { url } = await postgresql.createDatabase();
await fill(url);
const file = join(folder, 'desired.sql');
writeFileSync(file, definition);

const version = ['--engine-version', String(postgresql.major)];
const plan = (...more) => run(process.execPath, [dsem, 'plan', '--from', url, '--to', file, ...version, ...more]);
const dump = () => run('pg_dump', ['-s', url]);

const noop = JSON.parse((await plan('-o', 'json')).stdout);
assert.deepEqual(noop.steps, [], 'the plan must be empty');
assert.equal(noop.from.digest, noop.to.digest);
assert.equal([...(await dump()).stdout.matchAll(/^CREATE TABLE /gm)].length, tables);
writeFileSync(file, definition.replace('note text', 'note varchar(10)'));
assert.equal(JSON.parse((await plan('-o', 'json')).stdout).changes.length, 1, 'one changed column must be seen');
writeFileSync(file, definition);

printMachine();
console.error('the plan is empty, sees one changed column, and pg_dump prints every table');
await compare('cold no-op plan', `${tables} tables`, { 'dsem plan': () => plan(), 'pg_dump -s': dump }, { usual: 7 });
await postgresql.stop();
rmSync(folder, { recursive: true });
process.exit(0);
