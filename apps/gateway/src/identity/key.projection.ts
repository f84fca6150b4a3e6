import type { ApiKey } from '@dsem/api';
import type { PostgresTransaction, StoredEvent } from '@dsem/event-store';
import type { IdentityEvent } from '@dsem/events';
import { tables } from '@dsem/service-host';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Read model: one row per key, without secrets. */
@Entity({ name: 'api_keys' })
export class KeyRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') tenant!: string;
  @Column('text') name!: string;
  @Column('text') kind!: ApiKey['kind'];
  @Column('text', { array: true }) roles!: ApiKey['roles'];
  @Column('text', { array: true, nullable: true }) scopes!: string[] | null;
  @Column('text', { array: true, nullable: true }) environments!: string[] | null;
  @Column('timestamptz') issued!: Date;
  @Column('timestamptz') expires!: Date;
  @Column('timestamptz', { nullable: true }) revoked!: Date | null;
}

/** When a key was last used, to the minute; telemetry, not an event. */
@Entity({ name: 'key_uses' })
export class KeyUseRow {
  @PrimaryColumn('text') id!: string;
  @Column('timestamptz', { name: 'last_used' }) lastUsed!: Date;
}

export const keyTables = tables('api-keys', [
  `CREATE TABLE api_keys (id text PRIMARY KEY, tenant text NOT NULL, name text NOT NULL, kind text NOT NULL,
    roles text[] NOT NULL, scopes text[], environments text[], issued timestamptz NOT NULL,
    expires timestamptz NOT NULL, revoked timestamptz);
  CREATE TABLE key_uses (id text PRIMARY KEY, last_used timestamptz NOT NULL);`,
]);

const insert = `INSERT INTO api_keys (id, tenant, name, kind, roles, scopes, environments, issued, expires)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** Writes one event of a key into the read model. */
export const projectKey = async (stored: StoredEvent, client: PostgresTransaction): Promise<void> => {
  const event = stored as unknown as IdentityEvent;
  switch (event.type) {
    case 'KeyIssued': {
      const { key, name, kind, roles, scopes = null, environments = null, expires } = event.data;
      const { tenant } = stored.metadata;
      await client.query(insert, [key, tenant, name, kind, roles, scopes, environments, stored.time, expires]);
      return;
    }
    case 'KeyRotated':
      await client.query('UPDATE api_keys SET expires = $2 WHERE id = $1', [event.data.key, event.data.expires]);
      return;
    case 'KeyRevoked':
      await client.query('UPDATE api_keys SET revoked = $2 WHERE id = $1', [event.data.key, stored.time]);
      return;
    default:
      return event satisfies never;
  }
};
