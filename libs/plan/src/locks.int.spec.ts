import { join } from 'node:path';
import { postgresqlDialect } from '@dsem/engine-postgresql';
import type { Rename, Schema } from '@dsem/schema';
import { describeWithServer, linesIn, server, surviving, type TxtarCase, txtarCases, useRoles } from '@dsem/testkit';
import pg from 'pg';
import type { Step } from './plan.js';
import { plan } from './planner.js';

const cases = txtarCases(join(__dirname, '..', '..', 'engines', 'postgresql', 'testdata', 'plan'));

const read = async (text: string): Promise<Schema> => (await postgresqlDialect.parse([{ text }])).schema;

/** Weakest first; a claim holds when the server takes nothing stronger. */
const levels = [
  'none',
  'AccessShare',
  'RowShare',
  'RowExclusive',
  'ShareUpdateExclusive',
  'Share',
  'ShareRowExclusive',
  'Exclusive',
  'AccessExclusive',
];

/** Locks of this session on tables and views that somebody else can see, and where each of them keeps its rows. */
const taken = `
SELECT l.mode, l.relation::regclass::text AS relation FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'v', 'm') AND l.relation = ANY ($1)`;
const there = `
SELECT c.oid::int, c.relfilenode::int AS file FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^(pg_|information_schema)' AND c.relkind IN ('r', 'p', 'v', 'm')`;

interface Place {
  readonly oid: number;
  readonly file: number;
}

const placesIn = async (client: pg.Client): Promise<ReadonlyMap<number, number>> =>
  new Map((await client.query<Place>(there)).rows.map(({ oid, file }) => [oid, file]));

/** What the server did, beside what the step says that it does. */
interface Seen {
  readonly lock: string;
  readonly rewritten: boolean;
}

const seenIn = async (client: pg.Client, step: Step): Promise<Seen> => {
  const before = await placesIn(client);
  await client.query('BEGIN');
  for (const statement of step.statements) await client.query(statement);
  const { rows } = await client.query<{ mode: string }>(taken, [[...before.keys()]]);
  const after = await placesIn(client);
  await client.query('COMMIT');
  const strongest = rows
    .map(({ mode }) => mode.replace(/Lock$/, ''))
    .sort((a, b) => levels.indexOf(b) - levels.indexOf(a));
  return {
    lock: strongest[0] ?? 'none',
    rewritten: [...after].some(([oid, file]) => before.has(oid) && before.get(oid) !== file),
  };
};

const alone = async (client: pg.Client, step: Step): Promise<void> => {
  for (const statement of step.statements) await client.query(statement);
};

/** A step may wait on objects that the plan itself has made; only what others can see counts. */
const law = async ({ files }: TxtarCase, major: number): Promise<void> => {
  const [from, to] = [await read(files['from.sql'] ?? ''), await read(files['to.sql'] ?? '')];
  const renames = JSON.parse(files['renames.json'] ?? '[]') as Rename[];
  const made = plan({ dialect: postgresqlDialect, from, to, renames, version: String(major) });
  const database = await (await server('postgresql', { major })).createDatabase();
  const client = surviving(new pg.Client({ connectionString: database.url }));
  await client.connect();
  try {
    await client.query(files['from.sql'] ?? '');
    await client.query(files['rows.sql'] ?? '');
    const wrong: unknown[] = [];
    for (const step of made.steps) {
      const { statements, lock, cost } = step;
      if (!step.transactional) await alone(client, step);
      else {
        const seen = await seenIn(client, step);
        const stronger = levels.indexOf(seen.lock) > levels.indexOf(lock.level);
        if (stronger || (seen.rewritten && cost !== 'rewrite')) wrong.push({ statements, says: { lock, cost }, seen });
      }
    }
    expect(wrong).toEqual([]);
  } finally {
    await client.end();
    await database.drop();
  }
};

const suite = (major: number): void => {
  useRoles(major, linesIn(cases, 'roles'));
  const known = cases.filter(({ files }) => Number(files['since'] ?? 0) <= major);
  it.each(known)('$name takes no stronger lock and rewrites no more than its steps say', (file) => law(file, major));
};

describeWithServer('postgresql', 'locks of plans on PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'locks of plans on PostgreSQL 13', () => suite(13), 13);
