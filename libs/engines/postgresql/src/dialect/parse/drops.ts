import type { DropStmt, Node } from '@pgsql/types';
import { onTablePath, pathOf, type Table, type View } from '@dsem/schema';
import { defaultNamespace } from '../types.js';
import {
  contradict,
  type Draft,
  keyOf,
  missing,
  putTable,
  putView,
  readersOf,
  referrersOf,
  refuse,
  removeTable,
  removeView,
  type Site,
} from './draft.js';
import { dropDefaultsIn } from './default-privileges.js';
import { dropDefaultsFrom } from './drop-dependents.js';
import { dropOwnedSequences, dropReferencesTo, dropView } from './drop-parts.js';
import { dropRoutine } from './drop-routines.js';
import { dropUsers, refuseUsers, takeType } from './drop-types.js';
import { isExclusion } from '../exclusion.js';
import { foreignKinds } from '../foreign.js';
import { kindOfNode, type ObjectKind } from '../objects.js';
import { ruleKey } from '../types/rules.js';
import { childrenIn, takeBack } from './family.js';
import { dropGrantsOn, dropRoutineGrants } from './grants-follow.js';
import { dropForeign } from './foreign.js';
import { fullName, isInherited } from './marks.js';
import { inTheWay } from './in-the-way.js';
import { refuseNumbering } from './numbering.js';
import { type Full, nameOf, nameOfNode, partsOfNode, sameName } from './names.js';
import { dropPoliciesOn, dropPoliciesReading, policiesReading } from './policies.js';
import { dropObject, dropObjectsIn } from './object-drops.js';
import { namedBy } from './object-names-in.js';
import { dropRulesReading, rulesReading } from './rules.js';
import { objectWords, refusedName } from './statement-kinds.js';
import { dropStatisticsOn } from './statistics-follow.js';
import { unpublishSchema, unpublishTable } from './published.js';
import { dropTriggersOn } from './triggers.js';

/** One DROP statement with the draft it takes from. */
export interface Drop {
  readonly draft: Draft;
  readonly ifExists: boolean;
  readonly cascade: boolean;
  readonly site: Site;
  /** Checked when all objects of the statement are gone, as they may need each other. */
  readonly unneeded: (() => void)[];
}

const absent = (drop: Drop, kind: string, name: Full): void => {
  if (!drop.ifExists) missing(kind, name, drop.site);
};

/** Views, policies and foreign keys of others that need a relation, told by their paths. */
const needersOf = (draft: Draft, name: Full): readonly string[] => [
  ...readersOf(draft, name).map((view) => `the view ${pathOf(view)} reads it`),
  ...policiesReading(draft, name).map((policy) => `the policy ${onTablePath(policy)} reads it`),
  ...rulesReading(draft, name).map((rule) => `the rule ${onTablePath(rule)} reads or writes it`),
  ...referrersOf(draft, name).flatMap((table) =>
    sameName(table, name)
      ? []
      : table.foreignKeys
          .filter((key) => sameName(key.references, name))
          .map((key) => `the foreign key ${pathOf(table, key.name)} refers to it`),
  ),
];

/** What is left behind of one statement that needs what it has dropped. */
const refuseNeeded = (drop: Drop, name: Full): void => {
  const [reason] = drop.cascade ? [] : needersOf(drop.draft, name);
  if (reason !== undefined) inTheWay(pathOf(name), reason, pathOf(name), drop.site);
};

/** Partitions go along with their table; tables that inherit from it only by CASCADE. */
const dropChildren = (drop: Drop, table: Table): void => {
  for (const child of childrenIn(drop.draft, table)) {
    const path = pathOf(table);
    if (!child.partitionOf && !drop.cascade) inTheWay(path, `${pathOf(child)} inherits from it`, path, drop.site);
    dropTable({ ...drop, ifExists: true }, fullName(child));
  }
};

const dropTable = (drop: Drop, name: Full): void => {
  const table = drop.draft.tables.get(keyOf(name));
  if (!table) return absent(drop, 'table', name);
  dropChildren(drop, table);
  removeTable(drop.draft, table);
  dropPoliciesOn(drop.draft, name);
  unpublishTable(drop.draft, name);
  dropStatisticsOn(drop.draft, name);
  dropGrantsOn(drop.draft, pathOf(name));
  dropTriggersOn(drop.draft, name);
  dropOwnedSequences(drop.draft, name);
  if (!drop.cascade) return;
  dropReferencesTo(drop.draft, name);
  dropPoliciesReading(drop.draft, name);
  dropRulesReading(drop.draft, name);
  for (const view of readersOf(drop.draft, name)) dropView(drop.draft, view);
};

