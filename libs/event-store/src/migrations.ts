import pg from 'pg';

/** Anything that runs SQL: a pool, a client, or a client inside a transaction. */
export interface Queryable {
  readonly query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** A schema's name, quoted for SQL text. */
export const quoted = (name: string): string => pg.escapeIdentifier(name);

/** The channel that tells of new events of a service schema; a hint, never the only way. */
export const eventsChannel = (schema: string): string => `${schema}_events`;

const tables = (s: string): string => `
CREATE TABLE ${s}.events (
  position bigint PRIMARY KEY,
  stream_id text NOT NULL CHECK (length(stream_id) BETWEEN 1 AND 400),
  version integer NOT NULL CHECK (version > 0),
  event_id text NOT NULL UNIQUE CHECK (length(event_id) BETWEEN 1 AND 100),
  type text NOT NULL,
  type_version integer NOT NULL,
  data json NOT NULL,
  metadata json NOT NULL,
  time timestamptz NOT NULL,
  UNIQUE (stream_id, version)
);
CREATE TABLE ${s}.event_head (single boolean PRIMARY KEY DEFAULT true CHECK (single), last bigint NOT NULL);
INSERT INTO ${s}.event_head (last) VALUES (0);
CREATE TABLE ${s}.outbox (position bigint PRIMARY KEY REFERENCES ${s}.events);
CREATE TABLE ${s}.snapshots (
  stream_id text PRIMARY KEY,
  reducer text NOT NULL,
  version integer NOT NULL,
  state json NOT NULL
);
CREATE TABLE ${s}.projections (name text PRIMARY KEY, version integer NOT NULL, position bigint NOT NULL);`;

const appendOnly = (s: string): string => `
CREATE FUNCTION ${s}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only: % refused', TG_OP USING ERRCODE = 'DS002';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${s}.events
  FOR EACH STATEMENT EXECUTE FUNCTION ${s}.refuse_change();
ALTER TABLE ${s}.events ENABLE ALWAYS TRIGGER append_only;`;

/**
 * One round trip per append. The lock on \`event_head\` makes positions gap-free and commit order the same as position
 * order: the next append sees the head only after this one is visible.
 */
const append = (s: string, channel: string): string => `
CREATE FUNCTION ${s}.append_events(stream text, expected integer, ids text[], types text[], versions integer[], bodies json[], origins json[])
RETURNS TABLE (at_position bigint, at_version integer, at_time timestamptz, is_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${s}, pg_temp AS $$
DECLARE
  head bigint;
  actual integer;
  size integer := cardinality(ids);
  matched integer;
  moment timestamptz;
BEGIN
  IF current_setting('synchronous_commit') IN ('off', 'local') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  SELECT last INTO STRICT head FROM event_head FOR UPDATE;
  SELECT coalesce(max(version), 0) INTO actual FROM events WHERE stream_id = stream;
  IF actual <> expected THEN
    RETURN QUERY SELECT e.position, e.version, e.time, false
      FROM unnest(ids) WITH ORDINALITY AS given(id, n)
      JOIN events e ON e.stream_id = stream AND e.version = expected + given.n AND e.event_id = given.id
      ORDER BY e.version;
    GET DIAGNOSTICS matched = ROW_COUNT;
    IF size > 0 AND matched = size THEN RETURN; END IF;
    RAISE EXCEPTION 'stream is at another version' USING ERRCODE = 'DS001', DETAIL = actual::text;
  END IF;
  IF size = 0 THEN RETURN; END IF;
  moment := clock_timestamp();
  INSERT INTO events (position, stream_id, version, event_id, type, type_version, data, metadata, time)
    SELECT head + n, stream, expected + n, id, type, version, body, origin, moment
    FROM unnest(ids, types, versions, bodies, origins) WITH ORDINALITY AS given(id, type, version, body, origin, n);
  INSERT INTO outbox (position) SELECT head + n FROM generate_series(1, size) AS n;
  UPDATE event_head SET last = head + size;
  PERFORM pg_notify(${pg.escapeLiteral(channel)}, (head + size)::text);
  RETURN QUERY SELECT head + n, (expected + n)::integer, moment, true FROM generate_series(1, size) AS n;
END $$;
REVOKE ALL ON FUNCTION ${s}.append_events FROM PUBLIC;`;

const migrations = (schema: string): readonly string[] => {
  const s = quoted(schema);
  return [tables(s) + appendOnly(s) + append(s, eventsChannel(schema))];
};

/** The service's role may read events and append them through the function; nothing else touches \`events\`. */
const grants = (s: string, role: string): string => `
GRANT USAGE ON SCHEMA ${s} TO ${role};
GRANT SELECT ON ${s}.events, ${s}.event_head TO ${role};
GRANT EXECUTE ON FUNCTION ${s}.append_events TO ${role};
GRANT SELECT, DELETE ON ${s}.outbox TO ${role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ${s}.snapshots, ${s}.projections TO ${role};`;

/** What a store's tables belong to. */
export interface EventStoreTables {
  /** The service's own schema, at most 56 bytes; created when missing. */
  readonly schema: string;
  /** The role the service runs as, when it is not the one that migrates: it gets exactly the rights it needs. */
  readonly serviceRole?: string;
}

/**
 * Brings the event tables of one service schema to the current version, one transaction per step; safe to run from
 * several processes at once. The role that runs it owns the tables.
 */
export const migrateEventStore = async (
  client: Queryable,
  { schema, serviceRole }: EventStoreTables,
): Promise<void> => {
  const s = quoted(schema);
  await migrate(client, schema, 'event-store', migrations(schema));
  if (serviceRole !== undefined) await client.query(underLock(s, grants(s, quoted(serviceRole))));
};

const lockSql = (s: string): string =>
  `PERFORM pg_advisory_xact_lock(hashtext(${pg.escapeLiteral(`dsem-migrate:${s}`)}));`;

/** SQL that changes a service schema while nobody else does; grants of two processes at once would fail. */
export const underLock = (s: string, sql: string): string => `
DO $migration$
BEGIN
  ${lockSql(s)}
  EXECUTE ${pg.escapeLiteral(sql)};
END $migration$`;

const stepBody = (s: string, part: string, version: number, sql: string): string => `
DO $migration$
BEGIN
  ${lockSql(s)}
  CREATE SCHEMA IF NOT EXISTS ${s};
  CREATE TABLE IF NOT EXISTS ${s}.applied_migrations (
    part text, version integer, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, version));
  IF NOT EXISTS (SELECT FROM ${s}.applied_migrations WHERE part = ${pg.escapeLiteral(part)} AND version = ${version}) THEN
    EXECUTE ${pg.escapeLiteral(sql)};
    INSERT INTO ${s}.applied_migrations (part, version) VALUES (${pg.escapeLiteral(part)}, ${version});
  END IF;
END $migration$`;

/**
 * Applies a part's numbered SQL steps to a service schema, each once and in one transaction; later parts of a service
 * (bus, inbox, read models) keep their versions in the same table \`applied_migrations\`.
 */
export const migrate = async (
  client: Queryable,
  schema: string,
  part: string,
  steps: readonly string[],
): Promise<void> => {
  for (const [i, sql] of steps.entries()) await client.query(stepBody(quoted(schema), part, i + 1, sql));
};
