import type { Node } from '@pgsql/types';
import type { Location } from '@dsem/schema';
import type { Full } from '../parse/names.js';

/** A column as a script writes it. */
export interface ColumnFacts {
  readonly name: string;
  /** Spelling of `format_type`; user types qualified. */
  readonly type: string;
  readonly serial: boolean;
  readonly notNull: boolean;
  readonly default?: Node;
  readonly identity: boolean;
  readonly generated?: 'stored' | 'virtual';
  readonly at?: Location;
}

export type ConstraintKind = 'primary key' | 'unique' | 'exclusion' | 'check' | 'foreign key' | 'not null';

/** A constraint as a script writes it. */
export interface ConstraintFacts {
  readonly kind: ConstraintKind;
  readonly name?: string;
  readonly columns: readonly string[];
  readonly notValid: boolean;
  readonly notEnforced: boolean;
  /** The index that becomes the constraint. */
  readonly usingIndex?: string;
  readonly expression?: Node;
  readonly references?: Full;
  readonly referenced?: readonly string[];
  readonly onDelete?: 'cascade';
  readonly nullsNotDistinct?: true;
  readonly withoutOverlaps?: true;
  readonly at?: Location;
}

/** What can be dropped, in the words of a person. */
export type DropKind =
  | 'table'
  | 'view'
  | 'materialized view'
  | 'index'
  | 'sequence'
  | 'schema'
  | 'type'
  | 'domain'
  | 'extension'
  | 'function'
  | 'trigger'
  | 'policy'
  | 'rule'
  | 'foreign table'
  | 'other';

interface Made<Kind extends string> {
  readonly kind: Kind;
  /** Where it stands when that is not where its statement begins. */
  readonly at?: Location;
}

interface OnTable<Kind extends string> extends Made<Kind> {
  readonly table: Full;
}

interface OnColumn<Kind extends string> extends OnTable<Kind> {
  readonly column: string;
}

export interface CreateTable extends OnTable<'create-table'> {
  readonly columns: readonly ColumnFacts[];
  readonly constraints: readonly ConstraintFacts[];
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly partitioned: boolean;
  readonly partitionOf?: Full;
  readonly isDefault?: boolean;
  /** Made from a query, like another table or by inheritance: its columns are not all known. */
  readonly open: boolean;
}

export interface CreateIndex extends OnTable<'create-index'> {
  readonly name?: string;
  readonly unique: boolean;
  readonly concurrently: boolean;
  readonly only: boolean;
  readonly ifNotExists: boolean;
  readonly method: string;
  /** Column names in order; undefined for an expression. */
  readonly keys: readonly (string | undefined)[];
  readonly includes: readonly string[];
  /** Text that tells two indexes of the same columns apart: order, opclass, predicate. */
  readonly distinct: string;
  readonly partial: boolean;
  readonly nullsNotDistinct: boolean;
}

export interface AddColumn extends OnTable<'add-column'> {
  readonly column: ColumnFacts;
  readonly constraints: readonly ConstraintFacts[];
  readonly ifNotExists: boolean;
}

export interface ChangeType extends OnColumn<'change-type'> {
  readonly type: string;
  readonly using?: Node;
  readonly collation?: string;
}

export interface Drop extends Made<'drop'> {
  readonly what: DropKind;
  readonly name: Full;
  /** Of a trigger, policy or rule. */
  readonly table?: Full;
  readonly cascade: boolean;
  readonly ifExists: boolean;
  readonly concurrently: boolean;
}

/** How many rows a write reaches, as far as its text tells. */
export type Reach = 'every' | 'many' | 'few';

export interface Write extends OnTable<'write'> {
  readonly verb: 'insert' | 'update' | 'delete' | 'merge' | 'copy';
  readonly reach: Reach;
  /** String constants in it, in which enum labels hide. */
  readonly strings: readonly string[];
  /** Columns that must equal a constant. */
  readonly equals: readonly string[];
  /** Columns its condition names. */
  readonly filters: readonly string[];
}

export interface Run extends Made<'run'> {
  readonly how: 'do' | 'call';
  /** Absent for DO. */
  readonly routine?: Full;
  readonly acts: readonly Act[];
}

export interface CreateRoutine extends Made<'create-routine'> {
  readonly name: Full;
  readonly replace: boolean;
  /** What the body does when it runs. */
  readonly acts: readonly Act[];
}

