import {
  engineObjectPath,
  grantPath,
  moveColumn,
  moveTable,
  onTablePath,
  pathOf,
  type Routine,
  routinePath,
  type Schema,
} from '@dsem/schema';
import {
  type Draft,
  keyOf,
  putTable,
  putType,
  putView,
  removeTable,
  removeType,
  removeView,
  schemaOf,
} from './draft.js';
import { moveDefaultsIn } from './default-privileges.js';
import { tablesBelow } from './family.js';
import { followMove, mentions } from './follow.js';
import { moveGrantsOn, moveRoutineGrants } from './grants-follow.js';
import { fullName } from './marks.js';
import type { Full } from './names.js';
import { followFunction } from './object-follow.js';
import { publishColumnAs, publishSchemaAs, publishTableAs } from './published.js';
import { moveStatistics, renameInStatistics } from './statistics-follow.js';
import { moveTriggers } from './triggers.js';

/** What of `after` is not in `before`, by identity, and the other way round. */
const changed = <Value>(before: readonly Value[], after: readonly Value[]) => {
  const [earlier, later] = [new Set(before), new Set(after)];
  return { gone: before.filter((one) => !later.has(one)), come: after.filter((one) => !earlier.has(one)) };
};

const adoptIn = <Value>(
  map: Map<string, Value>,
  before: readonly Value[],
  after: readonly Value[],
  key: (value: Value) => string,
): void => {
  const { gone, come } = changed(before, after);
  for (const value of gone) map.delete(key(value));
  for (const value of come) map.set(key(value), value);
};

/** Takes over what a change of everything that mentions a name has changed. O(draft), most of it a search in texts. */
const adopt = (draft: Draft, name: string, change: (schema: Schema) => Schema): void => {
  const all = schemaOf(draft);
  const isConcerned = (value: object): boolean => mentions(value, name);
  const before: Schema = {
    ...all,
    tables: all.tables.filter(isConcerned),
    views: [],
    sequences: all.sequences.filter(isConcerned),
    routines: all.routines.filter(isConcerned),
    triggers: all.triggers.filter(isConcerned),
    policies: all.policies.filter(isConcerned),
    grants: all.grants.filter(isConcerned),
    others: all.others.filter(isConcerned),
  };
  const after = change(before);
  const tables = changed(before.tables, after.tables);
  for (const table of tables.gone) removeTable(draft, table);
  for (const table of tables.come) putTable(draft, table);
  adoptIn(draft.sequences, before.sequences, after.sequences, keyOf);
  adoptIn(draft.routines, before.routines, after.routines, routinePath);
  adoptIn(draft.triggers, before.triggers, after.triggers, onTablePath);
  adoptIn(draft.policies, before.policies, after.policies, onTablePath);
  adoptIn(draft.grants, before.grants, after.grants, grantPath);
  adoptIn(draft.others, before.others, after.others, engineObjectPath);
  before.routines.forEach((one, at) => moveRoutineGrants(draft, one, after.routines[at] ?? one));
};

/** What names a table or view follows its new name, and what names the type of its rows. */
const followRows = (draft: Draft, from: Full, to: Full): void => {
  followMove(draft, { kind: 'relation', from, to });
  followMove(draft, { kind: 'type', from, to });
};

/** Renames a table or moves it to another schema, with everything that refers to it. */
export const moveTableTo = (draft: Draft, from: Full, to: Full): void => {
  adopt(draft, from.name, (schema) => moveTable(schema, from, to));
  for (const open of draft.openReferences) if (open.table === keyOf(from)) open.table = keyOf(to);
  followRows(draft, from, to);
  publishTableAs(draft, from, to);
  moveStatistics(draft, from, to);
};

/** Renames a column, with the keys, indexes and expressions that name it. */
export const moveColumnTo = (draft: Draft, table: Full, from: string, to: string): void => {
  const below = tablesBelow(draft, table);
  adopt(draft, table.name, (schema) => moveColumn(schema, table, from, to));
  for (const one of [table, ...below]) {
    publishColumnAs(draft, one, from, to);
    renameInStatistics(draft, one, from, to);
  }
};

