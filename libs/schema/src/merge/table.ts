import { tableShell } from '../apply.js';
import { canonicalJson } from '../digest.js';
import {
  type Column,
  type ColumnOverride,
  type ColumnType,
  type Noun,
  type ObjectName,
  pathOf,
  type PrimaryKey,
  type Table,
} from '../model.js';
import { type Slot, tableSlots } from '../slot.js';
import type { MergeAnswers } from './answers.js';
import type { Place, Three } from './conflict.js';
import type { Judge } from './judge.js';
import { mergeNamed, mergeOne, type NamedRules } from './named.js';
import { mergeOrder } from './order.js';
import { type KeyRule, type KeyRules, mergeKeys, mergeSet, nested, wholeBut } from './values.js';

const sides = <Value, Of>(three: Three<Value>, read: (value: Value) => Of | undefined): Three<Of> => ({
  base: three.base === undefined ? undefined : read(three.base),
  ours: three.ours === undefined ? undefined : read(three.ours),
  theirs: three.theirs === undefined ? undefined : read(three.theirs),
});

/** Of two types the one that holds the values of the other; nothing where neither does. */
const wider = ({ ours, theirs }: Three<ColumnType>, { typeChange }: MergeAnswers): ColumnType | undefined => {
  if (ours === undefined || theirs === undefined || typeChange === undefined) return undefined;
  if (typeChange(ours, theirs).effect === 'widen') return theirs;
  return typeChange(theirs, ours).effect === 'widen' ? ours : undefined;
};

const typeRule =
  (answers: MergeAnswers): KeyRule =>
  (judge, place, aspect, values) => {
    const three = values as Three<ColumnType>;
    const same = (a?: ColumnType, b?: ColumnType): boolean =>
      a !== undefined && b !== undefined ? answers.diff.sameType(a, b) : a === b;
    return judge.settle(place, aspect, three, { same, proposal: wider(three, answers) });
  };

const columnRules = (answers: MergeAnswers): KeyRules => ({
  type: typeRule(answers),
  attributes: nested,
  identity: nested,
  fields: (judge, place, _, three) => {
    const fields = mergeColumns(judge, place.object, three as Three<readonly Column[]>, answers);
    return fields.length === 0 ? undefined : fields;
  },
});

/** The path of something inside an object whose path is known already. */
const inside = (object: string, name: string): string => `${object}.${pathOf({ name })}`;

/** Columns of a table, fields of a document or of a composite type: each by itself, the order of the side that changed it. */
export const mergeColumns = (
  judge: Judge,
  owner: string,
  three: Three<readonly Column[]>,
  answers: MergeAnswers,
  onClash?: (order: Three<readonly string[]>, names: readonly string[]) => readonly string[],
): readonly Column[] => {
  const merged = mergeNamed(judge, three, {
    noun: 'column',
    key: ({ name }) => name,
    object: ({ name }) => inside(owner, name),
    both: (_, place, columns) => mergeKeys(judge, place, columns, columnRules(answers)),
  });
  const byName = new Map(merged.map((column) => [column.name, column]));
  const order = sides(three, (columns) => columns.map(({ name }) => name));
  const { names, clash } = mergeOrder(order, [...byName.keys()]);
  return (clash && onClash !== undefined ? onClash(order, names) : names).flatMap((name) => byName.get(name) ?? []);
};

/** What two parts with another name have in common. */
const bodyOf = ({ name: _, comment: __, ...body }: Noun): string => canonicalJson(body);

/** Parts that theirs added although ours added the same under another name. */
const doubled = <Value extends Noun>({
  base = [],
  ours = [],
  theirs = [],
}: Three<readonly Value[]>): ReadonlySet<string> => {
  const old = new Set(base.map(({ name }) => name));
  const mine = new Map(ours.map((part) => [part.name, part]));
  const added = new Set(ours.filter(({ name }) => !old.has(name)).map(bodyOf));
  if (added.size === 0) return new Set();
  return new Set(
    theirs
      .filter((part) => !old.has(part.name) && !mine.has(part.name) && added.has(bodyOf(part)))
      .map(({ name }) => name),
  );
};

const mergeParts = <Value extends Noun>(
  judge: Judge,
  owner: string,
  three: Three<Table>,
  slot: Slot<Table, Value>,
): readonly Value[] => {
  const parts = sides(three, slot.read);
  const twins = doubled(parts);
  const merged = mergeNamed(judge, parts, {
    noun: slot.noun,
    key: slot.path,
    object: ({ name }) => inside(owner, name),
    both: wholeBut(),
  });
  return twins.size === 0 ? merged : merged.filter(({ name }) => !twins.has(name));
};

const mergePrimaryKey = (judge: Judge, owner: string, three: Three<Table>): PrimaryKey | undefined => {
  const keys = sides(three, ({ primaryKey }) => primaryKey);
  const { ours, theirs } = keys;
  const name = (ours ?? theirs ?? keys.base)?.name;
  if (name === undefined) return undefined;
  const rules: NamedRules<PrimaryKey> = {
    noun: 'primary-key',
    key: (key) => key.name,
    object: (key) => inside(owner, key.name),
    both: wholeBut(),
  };
  if (keys.base === undefined && ours && theirs && bodyOf(ours) === bodyOf(theirs)) return ours;
  return mergeOne(judge, { noun: 'primary-key', object: inside(owner, name) }, keys, rules);
};

const names: KeyRule = (_, __, ___, three) => {
  const order = sides(three as Three<readonly ObjectName[]>, (values) => values.map((value) => pathOf(value)));
  const values = [three.theirs, three.ours].flatMap((side) => (side ?? []) as readonly ObjectName[]);
  const byPath = new Map(values.map((value) => [pathOf(value), value]));
  const merged = mergeOrder(order, mergeSet(order)).names.flatMap((path) => byPath.get(path) ?? []);
  return merged.length === 0 ? undefined : merged;
};

const overrides: KeyRule = (judge, place, _, three) => {
  const merged = mergeNamed(judge, three as Three<readonly ColumnOverride[]>, {
    noun: 'column',
    key: ({ name }) => name,
    object: ({ name }) => inside(place.object, name),
    both: (_, column, values) => mergeKeys(judge, column, values, { attributes: nested }),
  });
  return merged.length === 0 ? undefined : merged.toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

const shellRules: KeyRules = { attributes: nested, inherits: names, overrides };

/** A table that both sides changed: its own properties, columns, keys, constraints and indexes, each by itself. */
export const mergeTable = (judge: Judge, place: Place, three: Three<Table>, answers: MergeAnswers): Table => {
  const owner = place.object;
  const shell = mergeKeys(judge, place, sides(three, tableShell), shellRules);
  const primaryKey = mergePrimaryKey(judge, owner, three);
  return {
    ...shell,
    columns: mergeColumns(judge, owner, sides(three, tableSlots.column.read), answers),
    ...(primaryKey === undefined ? {} : { primaryKey }),
    uniques: mergeParts(judge, owner, three, tableSlots.unique),
    foreignKeys: mergeParts(judge, owner, three, tableSlots['foreign-key']),
    checks: mergeParts(judge, owner, three, tableSlots.check),
    indexes: mergeParts(judge, owner, three, tableSlots.index),
  };
};
