import {
  emptySchema,
  type EngineObject,
  type Extension,
  type Grant,
  InconsistentDefinition,
  type Location,
  type Namespace,
  NeedsServer,
  type ObjectName,
  parentsOf,
  pathOf,
  type Policy,
  type RenameHint,
  type Routine,
  type Schema,
  type Sequence,
  type Table,
  type Trigger,
  type TypeDefinition,
  UnsupportedDefinition,
  type View,
} from '@dsem/schema';
import type { Note } from '@dsem/engine';
import { exclusionsOf } from '../exclusion.js';
import { splitName } from '../identifiers.js';
import { defaultNamespace } from '../types.js';

/** Where the statement stands, for errors and notes. */
export interface Site {
  readonly location: Location;
}

/** A foreign key that names no columns refers to a primary key that may be defined later. */
export interface OpenReference {
  table: string;
  constraint: string;
  readonly site: Site;
}

/** The state while statements are added up. */
export interface Draft {
  readonly namespaces: Map<string, Namespace>;
  readonly extensions: Map<string, Extension>;
  readonly types: Map<string, TypeDefinition>;
  readonly sequences: Map<string, Sequence>;
  readonly tables: Map<string, Table>;
  readonly views: Map<string, View>;
  /** By `routinePath`, so that overloads stand side by side. */
  readonly routines: Map<string, Routine>;
  /** By `onTablePath`. */
  readonly triggers: Map<string, Trigger>;
  readonly policies: Map<string, Policy>;
  /** By the grant's name, `<grantee> on <object path>`. */
  readonly grants: Map<string, Grant>;
  /** By `engineObjectPath`. */
  readonly others: Map<string, EngineObject>;
  /** Names of indexes and of the indexes behind constraints; one name space with tables, views and sequences. */
  readonly indexOwners: Map<string, string>;
  /** By `keyOf` the sequence behind an identity column: the column's table. */
  readonly numbering: Map<string, string>;
  /** By `keyOf` a table: the tables whose foreign keys point at it. */
  readonly referrers: Map<string, Set<string>>;
  /** By `keyOf` a table: its partitions and the tables that inherit from it. */
  readonly children: Map<string, Set<string>>;
  /** By the path of a table or view: the views that read it. */
  readonly readers: Map<string, Set<string>>;
  /** How many constraints of a namespace carry a name. */
  readonly constraintNames: Map<string, number>;
  /** By `keyOf` the multirange type that a range type brings along: the range type's own key. */
  readonly multiranges: Map<string, string>;
  /** By `keyOf` a domain: the name of its NOT NULL, which statements use and a definition does not hold. */
  readonly notNullNames: Map<string, string>;
  /** By `keyOf` a domain: made over a domain that was not known yet, whose default it takes over. */
  readonly openDefaults: Set<string>;
  readonly openReferences: OpenReference[];
  readonly renamedFrom: RenameHint[];
  readonly notes: Note[];
}

/** A draft without any object. */
export const newDraft = (): Draft => ({
  namespaces: new Map(),
  extensions: new Map(),
  types: new Map(),
  sequences: new Map(),
  tables: new Map(),
  views: new Map(),
  routines: new Map(),
  triggers: new Map(),
  policies: new Map(),
  grants: new Map(),
  others: new Map(),
  indexOwners: new Map(),
  numbering: new Map(),
  referrers: new Map(),
  children: new Map(),
  readers: new Map(),
  constraintNames: new Map(),
  multiranges: new Map(),
  notNullNames: new Map(),
  openDefaults: new Set(),
  openReferences: [],
  renamedFrom: [],
  notes: [],
});

/** One text per name, free of collisions. */
export const keyOf = (name: ObjectName): string => JSON.stringify([name.namespace ?? defaultNamespace, name.name]);

/** Statements that may only wait for an object defined further down throw this, and are tried again at the end. */
export class NotYetDefined extends InconsistentDefinition {}

/** @throws UnsupportedDefinition always; naming the object and the place. */
export const refuse = (what: string, object: string, site: Site): never => {
  throw new UnsupportedDefinition(`${what}: ${object}`, { location: site.location, object });
};

/** @throws InconsistentDefinition always. */
export const contradict = (detail: string, object: string, site: Site): never => {
  throw new InconsistentDefinition(detail, { location: site.location, object });
};