/** Renames a view or moves it to another schema, with the queries that read it. */
export const moveViewTo = (draft: Draft, from: Full, to: Full): void => {
  const view = draft.views.get(keyOf(from));
  if (!view) return;
  removeView(draft, view);
  putView(draft, { ...view, ...to });
  moveGrantsOn(draft, pathOf(from), pathOf(to));
  moveTriggers(draft, from, to);
  moveStatistics(draft, from, to);
  followRows(draft, from, to);
};

/** Renames a sequence or moves it to another schema, with the defaults that draw from it. */
export const moveSequenceTo = (draft: Draft, from: Full, to: Full): void => {
  const sequence = draft.sequences.get(keyOf(from));
  if (!sequence) return;
  draft.sequences.delete(keyOf(from));
  draft.sequences.set(keyOf(to), { ...sequence, ...to });
  moveGrantsOn(draft, pathOf(from), pathOf(to));
  followMove(draft, { kind: 'relation', from, to });
};

const moveKey = (map: Map<string, string>, from: Full, to: Full): void => {
  const held = map.get(keyOf(from));
  map.delete(keyOf(from));
  if (held !== undefined) map.set(keyOf(to), held);
};

/** Renames a type or moves it to another schema, with the columns, casts and queries that name it. */
export const moveTypeTo = (draft: Draft, from: Full, to: Full): void => {
  const type = draft.types.get(keyOf(from));
  if (!type) return;
  removeType(draft, from);
  putType(draft, { ...type, ...to });
  moveKey(draft.notNullNames, from, to);
  moveGrantsOn(draft, pathOf(from), pathOf(to));
  followMove(draft, { kind: 'type', from, to });
};

const heldIn = (namespace: string, map: ReadonlyMap<string, { readonly namespace?: string; readonly name: string }>) =>
  [...map.values()].flatMap((one) => (one.namespace === namespace ? [{ namespace, name: one.name }] : []));

/**
 * Renames a routine or moves it to another schema; what calls it by a name that no other routine has follows.
 */
export const moveRoutineTo = (draft: Draft, from: Routine, to: Routine): void => {
  draft.routines.delete(routinePath(from));
  draft.routines.set(routinePath(to), to);
  moveRoutineGrants(draft, from, to);
  const isShared = [...draft.routines.values()].some((one) => one !== to && pathOf(one) === pathOf(from));
  if (isShared) return;
  followMove(draft, { kind: 'routine', from: fullName(from), to: fullName(to) });
  followFunction(draft, fullName(from), fullName(to));
};

/** Renames a schema, with everything inside and all that refers to it. O(objects inside x draft). */
export const moveNamespace = (draft: Draft, from: string, to: string): void => {
  const namespace = draft.namespaces.get(from);
  draft.namespaces.delete(from);
  draft.namespaces.set(to, { ...namespace, name: to });
  publishSchemaAs(draft, from, to);
  moveDefaultsIn(draft, from, to);
  moveGrantsOn(draft, `schema ${pathOf({ name: from })}`, `schema ${pathOf({ name: to })}`);
  const each = (names: readonly Full[], move: (draft: Draft, from: Full, to: Full) => void): void => {
    for (const name of names) move(draft, name, { ...name, namespace: to });
  };
  each(heldIn(from, draft.types), moveTypeTo);
  each(heldIn(from, draft.sequences), moveSequenceTo);
  each(heldIn(from, draft.tables), moveTableTo);
  each(heldIn(from, draft.views), moveViewTo);
  for (const routine of [...draft.routines.values()]) {
    if (routine.namespace === from) moveRoutineTo(draft, routine, { ...routine, namespace: to });
  }
  for (const [key, extension] of draft.extensions) {
    if (extension.namespace === from) draft.extensions.set(key, { ...extension, namespace: to });
  }
};
