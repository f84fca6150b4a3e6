import { migrate, quoted, underLock, type Queryable } from '@dsem/event-store';
import pg from 'pg';

/** How many parts a topic has on the PostgreSQL bus: so many members of a group can work on it. */
export const slotsPerTopic = 8;

/** The channel that tells of new messages on a bus schema. */
export const messagesChannel = (schema: string): string => `${schema}_messages`;

const busTables = (s: string): string => `
CREATE TABLE ${s}.messages (
  seq bigint PRIMARY KEY,
  topic text NOT NULL,
  slot smallint NOT NULL,
  key text NOT NULL,
  body text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX messages_by_slot ON ${s}.messages (topic, slot, seq);
CREATE INDEX messages_by_age ON ${s}.messages (at);
CREATE TABLE ${s}.message_head (single boolean PRIMARY KEY DEFAULT true CHECK (single), last bigint NOT NULL);
INSERT INTO ${s}.message_head (last) VALUES (0);
CREATE TABLE ${s}.consumer_slots (
  consumer text NOT NULL,
  topic text NOT NULL,
  slot smallint NOT NULL,
  position bigint NOT NULL DEFAULT 0,
  owner uuid,
  lease_until timestamptz,
  PRIMARY KEY (consumer, topic, slot)
);
CREATE TABLE ${s}.consumer_members (
  consumer text NOT NULL,
  member uuid NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (consumer, member)
);`;

/** As with events: the lock on the head makes the order of numbers the order of commits, so a reader skips nothing. */
const publish = (s: string, channel: string): string => `
CREATE FUNCTION ${s}.publish_messages(topics text[], keys text[], bodies text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${s}, pg_temp AS $$
DECLARE
  head bigint;
BEGIN
  IF current_setting('synchronous_commit') IN ('off', 'local') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
  SELECT last INTO STRICT head FROM message_head FOR UPDATE;
  INSERT INTO messages (seq, topic, slot, key, body)
    SELECT head + n, topic,
      CASE WHEN key = '' THEN floor(random() * ${slotsPerTopic}) ELSE abs(hashtext(key)::bigint) % ${slotsPerTopic} END,
      key, body
    FROM unnest(topics, keys, bodies) WITH ORDINALITY AS given(topic, key, body, n);
  UPDATE message_head SET last = head + cardinality(topics) RETURNING last INTO head;
  PERFORM pg_notify(${pg.escapeLiteral(channel)}, '');
  RETURN head;
END $$;
REVOKE ALL ON FUNCTION ${s}.publish_messages FROM PUBLIC;`;

/** Removes old messages that every known group has finished; at most 10,000 a call. */
const trim = (s: string): string => `
CREATE FUNCTION ${s}.trim_messages(older_than_ms double precision) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = ${s}, pg_temp AS $$
  WITH gone AS (
    DELETE FROM messages WHERE seq IN (
      SELECT m.seq FROM messages m
      WHERE m.at < now() - older_than_ms * interval '1 ms'
        AND NOT EXISTS (SELECT FROM consumer_slots c WHERE c.topic = m.topic AND c.slot = m.slot AND c.position < m.seq)
      ORDER BY m.at LIMIT 10000)
    RETURNING 1)
  SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION ${s}.trim_messages FROM PUBLIC;`;

const busGrants = (s: string, role: string): string => `
GRANT USAGE ON SCHEMA ${s} TO ${role};
GRANT SELECT ON ${s}.messages TO ${role};
GRANT EXECUTE ON FUNCTION ${s}.publish_messages, ${s}.trim_messages TO ${role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ${s}.consumer_slots, ${s}.consumer_members TO ${role};`;

const consumerTables = (s: string): string => `
CREATE TABLE ${s}.inbox (
  consumer text NOT NULL,
  event_id text NOT NULL,
  handled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id)
);
CREATE TABLE ${s}.parked_keys (
  consumer text NOT NULL,
  key text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, key)
);
CREATE TABLE ${s}.dead_letters (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer text NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  body bytea NOT NULL,
  cause text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX dead_letters_by_key ON ${s}.dead_letters (consumer, key, id);`;

const consumerGrants = (s: string, role: string): string => `
GRANT USAGE ON SCHEMA ${s} TO ${role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ${s}.inbox, ${s}.parked_keys, ${s}.dead_letters TO ${role};`;

const grant = async (client: Queryable, schema: string, sql: string): Promise<void> =>
  void (await client.query(underLock(quoted(schema), sql)));

/** Whose tables, and who uses them when it is not the role that migrates. */
export interface MessagingTables {
  readonly schema: string;
  readonly serviceRole?: string;
}

/** Brings the PostgreSQL bus to the current version; call it once more for each further role. */
export const migrateBus = async (client: Queryable, { schema, serviceRole }: MessagingTables): Promise<void> => {
  const s = quoted(schema);
  await migrate(client, schema, 'bus', [busTables(s) + publish(s, messagesChannel(schema)), trim(s)]);
  if (serviceRole !== undefined) await grant(client, schema, busGrants(quoted(schema), quoted(serviceRole)));
};

/** Brings inbox and parking lot of a service's schema to the current version. */
export const migrateConsumer = async (client: Queryable, { schema, serviceRole }: MessagingTables): Promise<void> => {
  await migrate(client, schema, 'consumer', [consumerTables(quoted(schema))]);
  if (serviceRole !== undefined) await grant(client, schema, consumerGrants(quoted(schema), quoted(serviceRole)));
};
