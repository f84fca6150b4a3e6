import type { Change, ChangeOf } from './change.js';
import { canonicalJson } from './digest.js';
import { type Column, nameOf, type ObjectName, pathOf, type Table } from './model.js';

/** Something that goes while something of the same shape comes: the same one under a new name, perhaps. */
export interface LikelyRename {
  readonly kind: 'table' | 'column';
  /** Path of what goes. */
  readonly object: string;
  readonly was: ObjectName;
  /** What it may be called from now on. */
  readonly candidates: readonly ObjectName[];
}

const ofKind = <Kind extends Change['kind']>(changes: readonly Change[], kind: Kind): readonly ChangeOf<Kind>[] =>
  changes.filter((change): change is ChangeOf<Kind> => change.kind === kind);

const columnShape = ({ type, generated, identity }: Column): unknown => ({ type, generated, identity });

const columnKey = (table: ObjectName, column: Column): string => canonicalJson([pathOf(table), columnShape(column)]);

const tableKey = ({ columns }: Table): string =>
  canonicalJson(Object.fromEntries(columns.map((column) => [column.name, columnShape(column)])));

/**
 * What a rename that nobody told of may hide behind, in changes between two states: a column that goes while its table
 * gets one of the same type, a table that goes while one with the same columns comes. Never followed, only told.
 * O(columns that come or go).
 */
export const likelyRenames = (changes: readonly Change[]): readonly LikelyRename[] => {
  const added = Map.groupBy(ofKind(changes, 'add-column'), ({ table, column }) => columnKey(table, column));
  const created = Map.groupBy(ofKind(changes, 'create-table'), ({ table }) => tableKey(table));
  const columns = ofKind(changes, 'drop-column').map(({ object, table, column }): LikelyRename => {
    const alike = added.get(columnKey(table, column)) ?? [];
    const candidates = alike.map((one) => ({ name: one.column.name }));
    return { kind: 'column', object, was: { name: column.name }, candidates };
  });
  const tables = ofKind(changes, 'drop-table').map(({ object, table }): LikelyRename => {
    const candidates = (created.get(tableKey(table)) ?? []).map((one) => nameOf(one.table));
    return { kind: 'table', object, was: nameOf(table), candidates };
  });
  return [...tables, ...columns].filter(({ candidates }) => candidates.length > 0);
};

/** What somebody is told who may have meant a rename; a sentence without its full stop. */
export const renameAdvice = ({ kind, object, was, candidates }: LikelyRename): string => {
  const now = candidates.slice(0, 3).map((name) => (kind === 'table' ? pathOf(name) : name.name));
  const shape = kind === 'table' ? 'with the same columns' : 'of the same type';
  const earlier = kind === 'table' ? pathOf(was) : was.name;
  const said = `\`-- dsem: renamed from ${earlier}\` in front of it, or "renamedFrom" in JSON, keeps what it holds`;
  const verb = now.length === 1 ? 'comes' : 'come';
  return `The ${kind} ${object} goes while ${now.join(', ')} ${shape} ${verb}; if that is a new name, ${said}`;
};
