import {
  type EngineObject,
  engineObjectPath,
  type Index,
  type ObjectName,
  knownAs,
  nameOf,
  onTablePath,
  pathOf,
  type Standing,
  type Table,
} from '@dsem/schema';
import { expressionReferences } from '../references.js';
import { uses } from '../uses.js';
import { type Draft, keyOf, missing, putTable, putView, refuse, type Site } from './draft.js';
import { dropColumn, dropView } from './drop-parts.js';
import { mentions } from './follow.js';
import { dropGrantsOn } from './grants-follow.js';
import { inTheWay } from './in-the-way.js';
import { fullName } from './marks.js';
import { kindWord } from './objects.js';

const partsOf = (table: Table): readonly Standing[] => [
  ...table.columns.map((column): Standing => ({
    kind: 'drop-column',
    object: pathOf(table, column.name),
    table: fullName(table),
    column,
  })),
  ...table.checks.map((check): Standing => ({
    kind: 'drop-check',
    object: pathOf(table, check.name),
    table: fullName(table),
    check,
  })),
  ...indexesOf(table),
];

const indexesOf = (owner: Pick<Table, 'namespace' | 'name'> & { readonly indexes?: readonly Index[] }): Standing[] =>
  (owner.indexes ?? []).map((index) => ({
    kind: 'drop-index',
    object: pathOf(owner, index.name),
    table: fullName(owner),
    index,
  }));

/** Everything of a draft that mentions a name and may need the object of that name. */
const candidates = (draft: Draft, name: string): readonly Standing[] => {
  const near = <Value extends object>(map: ReadonlyMap<string, Value>): readonly Value[] =>
    [...map.values()].filter((one) => mentions(one, name));
  return [
    ...near(draft.tables).flatMap(partsOf),
    ...near(draft.views).flatMap((view) => [
      {
        kind: 'drop-view',
        object: pathOf(view),
        view: { ...view, indexes: [], body: { ...view.body, normal: view.body.text } },
      } as const,
      ...indexesOf(view),
    ]),
    ...near(draft.types).map((type): Standing => ({ kind: 'drop-type', object: pathOf(type), type })),
    ...near(draft.policies).map((policy): Standing => ({ kind: 'drop-policy', object: onTablePath(policy), policy })),
    ...near(draft.others).map((value): Standing => ({ kind: 'drop-object', object: engineObjectPath(value), value })),
  ];
};

/** Who names an object, each as if it were dropped; nobody where others share its name. O(draft), most of it a search in texts. */
const usersOf = (draft: Draft, object: EngineObject): readonly Standing[] => {
  const reference = knownAs(object);
  const isShared = [...draft.others.values()].some((one) => knownAs(one) === reference);
  const { operator } = object.definition;
  if (isShared) return [];
  return candidates(draft, typeof operator === 'string' ? operator : object.name).filter((one) =>
    uses(one).hard.includes(reference),
  );
};

/** @throws InconsistentDefinition naming the first who needs an object */
const refuseUsers = (object: EngineObject, users: readonly Standing[], site: Site): void => {
  const [first] = users;
  const path = engineObjectPath(object);
  if (first) inTheWay(path, `${first.object} needs it`, path, site);
};

const withoutDefault = (table: Table, name: string): Table => ({
  ...table,
  columns: table.columns.map((column) => {
    const { default: _, ...rest } = column;
    return column.name === name ? rest : column;
  }),
});

const dropIndexOf = (
  draft: Draft,
  { table: name, index }: Extract<Standing, { readonly kind: 'drop-index' }>,
): void => {
  const [table, view] = [draft.tables.get(keyOf(name)), draft.views.get(keyOf(name))];
  const kept = (indexes: readonly Index[] = []): readonly Index[] => indexes.filter((one) => one.name !== index.name);
  if (table) putTable(draft, { ...table, indexes: kept(table.indexes) });
  if (view) putView(draft, { ...view, indexes: kept(view.indexes) });
};

const dropUser = (draft: Draft, object: EngineObject, user: Standing, site: Site): void => {
  switch (user.kind) {
    case 'drop-object':
      draft.others.delete(user.object);
      dropGrantsOn(draft, user.object);
      return dropUsers(draft, user.value, usersOf(draft, user.value), site);
    case 'drop-view':
      return dropView(draft, user.view);
    case 'drop-index':
      return dropIndexOf(draft, user);
    case 'drop-policy':
      return void draft.policies.delete(user.object);
    case 'drop-column':
    case 'drop-check':
      return dropTablePart(draft, object, user, site);
    default:
      return refuse(`DROP ... CASCADE of ${engineObjectPath(object)} would take along`, user.object, site);
  }
};

const dropTablePart = (
  draft: Draft,
  object: EngineObject,
  user: Extract<Standing, { readonly kind: 'drop-column' | 'drop-check' }>,
  site: Site,
): void => {
  const table = draft.tables.get(keyOf(user.table));
  if (!table) return;
  if (user.kind === 'drop-check')
    return putTable(draft, { ...table, checks: table.checks.filter(({ name }) => name !== user.check.name) });
  const { column } = user;
  const isDefault = expressionReferences(column.default).includes(knownAs(object));
  if (isDefault) return putTable(draft, withoutDefault(table, column.name));
  dropColumn(draft, fullName(table), column.name, { ifExists: true, cascade: true }, site);
};

/** Takes those who need an object along with it, as CASCADE does. */
const dropUsers = (draft: Draft, object: EngineObject, users: readonly Standing[], site: Site): void => {
  for (const user of users) dropUser(draft, object, user, site);
};

/** How a statement drops. */
export interface Manner {
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

/** DROP of an object, by CASCADE with what needs it. */
export const dropObject = (draft: Draft, kind: string, name: ObjectName, manner: Manner, site: Site): void => {
  const object = draft.others.get(engineObjectPath({ kind, ...nameOf(name) }));
  if (!object) {
    if (!manner.ifExists) missing(kindWord(kind), name, site);
    return;
  }
  draft.others.delete(engineObjectPath(object));
  dropGrantsOn(draft, engineObjectPath(object));
  const users = usersOf(draft, object);
  if (manner.cascade) dropUsers(draft, object, users, site);
  else refuseUsers(object, users, site);
};

/** The objects of a schema that is dropped. */
export const dropObjectsIn = (draft: Draft, namespace: string, site: Site): void => {
  for (const object of [...draft.others.values()]) {
    if (object.namespace !== namespace) continue;
    const { kind, name } = object;
    dropObject(draft, kind, { namespace, name }, { ifExists: true, cascade: true }, site);
  }
};
