/** Facts about one engine that generic code may ask; it never asks for the engine's name. */
export interface Capabilities {
  /** Several statements can be one atomic step. */
  readonly transactionalDdl: boolean;
  /** A constraint can be added without checking existing rows, and validated later. */
  readonly notValidConstraints: boolean;
  /** NOT NULL can be proved by a validated check first, so that setting it does not scan under lock. */
  readonly notNullByCheck: boolean;
  /** An index can be built while the table stays writable, outside a transaction. */
  readonly onlineIndexBuild: boolean;
  /** An index gets another name in place, without anyone waiting. */
  readonly indexRename?: true;
  /** A finished unique index can become a primary key or unique constraint by a brief change. */
  readonly keyFromIndex?: boolean;
  /** The first version whose foreign keys of partitioned tables can be validated later; absent where none can. */
  readonly notValidOnPartitioned?: string;
  readonly foreignKeys: boolean;
  readonly enumTypes: boolean;
  readonly sequences: boolean;
  readonly views: boolean;
  /** The order of columns can be chosen when one is added. */
  readonly columnPosition: boolean;
  /** Names of lock levels, weakest first, where the engine tells of several that block alike. */
  readonly lockLevels?: readonly string[];
  /** Longest identifier, with the unit the engine counts. */
  readonly identifierLimit: { readonly length: number; readonly unit: 'bytes' | 'characters' };
  /** Most columns that a table may have. */
  readonly columnsPerTable: number;
  /** Oldest and newest major version that is covered. */
  readonly versions: { readonly from: string; readonly to: string; readonly default: string };
}
