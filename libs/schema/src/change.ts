import type {
  Check,
  Column,
  EngineObject,
  Extension,
  ForeignKey,
  Grant,
  Index,
  Namespace,
  ObjectName,
  Policy,
  PrimaryKey,
  Routine,
  Sequence,
  Table,
  Trigger,
  TypeDefinition,
  Unique,
  View,
} from './model.js';

/**
 * The verbs: what can happen to a schema, one union for all engines.
 *
 * Each change is reversible on the model: `invert` swaps `from` and `to`, create and drop. `object` is the path a
 * person sees (see `pathOf`). A change is atomic for planner and dialect: it moves one object from one shape to another.
 */
export type Change =
  | Both<'namespace', { readonly namespace: Namespace }>
  | Alter<'alter-namespace', Namespace>
  | Both<'extension', { readonly extension: Extension }>
  | Alter<'alter-extension', Extension>
  | Both<'type', { readonly type: TypeDefinition }>
  | Alter<'alter-type', TypeDefinition>
  | Both<'sequence', { readonly sequence: Sequence }>
  | Alter<'alter-sequence', Sequence>
  | Both<'table', { readonly table: Table }>
  | Alter<'alter-table', Table>
  | Alter<'attach-partition', Table>
  | Alter<'detach-partition', Table>
  | Alter<'inherit-parent', Table>
  | Alter<'leave-parent', Table>
  | Made<'rename-table', { readonly from: ObjectName; readonly to: ObjectName }>
  | Added<'column', { readonly column: Column } & ColumnPlace>
  | OnTable<'rename-column', { readonly from: string; readonly to: string }>
  | AlterColumn<'change-column-type'>
  | AlterColumn<'set-not-null'>
  | AlterColumn<'drop-not-null'>
  | AlterColumn<'set-default'>
  | AlterColumn<'drop-default'>
  | AlterColumn<'change-default'>
  | AlterColumn<'change-identity'>
  | AlterColumn<'change-generated'>
  | AlterColumn<'alter-column'>
  | Added<'primary-key', { readonly primaryKey: PrimaryKey }>
  | Added<'unique', { readonly unique: Unique }>
  | Added<'foreign-key', { readonly foreignKey: ForeignKey }>
  | Added<'check', { readonly check: Check }>
  | AlterOn<'alter-primary-key', PrimaryKey>
  | AlterOn<'alter-unique', Unique>
  | AlterOn<'alter-foreign-key', ForeignKey>
  | AlterOn<'alter-check', Check>
  | OnTable<'create-index', { readonly index: Index }>
  | OnTable<'drop-index', { readonly index: Index }>
  | AlterOn<'alter-index', Index>
  | Both<'view', { readonly view: View }>
  | Alter<'alter-view', View>
  | Both<'routine', { readonly routine: Routine }>
  | Alter<'alter-routine', Routine>
  | Both<'trigger', { readonly trigger: Trigger }>
  | Alter<'alter-trigger', Trigger>
  | Both<'policy', { readonly policy: Policy }>
  | Alter<'alter-policy', Policy>
  | Both<'grant', { readonly grant: Grant }>
  | Alter<'alter-grant', Grant>
  | Both<'object', { readonly value: EngineObject }>
  | Alter<'alter-object', EngineObject>;

export type ChangeKind = Change['kind'];
export type ChangeOf<Kind extends ChangeKind> = Extract<Change, { readonly kind: Kind }>;

/** Where a column stands: behind `after`, in front of all when `first`, else at the end. */
export interface ColumnPlace {
  readonly after?: string;
  readonly first?: true;
}

type Made<Kind extends string, Operands> = { readonly kind: Kind; readonly object: string } & Operands;
type Both<Noun extends string, Operands> = Made<`create-${Noun}`, Operands> | Made<`drop-${Noun}`, Operands>;
/** Same identity, other attributes. */
type Alter<Kind extends string, Value> = Made<Kind, { readonly from: Value; readonly to: Value }>;
type OnTable<Kind extends string, Operands> = Made<Kind, { readonly table: ObjectName } & Operands>;
type Added<Noun extends string, Operands> = OnTable<`add-${Noun}`, Operands> | OnTable<`drop-${Noun}`, Operands>;
type AlterOn<Kind extends string, Value> = OnTable<Kind, { readonly from: Value; readonly to: Value }>;
/** The whole column before and after; the kind says which aspect moves. */
type AlterColumn<Kind extends string> = AlterOn<Kind, Column>;