/** Statements that make what is there already throw this; a `DO` block may expect it. */
export class AlreadyDefined extends InconsistentDefinition {}

/** @throws AlreadyDefined always. */
export const already = (detail: string, object: string, site: Site): never => {
  throw new AlreadyDefined(detail, { location: site.location, object });
};

/** @throws AlreadyDefined always; `what` with its article, such as `The table public.t`. */
export const twice = (what: string, object: string, site: Site): never =>
  already(`${what} is defined twice.`, object, site);

/** @throws NeedsServer always; `what` says what the statement does. */
export const onlyServer = (what: string, object: string, site: Site): never => {
  throw new NeedsServer(`${what}, so only a server knows what it leaves behind: ${object}`, {
    location: site.location,
    object,
  });
};

/** @throws NotYetDefined always. */
export const missing = (kind: string, name: ObjectName, site: Site): never => {
  const object = pathOf(name);
  throw new NotYetDefined(`The ${kind} ${object} is not defined.`, { location: site.location, object });
};

const owned = (table: Table): readonly string[] => [
  ...(table.primaryKey ? [table.primaryKey.name] : []),
  ...table.uniques.map((unique) => unique.name),
  ...table.indexes.map((index) => index.name),
];

const constrained = (table: Table): readonly string[] =>
  [table.primaryKey, ...table.uniques, ...table.foreignKeys, ...table.checks, ...exclusionsOf(table)].flatMap((one) =>
    one ? [one.name] : [],
  );

const numbersOf = (table: Table): readonly string[] =>
  table.columns.flatMap(({ attributes }) => {
    const name = attributes?.['numberedBy'];
    return typeof name === 'string' ? [name] : [];
  });

const nameIn = (holder: ObjectName, name: string): string => keyOf({ namespace: holder.namespace, name } as ObjectName);

const count = (draft: Draft, key: string, by: number): void => {
  draft.constraintNames.set(key, (draft.constraintNames.get(key) ?? 0) + by);
};

const link = (map: Map<string, Set<string>>, key: string, member: string): void => {
  const members = map.get(key);
  if (members) members.add(member);
  else map.set(key, new Set([member]));
};

/** Takes a table out of the draft, with the names it holds. */
export const removeTable = (draft: Draft, table: Table): void => {
  for (const key of table.foreignKeys) draft.referrers.get(keyOf(key.references))?.delete(keyOf(table));
  for (const parent of parentsOf(table)) draft.children.get(keyOf(parent))?.delete(keyOf(table));
  for (const name of owned(table)) draft.indexOwners.delete(nameIn(table, name));
  for (const name of numbersOf(table)) draft.numbering.delete(nameIn(table, name));
  for (const name of constrained(table)) count(draft, nameIn(table, name), -1);
  draft.tables.delete(keyOf(table));
};

/** Adds a table or replaces its earlier shape. */
export const putTable = (draft: Draft, table: Table): void => {
  const earlier = draft.tables.get(keyOf(table));
  if (earlier) removeTable(draft, earlier);
  for (const name of owned(table)) draft.indexOwners.set(nameIn(table, name), keyOf(table));
  for (const name of numbersOf(table)) draft.numbering.set(nameIn(table, name), keyOf(table));
  for (const name of constrained(table)) count(draft, nameIn(table, name), 1);
  for (const key of table.foreignKeys) link(draft.referrers, keyOf(key.references), keyOf(table));
  for (const parent of parentsOf(table)) link(draft.children, keyOf(parent), keyOf(table));
  draft.tables.set(keyOf(table), table);
};

const checksOf = (type: TypeDefinition): readonly string[] =>
  type.kind === 'domain' ? type.checks.map(({ name }) => name) : [];

const multirangeOf = (type: TypeDefinition): readonly string[] => {
  const name = type.kind === 'other' ? type.definition.multirange : undefined;
  if (typeof name !== 'string') return [];
  const [namespace = '', last = ''] = splitName(name);
  return [keyOf({ namespace, name: last })];
};

/** Takes a type out of the draft, with the names it holds. */
export const removeType = (draft: Draft, name: ObjectName): void => {
  const known = draft.types.get(keyOf(name));
  if (!known) return;
  for (const check of checksOf(known)) count(draft, nameIn(known, check), -1);
  for (const key of multirangeOf(known)) draft.multiranges.delete(key);
  draft.types.delete(keyOf(name));
};

