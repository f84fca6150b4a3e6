import { type JournalEntry, type Revision, type Session, type Spelling, StaleEpoch } from '@dsem/engine';
import type { Link } from './connect.js';
import { failureKind, isAlreadyThere, isMissing } from './failure.js';
import { controlSchema } from './inspect/catalogue.js';

const createControl = `
BEGIN;
CREATE SCHEMA IF NOT EXISTS ${controlSchema};
CREATE TABLE IF NOT EXISTS ${controlSchema}.epoch (
  key text PRIMARY KEY, epoch bigint NOT NULL, holder text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE IF NOT EXISTS ${controlSchema}.journal (
  execution text NOT NULL, step text NOT NULL, direction text NOT NULL CHECK (direction IN ('forward', 'reverse')),
  state text NOT NULL CHECK (state IN ('intent', 'applied', 'failed')), plan_hash text NOT NULL, epoch bigint NOT NULL,
  detail text, at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (execution, step, direction));
CREATE TABLE IF NOT EXISTS ${controlSchema}.revision (
  subject text PRIMARY KEY, version text NOT NULL, digest text NOT NULL, execution text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE IF NOT EXISTS ${controlSchema}.spelling (
  place text NOT NULL, live text NOT NULL, text text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE UNIQUE INDEX IF NOT EXISTS spelling_key ON ${controlSchema}.spelling (place, md5(live));
COMMIT`;

const controlTables = ['epoch', 'journal', 'revision', 'spelling'];

const readyQuery = `
SELECT count(*)::int AS tables FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = '${controlSchema}' AND c.relname IN (${controlTables.map((name) => `'${name}'`).join(', ')})`;

const attempts = 5;

const prepareControl = async (link: Link): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    const [row] = await link.query<{ tables: number }>(readyQuery);
    if (row?.tables === controlTables.length) return;
    try {
      await link.query(createControl);
    } catch (error) {
      await link.query('ROLLBACK');
      if (!isAlreadyThere(error) || attempt === attempts) throw error;
    }
  }
};

const bumpQuery = `
INSERT INTO ${controlSchema}.epoch AS e (key, epoch, holder) VALUES ($1, 1, $2)
ON CONFLICT (key) DO UPDATE SET epoch = e.epoch + 1, holder = excluded.holder, at = clock_timestamp()
RETURNING epoch::float8 AS epoch`;

const bumpEpoch = async (link: Link, key: string, holder: string): Promise<number> => {
  const [row] = await link.query<{ epoch: number }>(bumpQuery, [key, holder]);
  if (row === undefined) throw new Error('The control table did not answer with an epoch');
  return row.epoch;
};

/** Whether `epoch` is the newest of `key`; `locking` keeps it so until the transaction ends. */
export const holdsEpoch = async (link: Link, key: string, epoch: number, locking = false): Promise<boolean> => {
  const text = `SELECT epoch::float8 AS epoch FROM ${controlSchema}.epoch WHERE key = $1${locking ? ' FOR SHARE' : ''}`;
  const [row] = await link.query<{ epoch: number }>(text, [key]);
  return row?.epoch === epoch;
};

/** An older epoch never overwrites what a newer one wrote. */
const writeQuery = `
INSERT INTO ${controlSchema}.journal AS j (execution, step, direction, state, plan_hash, epoch, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (execution, step, direction) DO UPDATE SET state = excluded.state, plan_hash = excluded.plan_hash,
  epoch = excluded.epoch, detail = excluded.detail, at = clock_timestamp() WHERE j.epoch <= excluded.epoch
RETURNING 1`;

/** Writes one step's state, in the running transaction when there is one. */
export const writeJournal = async (link: Link, entry: JournalEntry): Promise<void> => {
  const { execution, step, direction, state, planHash, epoch, detail } = entry;
  const values = [execution, step, direction, state, planHash, epoch, detail ?? null];
  if ((await link.query(writeQuery, values)).length === 1) return;
  throw new StaleEpoch(`Step ${step} was recorded by an agent with an epoch above ${epoch}`);
};

const readQuery = (column: 'execution' | 'plan_hash'): string => `
SELECT execution, step, direction, state, plan_hash AS "planHash", epoch::float8 AS epoch, detail
FROM ${controlSchema}.journal WHERE ${column} = $1 ORDER BY at, step`;

type JournalRow = Omit<JournalEntry, 'detail'> & { readonly detail: string | null };

const absentAs =
  <Value>(value: Value) =>
  (error: unknown): Value => {
    if (isMissing(error)) return value;
    throw error;
  };

const readJournal = async (
  link: Link,
  column: 'execution' | 'plan_hash',
  value: string,
): Promise<readonly JournalEntry[]> => {
  const rows = await link.query<JournalRow>(readQuery(column), [value]).catch(absentAs<readonly JournalRow[]>([]));
  return rows.map(({ detail, ...entry }) => (detail === null ? entry : { ...entry, detail }));
};

const revisionQuery = `SELECT subject, version, digest, execution FROM ${controlSchema}.revision WHERE subject = $1`;

const currentRevision = async (link: Link, subject: string): Promise<Revision | undefined> =>
  (await link.query<Revision>(revisionQuery, [subject]).catch(absentAs<readonly Revision[]>([])))[0];

const recordQuery = `
INSERT INTO ${controlSchema}.revision (subject, version, digest, execution) VALUES ($1, $2, $3, $4)
ON CONFLICT (subject) DO UPDATE SET version = excluded.version, digest = excluded.digest,
  execution = excluded.execution, at = clock_timestamp()`;

const rememberQuery = `
INSERT INTO ${controlSchema}.spelling (place, live, text) VALUES ($1, $2, $3)
ON CONFLICT (place, md5(live)) DO UPDATE SET text = excluded.text, at = clock_timestamp()`;

/** What was learnt about this server's spelling; nothing where the control schema is not there or not for this role. */
export const readSpellings = (link: Link): Promise<readonly Spelling[]> =>
  link.query<Spelling>(`SELECT place, live, text FROM ${controlSchema}.spelling`).catch((error: unknown) => {
    if (isMissing(error) || failureKind(error) === 'privilege') return [];
    throw error;
  });

type Control =
  | 'rememberSpellings'
  | 'prepareControl'
  | 'bumpEpoch'
  | 'holdsEpoch'
  | 'journal'
  | 'journalOfPlan'
  | 'writeJournal'
  | 'recordRevision'
  | 'currentRevision';

/** The part of a session that reads and writes the control schema. */
export const journalOf = (link: Link): Pick<Session, Control> => ({
  prepareControl: () => prepareControl(link),
  bumpEpoch: (key, holder) => bumpEpoch(link, key, holder),
  holdsEpoch: (key, epoch) => holdsEpoch(link, key, epoch),
  journal: (execution) => readJournal(link, 'execution', execution),
  journalOfPlan: (planHash) => readJournal(link, 'plan_hash', planHash),
  writeJournal: (entry) => writeJournal(link, entry),
  rememberSpellings: async (spellings) => {
    for (const { place, live, text } of spellings) await link.query(rememberQuery, [place, live, text]);
  },
  recordRevision: async ({ subject, version, digest, execution }) => {
    await link.query(recordQuery, [subject, version, digest, execution]);
  },
  currentRevision: (subject) => currentRevision(link, subject),
});
