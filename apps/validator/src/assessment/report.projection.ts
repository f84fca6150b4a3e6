import { tables } from '@dsem/service-host';
import type { PostgresTransaction, StoredEvent } from '@dsem/event-store';
import type { AssessmentEvent } from '@dsem/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Read model: how each version was judged last. */
@Entity({ name: 'reports' })
export class ReportRow {
  @PrimaryColumn('text') schema!: string;
  @PrimaryColumn('text') version!: string;
  @Column('bigint') position!: string;
  @Column('boolean') compatible!: boolean;
  @Column('jsonb') body!: AssessmentEvent['data'];
  @Column('text') assessed!: string;
}

export const reportTables = tables('reports', [
  `CREATE TABLE reports (
      schema text NOT NULL, version text NOT NULL, position bigint NOT NULL UNIQUE, compatible boolean NOT NULL,
      body jsonb NOT NULL, assessed text NOT NULL, PRIMARY KEY (schema, version))`,
]);

/** Writes a judgement into the read model; a newer one replaces the older. */
export const projectReport = async (stored: StoredEvent, client: PostgresTransaction): Promise<void> => {
  const { data } = stored as unknown as AssessmentEvent;
  const upsert = `INSERT INTO reports (schema, version, position, compatible, body, assessed)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (schema, version) DO UPDATE SET position = $3, compatible = $4, body = $5, assessed = $6`;
  const body = JSON.stringify(data);
  await client.query(upsert, [data.subject, data.version, stored.position, data.compatible, body, stored.time]);
};
