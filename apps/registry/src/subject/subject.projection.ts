import { tables } from '@dsem/service-host';
import type { PostgresTransaction, StoredEvent } from '@dsem/event-store';
import type { SubjectEvent } from '@dsem/events';
import type { RenameHint } from '@dsem/schema';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Read model: one row per subject. */
@Entity({ name: 'schemas' })
export class SchemaRow {
  @PrimaryColumn('text') name!: string;
  @Column('text') engine!: string;
  @Column('text') compatibility!: string;
  @Column('text', { nullable: true }) owner!: string | null;
  @Column('text', { nullable: true }) description!: string | null;
  @Column('jsonb', { nullable: true }) labels!: Record<string, string> | null;
  @Column('boolean') archived!: boolean;
  @Column('int') versions!: number;
  @Column('text', { nullable: true }) newest_version!: string | null;
  @Column('text', { nullable: true }) newest_digest!: string | null;
}

/** Read model: one row per version. */
@Entity({ name: 'versions' })
export class VersionRow {
  @PrimaryColumn('text') schema!: string;
  @PrimaryColumn('int') number!: number;
  @Column('text') version!: string;
  @Column('text') branch!: string;
  @Column('text') digest!: string;
  @Column('text') bump!: 'major' | 'minor' | 'patch' | 'none';
  @Column('jsonb') bumped_because!: string[];
  @Column('text') author!: string;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('text') registered!: string;
  @Column('jsonb', { nullable: true }) renamed_from!: RenameHint[] | null;
}

export const subjectTables = tables('subjects', [
  `CREATE TABLE schemas (
      name text PRIMARY KEY, engine text NOT NULL, compatibility text NOT NULL, owner text, description text,
      labels jsonb, archived boolean NOT NULL DEFAULT false, versions integer NOT NULL DEFAULT 0,
      newest_version text, newest_digest text);
    CREATE TABLE versions (
      schema text NOT NULL, number integer NOT NULL, version text NOT NULL, branch text NOT NULL, digest text NOT NULL,
      bump text NOT NULL, bumped_because jsonb NOT NULL, author text NOT NULL, reason text, registered text NOT NULL,
      PRIMARY KEY (schema, number));
    CREATE INDEX versions_digest ON versions (digest)`,
  'ALTER TABLE versions ADD COLUMN renamed_from jsonb',
]);

const insertVersion = `INSERT INTO versions
  (schema, number, version, branch, digest, bump, bumped_because, author, reason, registered,
   renamed_from)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

const registered = async (
  stored: StoredEvent,
  data: Extract<SubjectEvent, { type: 'VersionRegistered' }>['data'],
  client: PostgresTransaction,
): Promise<void> => {
  const { subject, number, version, branch, digest, bump, bumpedBecause, reason = null, renamedFrom } = data;
  await client.query(insertVersion, [
    subject,
    number,
    version,
    branch,
    digest,
    bump,
    JSON.stringify(bumpedBecause),
    stored.metadata.actor,
    reason,
    stored.time,
    renamedFrom === undefined ? null : JSON.stringify(renamedFrom),
  ]);
  const update = 'UPDATE schemas SET versions = $2, newest_version = $3, newest_digest = $4 WHERE name = $1';
  await client.query(update, [subject, number, version, digest]);
};

/** Writes one event of a subject into the read models. */
export const projectSubject = async (
  stored: StoredEvent,
  event: SubjectEvent,
  client: PostgresTransaction,
): Promise<void> => {
  switch (event.type) {
    case 'SubjectCreated': {
      const { subject, engine, compatibility, owner = null, description = null, labels = null } = event.data;
      const insert = `INSERT INTO schemas (name, engine, compatibility, owner, description, labels)
        VALUES ($1, $2, $3, $4, $5, $6)`;
      await client.query(insert, [subject, engine, compatibility, owner, description, labels]);
      return;
    }
    case 'VersionRegistered':
      return registered(stored, event.data, client);
    case 'CompatibilitySet': {
      const { subject, compatibility } = event.data;
      await client.query('UPDATE schemas SET compatibility = $2 WHERE name = $1', [subject, compatibility]);
      return;
    }
    case 'SubjectDescribed': {
      const { subject, owner = null, description = null, labels = null } = event.data;
      const update = `UPDATE schemas SET owner = coalesce($2, owner), description = coalesce($3, description),
        labels = coalesce($4, labels) WHERE name = $1`;
      await client.query(update, [subject, owner, description, labels]);
      return;
    }
    case 'SubjectArchived':
      await client.query('UPDATE schemas SET archived = true WHERE name = $1', [event.data.subject]);
      return;
    default:
      return event satisfies never;
  }
};
