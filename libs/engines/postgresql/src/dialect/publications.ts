import type { ObjectName } from '@dsem/schema';

/** What is published of one table; columns in name order, all of them where none are named. */
export interface PublishedTable extends ObjectName {
  readonly columns?: readonly string[];
  /** The rows that are published, as a condition; all where there is none. */
  readonly where?: string;
}

/** `definition` of a publication. */
export interface PublicationDefinition {
  readonly allTables?: true;
  readonly tables?: readonly PublishedTable[];
  /** Schemas of which every table is published. */
  readonly schemas?: readonly string[];
  /** The operations that are published where that is not all of them. */
  readonly publish?: readonly string[];
  /** Changes of partitions are published as changes of the partitioned table. */
  readonly viaRoot?: true;
  /** `stored`: stored generated columns are published too. */
  readonly generatedColumns?: 'stored';
}

/** Every operation, in the order in which the catalogue has them. */
export const operations = ['insert', 'update', 'delete', 'truncate'] as const;