const dropViewNamed = (drop: Drop, name: Full): void => {
  const view = drop.draft.views.get(keyOf(name));
  if (!view) return absent(drop, 'view', name);
  if (drop.cascade) return dropView(drop.draft, view);
  removeView(drop.draft, view);
  dropStatisticsOn(drop.draft, name);
  dropGrantsOn(drop.draft, pathOf(name));
  dropTriggersOn(drop.draft, name);
};

const dropIndex = (drop: Drop, name: Full): void => {
  const owner = drop.draft.indexOwners.get(keyOf(name));
  const others = <Value extends Table | View>(value: Value): Value => ({
    ...value,
    indexes: (value.indexes ?? []).filter((index) => index.name !== name.name),
  });
  const table = drop.draft.tables.get(owner ?? '');
  const view = drop.draft.views.get(owner ?? '');
  if (table && !table.indexes.some((index) => index.name === name.name && !isExclusion(index))) {
    contradict(`The index ${pathOf(name)} belongs to a constraint.`, pathOf(name), drop.site);
  }
  const own = table?.indexes.find((index) => index.name === name.name);
  if (own && isInherited(own))
    contradict(`The index ${pathOf(name)} belongs to an index of the partitioned table.`, pathOf(name), drop.site);
  if (table) {
    putTable(drop.draft, others(table));
    takeBack(drop.draft, table, name.name);
  } else if (view) putView(drop.draft, others(view));
  else absent(drop, 'index', name);
};

const dropFrom = (drop: Drop, map: Map<string, unknown>, key: string, kind: string, name: Full): void => {
  if (!map.delete(key)) absent(drop, kind, name);
};

const dropSequence = (drop: Drop, name: Full): void => {
  refuseNumbering(drop.draft, name, 'dropped', drop.site);
  if (!drop.draft.sequences.has(keyOf(name))) return absent(drop, 'sequence', name);
  dropDefaultsFrom(drop.draft, name, drop);
  drop.draft.sequences.delete(keyOf(name));
  dropGrantsOn(drop.draft, pathOf(name));
};

const dropType = (drop: Drop, name: Full): void => {
  const names = takeType(drop.draft, name);
  if (!names) return absent(drop, 'type', name);
  if (drop.cascade) dropUsers(drop.draft, name, names, drop.site);
  else drop.unneeded.push(() => refuseUsers(drop.draft, name, names, drop.site));
};

const onTable =
  (kind: string, held: (draft: Draft) => Map<string, unknown>, key = (name: string): string => name): Dropper =>
  (drop, _name, node) => {
    const parts = partsOfNode(node);
    const [table, name] = [nameOf(parts.slice(0, -1)), parts.at(-1) ?? ''];
    if (!held(drop.draft).delete(pathOf(table, key(name))))
      absent(drop, kind, { ...table, name: `${table.name}.${name}` });
  };

const routine =
  (type: string): Dropper =>
  (drop, _name, node) =>
    dropRoutine(drop.draft, node, type, drop);

type Held = ReadonlyMap<string, { readonly namespace?: string; readonly name: string }>;

const namesIn = (held: Held, namespace: string): readonly Full[] =>
  [...held.values()].filter((one) => one.namespace === namespace).map(({ name }) => ({ namespace, name }));

const dropContents = (drop: Drop, namespace: string): void => {
  const { draft } = drop;
  const each = (held: Held, take: (drop: Drop, name: Full) => void): void => {
    for (const name of namesIn(held, namespace)) take({ ...drop, ifExists: true, cascade: true }, name);
  };
  each(draft.views, dropViewNamed);
  each(draft.tables, dropTable);
  each(draft.sequences, dropSequence);
  each(draft.types, dropType);
  dropObjectsIn(draft, namespace, drop.site);
  for (const [key, routine] of draft.routines) {
    if (routine.namespace !== namespace) continue;
    draft.routines.delete(key);
    dropRoutineGrants(draft, routine);
  }
};