/** Adds a type or replaces its earlier shape. */
export const putType = (draft: Draft, type: TypeDefinition): void => {
  removeType(draft, type);
  for (const check of checksOf(type)) count(draft, nameIn(type, check), 1);
  for (const key of multirangeOf(type)) draft.multiranges.set(key, keyOf(type));
  draft.types.set(keyOf(type), type);
};

/** Takes a view out of the draft, with the names it holds. */
export const removeView = (draft: Draft, view: View): void => {
  const known = draft.views.get(keyOf(view));
  for (const index of known?.indexes ?? []) draft.indexOwners.delete(nameIn(view, index.name));
  for (const path of known?.body.uses ?? []) draft.readers.get(path)?.delete(keyOf(view));
  draft.views.delete(keyOf(view));
};

/** Adds a view or replaces its earlier shape. */
export const putView = (draft: Draft, view: View): void => {
  removeView(draft, view);
  for (const index of view.indexes ?? []) draft.indexOwners.set(nameIn(view, index.name), keyOf(view));
  for (const path of view.body.uses) link(draft.readers, path, keyOf(view));
  draft.views.set(keyOf(view), view);
};

/** The tables whose foreign keys point at a table, itself included. */
export const referrersOf = (draft: Draft, table: ObjectName): readonly Table[] =>
  [...(draft.referrers.get(keyOf(table)) ?? [])].flatMap((key) => draft.tables.get(key) ?? []);

/** The views whose queries read a table or view. */
export const readersOf = (draft: Draft, name: ObjectName): readonly View[] =>
  [...(draft.readers.get(pathOf(name)) ?? [])].flatMap((key) => draft.views.get(key) ?? []);

/** Whether a relation of any kind carries the name. */
export const relationExists = (draft: Draft, name: ObjectName): boolean => {
  const key = keyOf(name);
  if (draft.tables.has(key) || draft.views.has(key) || draft.sequences.has(key)) return true;
  return draft.indexOwners.has(key) || draft.numbering.has(key) || draft.types.get(key)?.kind === 'struct';
};

/** Whether a type carries the name: one of its own, the multiranges of a range, or the rows of a table or view. */
export const typeExists = (draft: Draft, name: ObjectName): boolean => {
  const key = keyOf(name);
  return [draft.types, draft.multiranges, draft.tables, draft.views].some((map) => map.has(key));
};

/** @throws AlreadyDefined when the name is taken. */
export const claimType = (draft: Draft, name: ObjectName, site: Site): void => {
  if (typeExists(draft, name)) twice(`The type ${pathOf(name)}`, pathOf(name), site);
};

/** @throws NotYetDefined when there is no such type. */
export const typeOf = (draft: Draft, name: ObjectName, site: Site): TypeDefinition =>
  draft.types.get(keyOf(name)) ?? missing('type', name, site);

/** Whether a constraint of the namespace carries the name. */
export const constraintExists = (draft: Draft, name: ObjectName): boolean =>
  (draft.constraintNames.get(keyOf(name)) ?? 0) > 0;

/** @throws InconsistentDefinition when the name is taken. */
export const claimRelation = (draft: Draft, name: ObjectName, site: Site): void => {
  if (relationExists(draft, name)) twice(`The relation ${pathOf(name)}`, pathOf(name), site);
};

/** @throws NotYetDefined when there is no such table. */
export const tableOf = (draft: Draft, name: ObjectName, site: Site): Table =>
  draft.tables.get(keyOf(name)) ?? missing('table', name, site);

/** The sum of the statements as a schema, not yet normalized. */
export const schemaOf = (draft: Draft): Schema => ({
  ...emptySchema('postgresql'),
  namespaces: [...draft.namespaces.values()],
  extensions: [...draft.extensions.values()],
  types: [...draft.types.values()],
  sequences: [...draft.sequences.values()],
  tables: [...draft.tables.values()],
  views: [...draft.views.values()],
  routines: [...draft.routines.values()],
  triggers: [...draft.triggers.values()],
  policies: [...draft.policies.values()],
  grants: [...draft.grants.values()],
  others: [...draft.others.values()],
});
