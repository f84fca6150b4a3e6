import type { Change, ChangeKind, ChangeOf } from './change.js';
import { parentsOf } from './inheritance.js';
import { type EngineObject, nameOf, type ObjectName, pathOf, type Routine, type Table } from './model.js';
import { routinePath } from './slot.js';

/** What names stand for: tables, views, sequences and indexes share one name space, so do types and row types. */
export type ReferenceKind =
  'namespace' | 'extension' | 'relation' | 'column' | 'type' | 'routine' | 'overload' | 'call' | 'object';

/** An object as others name it, such as `relation public.users`; a routine's name stands for all its overloads. */
export type Reference = `${ReferenceKind} ${string}`;

/** What an object names. */
export interface Uses {
  /** Must exist before it, and go after it. */
  readonly hard: readonly Reference[];
  /** Better before it: names inside code that nobody checks before it runs. */
  readonly soft: readonly Reference[];
}

const reference = (kind: ReferenceKind, path: string): Reference => `${kind} ${path}`;

/** A table, view, sequence or index as others name it. */
export const relationReference = (name: ObjectName): Reference => reference('relation', pathOf(name));
/** A column as others name it; `*` for all of them. */
export const columnReference = (relation: ObjectName, column: string): Reference =>
  reference('column', pathOf(relation, column));
/** A type, or the row type of a table or view. */
export const typeReference = (name: ObjectName): Reference => reference('type', pathOf(name));
/** All routines of a name. */
export const routineReference = (name: ObjectName): Reference => reference('routine', pathOf(name));
/** One overload of a routine; nobody names it, because code says only the name. */
export const overloadReference = (routine: Pick<Routine, 'namespace' | 'name' | 'signature'>): Reference =>
  reference('overload', routinePath(routine));
/** A call of a routine with what is known of its arguments, in the engine's own words; orders nothing by itself. */
export const callReference = (name: ObjectName, args: string): Reference =>
  reference('call', `${pathOf(name)} ${args}`);
/** An engine's own kind of object. */
export const objectReference = (kind: string, name: ObjectName): Reference =>
  reference('object', `${kind} ${pathOf(name)}`);
/**
 * An engine's own object as others know it: by what `called` in its definition says, where several objects share one name
 * and others cannot tell which of them they mean.
 */
export const knownAs = ({
  kind,
  definition,
  ...name
}: Pick<EngineObject, 'kind' | 'definition' | 'name' | 'namespace'>): Reference => {
  const called = definition['called'];
  return objectReference(kind, typeof called === 'string' ? { name: called } : name);
};
/** A namespace. */
export const namespaceReference = (name: string): Reference => reference('namespace', pathOf({ name }));
/** An extension. */
export const extensionReference = (name: string): Reference => reference('extension', pathOf({ name }));

const rows = (relation: ObjectName, columns: readonly string[]): readonly Reference[] => [
  relationReference(relation),
  typeReference(relation),
  ...columns.map((column) => columnReference(relation, column)),
];

const inNamespaceOf = (table: ObjectName, name: string): ObjectName => nameOf({ ...table, name });

type Noun = ChangeKind extends infer Kind
  ? Kind extends `create-${infer Of}` | `add-${infer Of}`
    ? Of
    : never
  : never;
/** A change that carries a whole noun: it comes or goes. */
export type Standing = ChangeOf<Extract<ChangeKind, `${'create' | 'add'}-${Noun}` | `drop-${Noun}`>>;

const wholes = ['namespace', 'extension', 'type', 'sequence', 'table', 'view', 'routine', 'trigger'] as const;
const parts = [
  'policy',
  'grant',
  'object',
  'column',
  'primary-key',
  'unique',
  'foreign-key',
  'check',
  'index',
] as const;
const names: ReadonlySet<string> = new Set<Noun>([...wholes, ...parts]);

/** Whether a change makes or drops a whole noun. */
export const isStanding = (change: Change): change is Standing => {
  const [verb = '', ...noun] = change.kind.split('-');
  return ['create', 'add', 'drop'].includes(verb) && names.has(noun.join('-'));
};

/** The references under which others know the noun that a change carries. */
export const provides = (change: Standing): readonly Reference[] => {
  switch (change.kind) {
    case 'create-namespace':
    case 'drop-namespace':
      return [namespaceReference(change.namespace.name)];
    case 'create-extension':
    case 'drop-extension':
      return [extensionReference(change.extension.name)];
    case 'create-type':
    case 'drop-type':
      return [typeReference(change.type)];
    case 'create-sequence':
    case 'drop-sequence':
      return [relationReference(change.sequence)];
    case 'create-table':
    case 'drop-table':
      return rows(
        change.table,
        change.table.columns.map(({ name }) => name),
      );
    case 'create-view':
    case 'drop-view':
      return rows(change.view, change.view.columns ?? []);
    case 'add-column':
    case 'drop-column':
      return [columnReference(change.table, change.column.name)];
    case 'create-index':
    case 'drop-index':
      return [relationReference(inNamespaceOf(change.table, change.index.name))];
    case 'create-routine':
    case 'drop-routine':
      return [routineReference(change.routine), overloadReference(change.routine)];
    case 'create-object':
    case 'drop-object':
      return [knownAs(change.value)];
    default:
      return [];
  }
};

