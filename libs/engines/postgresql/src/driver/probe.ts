import { setTimeout as sleep } from 'node:timers/promises';
import type { PreflightFacts, Session, SessionFacts } from '@dsem/engine';
import { pathOf } from '@dsem/schema';
import { everybody } from '../dialect/grants.js';
import type { Link } from './connect.js';
import { controlSchema, notOfExtension, ofUser } from './inspect/catalogue.js';

const others = `a.pid <> pg_backend_pid() AND a.datname = current_database() AND a.backend_type = 'client backend'`;

interface SessionRow {
  readonly id: string;
  readonly application: string;
  readonly seconds: number;
  readonly query: string;
  readonly relations: readonly { readonly namespace: string; readonly name: string }[];
}

const relationsOfSession = `
  SELECT coalesce(json_agg(DISTINCT jsonb_build_object('namespace', n.nspname, 'name', c.relname)), '[]')
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation' AND ${ofUser()}`;

/** Facts about other sessions of this database for which `where` (alias `a` of pg_stat_activity) holds. */
export const sessionFacts = async (
  link: Link,
  where: string,
  values: readonly unknown[] = [],
): Promise<readonly SessionFacts[]> => {
  const found = await link.query<SessionRow>(
    `SELECT a.pid::text AS id, coalesce(a.application_name, '') AS application,
      coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8 AS seconds,
      left(coalesce(a.query, ''), 200) AS query, (${relationsOfSession}) AS relations
    FROM pg_stat_activity a WHERE ${others} AND ${where} ORDER BY a.xact_start`,
    values,
  );
  return found.map((row) => ({ ...row, relations: row.relations.map((each) => pathOf(each)) }));
};

const blockers = async (link: Link): Promise<readonly SessionFacts[]> => {
  const open = await sessionFacts(link, 'a.xact_start IS NOT NULL');
  return open.filter((session) => session.relations.length > 0);
};

const orphanQuery = `
SELECT a.pid::text AS id, left(a.query, 200) AS query FROM pg_stat_activity a
WHERE ${others} AND starts_with(a.query, '/* ' || $1)
  AND a.state IN ('active', 'idle in transaction', 'idle in transaction (aborted)')`;

const stateQuery = 'SELECT coalesce(a.state, $2) AS state FROM pg_stat_activity a WHERE a.pid = $1';

/** What a session does now: it runs a statement, it only holds a transaction, or neither. */
const activityOf = async (link: Link, pid: number): Promise<'running' | 'holding' | 'gone'> => {
  const [row] = await link.query<{ state: string }>(stateQuery, [pid, 'idle']);
  if (row?.state === 'active') return 'running';
  return row?.state.startsWith('idle in transaction') === true ? 'holding' : 'gone';
};

const waitWhileRunning = async (link: Link, pid: number, waitMs: number): Promise<'running' | 'holding' | 'gone'> => {
  const end = performance.now() + waitMs;
  for (;;) {
    const activity = await activityOf(link, pid);
    if (activity !== 'running' || performance.now() >= end) return activity;
    await sleep(50);
  }
};

const cancelMs = 2000;
const endMs = 10_000;

/** A cancelled statement leaves its transaction open, so the session goes too where it still holds one. */
const cancelOrphan = async (link: Link, id: string): Promise<void> => {
  const pid = Number(id);
  await link.query('SELECT pg_cancel_backend($1)', [pid]);
  if ((await waitWhileRunning(link, pid, cancelMs)) === 'gone') return;
  await link.query('SELECT pg_terminate_backend($1)', [pid]);
  const end = performance.now() + endMs;
  while ((await activityOf(link, pid)) !== 'gone' && performance.now() < end) await sleep(50);
};

/** The part of a session that looks for and ends what other sessions do. */
export const probeOf = (link: Link): Pick<Session, 'orphans' | 'cancelOrphan' | 'evict' | 'blockers'> => ({
  orphans: (tag) => link.query<{ id: string; query: string }>(orphanQuery, [tag]),
  cancelOrphan: (id) => cancelOrphan(link, id),
  evict: async (id) => {
    await link.query('SELECT pg_terminate_backend($1)', [Number(id)]);
  },
  blockers: () => blockers(link),
});

const writableQuery = `
SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writable,
  pg_backend_pid() AS backend`;

const privilegeQuery = `
SELECT 'CREATE on database ' || quote_ident(current_database()) AS privilege
WHERE NOT has_database_privilege(current_database(), 'CREATE') AND to_regnamespace('${controlSchema}') IS NULL
UNION ALL
SELECT 'CREATE on schema ' || quote_ident(n.nspname) FROM pg_namespace n
WHERE (${ofUser()} OR n.nspname = '${controlSchema}') AND ${notOfExtension('pg_namespace', 'n.oid')}
  AND NOT has_schema_privilege(n.oid, 'CREATE')
UNION ALL
SELECT 'ownership of ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}
  AND NOT pg_has_role(c.relowner, 'USAGE')`;

const preparedQuery = `
SELECT 'prepared transaction ' || gid AS session, extract(epoch FROM clock_timestamp() - prepared)::float8 AS seconds
FROM pg_prepared_xacts WHERE database = current_database() AND prepared < clock_timestamp() - make_interval(secs => $1)`;

const missingRoleQuery = `
SELECT r.role FROM unnest($1::text[]) AS r(role)
WHERE r.role <> $2 AND NOT EXISTS (SELECT FROM pg_roles known WHERE known.rolname = r.role) ORDER BY 1`;

/** What must be known before the first step; `pooled` because a pooler's process number is not the server's. */
export const preflight = async (
  link: Link,
  seconds: number,
  roles: readonly string[] = [],
): Promise<PreflightFacts> => {
  const [state] = await link.query<{ writable: boolean; backend: number }>(writableQuery);
  const open = await sessionFacts(link, 'a.xact_start < clock_timestamp() - make_interval(secs => $1)', [seconds]);
  const prepared = await link.query<{ session: string; seconds: number }>(preparedQuery, [seconds]);
  const privileges = await link.query<{ privilege: string }>(privilegeQuery);
  const missing =
    roles.length === 0 ? [] : await link.query<{ role: string }>(missingRoleQuery, [[...roles], everybody]);
  return {
    writable: state?.writable === true,
    pooled: state?.backend !== link.backend,
    longTransactions: [
      ...open.map((each) => ({ session: `${each.id} (${each.application})`, seconds: each.seconds })),
      ...prepared,
    ],
    missingPrivileges: privileges.map((row) => row.privilege),
    missingRoles: missing.map((row) => row.role),
  };
};