/** One thing a statement does; a statement of several commands has several. */
export type Act =
  | CreateTable
  | CreateIndex
  | AddColumn
  | ChangeType
  | Drop
  | Write
  | Run
  | CreateRoutine
  | (Made<'create-view'> & {
      readonly name: Full;
      readonly replace: boolean;
      readonly materialized: boolean;
      readonly temporary: boolean;
    })
  | (Made<'create-sequence'> & { readonly name: Full })
  | (Made<'create-type'> & {
      readonly name: Full;
      readonly what: 'enum' | 'domain' | 'other';
      readonly labels: readonly string[];
      /** A domain with a check or NOT NULL. */
      readonly constrained: boolean;
    })
  | (Made<'create-schema'> & { readonly name: string })
  | (OnTable<'create-trigger'> & { readonly name: string; readonly replace: boolean })
  | (OnTable<'create-policy'> & { readonly name: string; readonly what: 'create' | 'alter' })
  | (OnTable<'create-rule'> & { readonly name: string })
  | (Made<'create-other'> & { readonly what: string; readonly name: string })
  | (OnColumn<'drop-column'> & { readonly cascade: boolean; readonly ifExists: boolean })
  | (OnColumn<'set-default'> & { readonly value: Node })
  | OnColumn<'drop-default'>
  | OnColumn<'set-not-null'>
  | OnColumn<'drop-not-null'>
  | (OnColumn<'change-identity'> & { readonly what: 'add' | 'set' | 'drop' })
  | OnColumn<'change-expression'>
  | OnColumn<'drop-expression'>
  | (OnTable<'add-constraint'> & { readonly constraint: ConstraintFacts })
  | (OnTable<'drop-constraint'> & { readonly name: string; readonly cascade: boolean; readonly ifExists: boolean })
  | (OnTable<'validate-constraint'> & { readonly name: string })
  | (OnTable<'alter-constraint'> & { readonly name: string; readonly enforced?: boolean })
  | (OnTable<'attach-partition'> & { readonly partition: Full; readonly isDefault: boolean })
  | (OnTable<'detach-partition'> & { readonly partition: Full; readonly concurrently: boolean })
  | (OnTable<'rewrite-table'> & { readonly what: string })
  | (OnTable<'toggle-trigger'> & { readonly name: string; readonly enable: boolean })
  | (OnTable<'row-security'> & { readonly what: 'enable' | 'disable' | 'force' | 'no-force' })
  | (OnTable<'replica-identity'> & { readonly how: string })
  | (OnTable<'table-option'> & { readonly what: string; readonly exclusive: boolean })
  | (Made<'change-owner'> & { readonly what: string; readonly name: Full; readonly owner: string })
  | (Made<'rename'> & { readonly what: string; readonly name: Full; readonly part?: string; readonly to: string })
  | (Made<'move'> & { readonly what: string; readonly name: Full; readonly to: string })
  | (Made<'enum-add'> & {
      readonly type: Full;
      readonly value: string;
      readonly positioned: boolean;
    })
  | (Made<'enum-rename'> & { readonly type: Full; readonly from: string; readonly to: string })
  | (Made<'alter-domain'> & {
      readonly domain: Full;
      readonly what: 'add' | 'validate' | 'other';
      readonly notValid: boolean;
    })
  | (Made<'alter-composite'> & { readonly type: Full; readonly what: string; readonly part: string })
  | (Made<'alter-sequence'> & { readonly name: Full; readonly options: readonly string[] })
  | (Made<'alter-other'> & { readonly what: string; readonly name: string })
  | (Made<'truncate'> & { readonly tables: readonly Full[]; readonly cascade: boolean })
  | (Made<'lock-table'> & { readonly tables: readonly Full[]; readonly level: number })
  | (Made<'maintain'> & {
      readonly what: 'vacuum full' | 'vacuum' | 'analyze' | 'cluster' | 'reindex' | 'refresh';
      readonly target: string;
      readonly table?: Full;
      readonly index?: Full;
      readonly concurrently: boolean;
    })
  | (Made<'set'> & { readonly name: string; readonly value: string | undefined; readonly local: boolean })
  | Made<'reset-all'>
  | (Made<'transaction'> & {
      readonly what: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'prepare' | 'other';
      readonly chain: boolean;
    })
  | (Made<'database'> & { readonly what: 'create' | 'drop' | 'alter-system' | 'tablespace'; readonly name: string })
  | (Made<'dynamic'> & { readonly text: string })
  | (Made<'revoke'> & { readonly on: string; readonly from: string; readonly names: readonly Full[] })
  | (Made<'comment'> & { readonly on: string })
  | (Made<'drop-owned'> & { readonly roles: string })
  | (Made<'query'> & { readonly routines: readonly Full[] })
  | (Made<'foreign-name'> & { readonly catalog: string; readonly name: string })
  | (Made<'long-name'> & { readonly name: string })
  | (Made<'unqualified-name'> & { readonly name: string })
  | (Made<'needs-version'> & { readonly version: number; readonly what: string })
  | (Made<'unknown'> & { readonly what: string; readonly problem?: string })
  | (Made<'harmless'> & {
      readonly what: string;
      readonly name: string;
      /** Who gets a privilege. */
      readonly to?: string;
    });

export type ActKind = Act['kind'];
export type ActOf<Kind extends ActKind> = Extract<Act, { readonly kind: Kind }>;
