import type { PartitionCopy } from '@dsem/engine';
import {
  allColumns,
  type Column,
  type DiffAnswers,
  emptySchema,
  normalizeSchema,
  type ObjectName,
  parentsOf,
  type Schema,
  type Table,
  tableFinder,
} from '@dsem/schema';
import { apartFromParents } from './normalize/family.js';
import { type Draft, keyOf, newDraft, putTable } from './parse/draft.js';
import { childrenIn, handDown, standAlone } from './parse/family.js';
import { fullName, inheritedFrom, isCopyOf } from './parse/marks.js';

const drafts = new WeakMap<Schema, Draft>();

/**
 * All columns of a table in their order: the parents' first, as CREATE TABLE puts them, unless the table lists its own in
 * another order, because it was there before it joined its parents.
 */
const arranged = (table: Table, state: Schema): readonly Column[] => {
  const all = allColumns(table, tableFinder(state));
  const own = new Set(table.columns.map(({ name }) => name));
  const listed = all.filter(({ name }) => own.has(name));
  if (listed.every(({ name }, at) => table.columns[at]?.name === name)) return all;
  const byName = new Map(all.map((column) => [column.name, column]));
  return [
    ...all.filter(({ name }) => !own.has(name)),
    ...table.columns.map((column) => byName.get(column.name) ?? column),
  ];
};

/** A table with every column it has; what comes from a parent is marked. */
const whole = (table: Table, state: Schema): Table => {
  if (parentsOf(table).length === 0) return table;
  const { overrides: _, ...rest } = table;
  const own = new Set(table.columns.map(({ name }) => name));
  const columns = arranged(table, state).map((column) => (own.has(column.name) ? column : inheritedFrom(column)));
  return { ...rest, columns };
};

/** A draft in which every table holds what it has from its parents too. O(state) once. */
const draftOf = (state: Schema): Draft => {
  const known = drafts.get(state);
  if (known !== undefined) return known;
  const draft = newDraft();
  for (const table of state.tables) putTable(draft, whole(table, state));
  for (const table of state.tables) if (parentsOf(table).length === 0) handDown(draft, table, false);
  drafts.set(state, draft);
  return draft;
};

/**
 * The copies of a partitioned table's key or index that stand on the partitions that hold rows, under the names they get
 * when the server chooses them. O(state) once, then O(partitions).
 */
export const partitionCopies = (table: ObjectName, part: string, state: Schema): readonly PartitionCopy[] => {
  const draft = draftOf(state);
  return childrenIn(draft, table).flatMap((child) => {
    const copy = [child.primaryKey, ...child.uniques, ...child.indexes].find((one) => one && isCopyOf(one, part));
    if (copy === undefined) return [];
    return child.partitioning
      ? partitionCopies(child, copy.name, state)
      : [{ table: fullName(child), name: copy.name }];
  });
};

const normal = (table: Table): Table => {
  const [made] = normalizeSchema({ ...emptySchema('postgresql'), tables: [table] }).tables;
  return made ?? table;
};

/** What a table of a state is once it has left some of its parents; see `DiffAnswers`. O(state) once, then O(table). */
export const withoutParents: NonNullable<DiffAnswers['withoutParents']> = (table, parents, state) => {
  const draft = draftOf(state);
  const name = fullName(table);
  const standing = draft.tables.get(keyOf(name));
  if (standing === undefined) return table;
  for (const parent of parents) standAlone(draft, name, parent);
  const alone = draft.tables.get(keyOf(name)) ?? standing;
  putTable(draft, standing);
  return normal(apartFromParents(alone, (other) => draft.tables.get(keyOf(other))));
};