const dropSchema = (drop: Drop, node: Node): void => {
  const namespace = partsOfNode(node).at(-1) ?? '';
  const { draft } = drop;
  if (namespace !== defaultNamespace && !draft.namespaces.has(namespace))
    return absent(drop, 'schema', { namespace, name: namespace });
  const held: readonly Held[] = [draft.tables, draft.views, draft.sequences, draft.types, draft.routines, draft.others];
  const [first] = held.flatMap((map) => namesIn(map, namespace));
  if (first && !drop.cascade)
    inTheWay(`The schema ${pathOf({ name: namespace })}`, `it holds ${pathOf(first)}`, namespace, drop.site);
  dropContents(drop, namespace);
  draft.namespaces.delete(namespace);
  unpublishSchema(draft, namespace);
  dropGrantsOn(draft, `schema ${pathOf({ name: namespace })}`);
  dropDefaultsIn(draft, namespace);
};

/** Takes one object out of the draft; `name` is what the node says as a qualified name. */
type Dropper = (drop: Drop, name: Full, node: Node) => void;

const dropForeignNamed =
  (kind: string): Dropper =>
  (drop, name) => {
    for (const table of dropForeign(drop.draft, kind, name, drop, drop.site))
      dropTable({ ...drop, ifExists: true }, table);
  };

const dropObjectOf =
  (kind: ObjectKind): Dropper =>
  (drop, _name, node) =>
    dropObject(drop.draft, kind.kind, namedBy(kind, node), drop, drop.site);

const droppers: { readonly [objectType: string]: Dropper | undefined } = {
  OBJECT_TABLE: dropTable,
  OBJECT_FOREIGN_TABLE: dropTable,
  OBJECT_FOREIGN_SERVER: dropForeignNamed(foreignKinds.server),
  OBJECT_FDW: dropForeignNamed(foreignKinds.wrapper),
  OBJECT_VIEW: dropViewNamed,
  OBJECT_MATVIEW: dropViewNamed,
  OBJECT_INDEX: dropIndex,
  OBJECT_SEQUENCE: dropSequence,
  OBJECT_POLICY: onTable('policy', ({ policies }) => policies),
  OBJECT_FUNCTION: routine('OBJECT_FUNCTION'),
  OBJECT_PROCEDURE: routine('OBJECT_PROCEDURE'),
  OBJECT_ROUTINE: routine('OBJECT_ROUTINE'),
  OBJECT_AGGREGATE: routine('OBJECT_AGGREGATE'),
  OBJECT_TRIGGER: onTable('trigger', ({ triggers }) => triggers),
  OBJECT_RULE: onTable('rule', ({ triggers }) => triggers, ruleKey),
  OBJECT_TYPE: dropType,
  OBJECT_DOMAIN: dropType,
  OBJECT_EXTENSION: (drop, name) => dropFrom(drop, drop.draft.extensions, name.name, 'extension', name),
  OBJECT_SCHEMA: (drop, _name, node) => dropSchema(drop, node),
};

const dropOne = (drop: Drop, type: string | undefined, node: Node): void => {
  const name = nameOfNode(node);
  const kind = kindOfNode(type);
  const dropper = droppers[type ?? ''] ?? (kind && dropObjectOf(kind));
  if (dropper) dropper(drop, name, node);
  else refuse(`DROP of ${objectWords(type ?? '')} is not supported`, refusedName(type ?? '', name), drop.site);
};

/** What others may read or refer to; objects of one statement may need each other. */
const relations = new Set(['OBJECT_TABLE', 'OBJECT_FOREIGN_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW']);

/** DROP of one or several objects. */
export const dropObjects = (draft: Draft, statement: DropStmt, site: Site): void => {
  const ifExists = statement.missing_ok ?? false;
  const cascade = statement.behavior === 'DROP_CASCADE';
  const drop: Drop = { draft, ifExists, cascade, site, unneeded: [] };
  for (const node of statement.objects ?? []) dropOne(drop, statement.removeType, node);
  for (const check of drop.unneeded) check();
  if (!relations.has(statement.removeType ?? '')) return;
  for (const node of statement.objects ?? []) refuseNeeded(drop, nameOfNode(node));
};
