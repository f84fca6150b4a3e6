import { tables } from '@dsem/service-host';
import type { PostgresTransaction } from '@dsem/event-store';
import type { ConsumerEvent } from '@dsem/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Read model: one row per consumer; contracts are read from its stream. */
@Entity({ name: 'consumers' })
export class ConsumerRow {
  @PrimaryColumn('text') name!: string;
  @Column('text', { array: true }) schemas!: string[];
}

export const consumerTables = tables('consumers', [
  `CREATE TABLE consumers (name text PRIMARY KEY, schemas text[] NOT NULL DEFAULT '{}')`,
]);

/** Writes one event of a consumer into the read model. */
export const projectConsumer = async (event: ConsumerEvent, client: PostgresTransaction): Promise<void> => {
  switch (event.type) {
    case 'ConsumerRegistered':
      await client.query('INSERT INTO consumers (name) VALUES ($1)', [event.data.consumer]);
      return;
    case 'ContractDeclared': {
      const update = `UPDATE consumers SET schemas = (SELECT array_agg(DISTINCT s) FROM unnest(schemas || $2::text) s)
        WHERE name = $1`;
      await client.query(update, [event.data.consumer, event.data.subject]);
      return;
    }
    case 'ConsumerRetired':
      return;
    default:
      return event satisfies never;
  }
};
