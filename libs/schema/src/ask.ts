import type {
  Check,
  Column,
  ColumnType,
  ForeignKey,
  Index,
  ObjectName,
  PrimaryKey,
  Schema,
  Table,
  Unique,
} from './model.js';

/** Parts of a table that a change either alters in place or replaces by drop and create. */
export type TablePartNoun = 'primary-key' | 'unique' | 'foreign-key' | 'check' | 'index';

/** One of those parts. */
export type TablePart = PrimaryKey | Unique | ForeignKey | Check | Index;

/** The small questions the walker asks an engine. */
export interface DiffAnswers {
  /** Whether two native types are the same type. */
  readonly sameType: (from: ColumnType, to: ColumnType) => boolean;
  /** Whether two columns' engine attributes are equal for this engine; structural equality when absent. */
  readonly sameColumnAttributes?: (from: Column, to: Column) => boolean;
  /** Column attributes that change in one move with the type or with nullability; all others move by themselves. */
  readonly boundAttributes?: { readonly type?: readonly string[]; readonly nullable?: readonly string[] };
  /**
   * Whether a part with the same name can be brought to its new form in place (an `alter-...` change) instead of being
   * dropped and created. When absent: comments, a constraint that becomes validated, and a primary key's name.
   */
  readonly canAlter?: (noun: TablePartNoun, from: TablePart, to: TablePart) => boolean;
  /**
   * What a table of a state is once it has left some of its parents: what it had from them is its own then. Present where
   * a partition or a table that inherits is a table that can stand alone.
   */
  readonly withoutParents?: (table: Table, parents: readonly ObjectName[], state: Schema) => Table;
}