const columnsOf = (table: ObjectName, columns: readonly (string | undefined)[]): readonly Reference[] => [
  relationReference(table),
  ...columns.flatMap((column) => (column === undefined ? [] : [columnReference(table, column)])),
];

const placed = ({ namespace }: ObjectName): readonly Reference[] =>
  namespace === undefined ? [] : [namespaceReference(namespace)];

const tableNeeds = (table: Table): readonly Reference[] => [
  ...placed(table),
  ...parentsOf(table).map(relationReference),
  ...table.foreignKeys.flatMap(({ references }) => columnsOf(references, references.columns)),
];

/** What the shape of a noun says that it needs; names inside expressions, types and bodies are the engine's to tell. */
export const shapeNeeds = (change: Standing): readonly Reference[] => {
  switch (change.kind) {
    case 'create-table':
    case 'drop-table':
      return tableNeeds(change.table);
    case 'create-view':
    case 'drop-view':
      return [...placed(change.view), ...change.view.body.uses.map((path) => reference('relation', path))];
    case 'create-sequence':
    case 'drop-sequence': {
      const { ownedBy } = change.sequence;
      return [...placed(change.sequence), ...(ownedBy === undefined ? [] : columnsOf(ownedBy, [ownedBy.column]))];
    }
    case 'create-type':
    case 'drop-type':
      return placed(change.type);
    case 'create-routine':
    case 'drop-routine':
      return placed(change.routine);
    case 'create-object':
    case 'drop-object':
      return placed(change.value);
    case 'create-extension':
    case 'drop-extension':
      return placed(change.extension);
    default:
      return partNeeds(change);
  }
};

const partNeeds = (change: Standing): readonly Reference[] => {
  switch (change.kind) {
    case 'add-column':
    case 'drop-column':
    case 'add-check':
    case 'drop-check':
      return [relationReference(change.table)];
    case 'add-primary-key':
    case 'drop-primary-key':
      return columnsOf(change.table, change.primaryKey.columns);
    case 'add-unique':
    case 'drop-unique':
      return columnsOf(change.table, change.unique.columns);
    case 'add-foreign-key':
    case 'drop-foreign-key': {
      const { columns, references } = change.foreignKey;
      return [...columnsOf(change.table, columns), ...columnsOf(references, references.columns)];
    }
    case 'create-index':
    case 'drop-index': {
      const { keys, include = [] } = change.index;
      return columnsOf(change.table, [...keys.map(({ column }) => column), ...include]);
    }
    case 'create-trigger':
    case 'drop-trigger':
      return [relationReference(change.trigger.table)];
    case 'create-policy':
    case 'drop-policy':
      return [relationReference(change.policy.table)];
    default:
      return [];
  }
};

/** Whether a change moves one aspect of a column that stays. */
const isColumnChange = (change: Change): change is Extract<Change, { readonly from: { readonly nullable: boolean } }> =>
  'from' in change && typeof change.from === 'object' && 'nullable' in change.from && 'table' in change;

const property: { readonly [noun: string]: string } = {
  'primary-key': 'primaryKey',
  'foreign-key': 'foreignKey',
  object: 'value',
};

/** Changes of a table as a whole. */
const ofTable = new Set<ChangeKind>(['attach-partition', 'detach-partition', 'inherit-parent', 'leave-parent']);

const sideOf = (change: Change, verb: 'drop' | 'create', value: unknown): Standing => {
  const whole = ofTable.has(change.kind) ? 'table' : change.kind.replace('alter-', '');
  const noun = isColumnChange(change) ? 'column' : whole;
  const makes = ['column', 'primary-key', 'unique', 'foreign-key', 'check'].includes(noun) ? 'add' : 'create';
  const kind = `${verb === 'create' ? makes : 'drop'}-${noun}`;
  return { ...change, kind, [property[noun] ?? noun]: value } as unknown as Standing;
};

/** The noun of a change before and after it, each as if it came or went whole; renames have none. O(1). */
export const sidesOf = (change: Change): { readonly before?: Standing; readonly after?: Standing } => {
  if (isStanding(change)) return change.kind.startsWith('drop-') ? { before: change } : { after: change };
  if (change.kind === 'rename-table' || change.kind === 'rename-column') return {};
  const { from, to } = change;
  return { before: sideOf(change, 'drop', from), after: sideOf(change, 'create', to) };
};

/** References that exist from the change on. */
export const madeBy = (change: Change): readonly Reference[] => {
  if (change.kind === 'rename-table') return [relationReference(change.to), typeReference(change.to)];
  if (change.kind === 'rename-column') return [columnReference(change.table, change.to)];
  return isStanding(change) && !change.kind.startsWith('drop-') ? provides(change) : [];
};

/** References that exist no more after the change. */
export const goneBy = (change: Change): readonly Reference[] => {
  if (change.kind === 'rename-table') return [relationReference(change.from), typeReference(change.from)];
  if (change.kind === 'rename-column') return [columnReference(change.table, change.from)];
  return isStanding(change) && change.kind.startsWith('drop-') ? provides(change) : [];
};
