import { pathOf, type Schema, type Table } from '../model.js';
import { tableFinder } from '../inheritance.js';
import { primaryKeySlot, type Slot, tableSlots } from '../slot.js';
import type { Three } from './conflict.js';
import type { Judge } from './judge.js';

type Tables = Three<Table>;

const decided = <Value extends { readonly name: string }>(
  judge: Judge,
  table: Table,
  { base, ours, theirs }: Tables,
  slot: Slot<Table, Value>,
): Table => {
  const find = (from: Table | undefined, name: string): Value | undefined =>
    from === undefined ? undefined : slot.read(from).find((part) => part.name === name);
  const known = [table, ours, theirs].flatMap((one) => (one === undefined ? [] : slot.read(one)));
  const parts = new Map(slot.read(table).map((part) => [part.name, part]));
  let changed = false;
  for (const name of new Set(known.map((part) => part.name))) {
    const three = { base: find(base, name), ours: find(ours, name), theirs: find(theirs, name) };
    const decision = judge.decided({ noun: slot.noun, object: pathOf(table, name) }, three);
    if (decision === undefined) continue;
    changed = true;
    if (decision.value === undefined) parts.delete(name);
    else parts.set(name, decision.value);
  }
  return changed ? slot.write(table, [...parts.values()]) : table;
};

/**
 * The merged state with what was decided about parts of tables, also of those that came whole from one side. O(parts x
 * parts of a table) where anything was decided, else O(1).
 */
export const withPartsDecided = (judge: Judge, three: Required<Three<Schema>>, merged: Schema): Schema => {
  if (!judge.decides) return merged;
  const find = (schema: Schema | undefined): ((table: Table) => Table | undefined) =>
    schema === undefined ? () => undefined : tableFinder(schema);
  const [base, ours, theirs] = [find(three.base), find(three.ours), find(three.theirs)];
  const tables = merged.tables.map((table) => {
    const all: Tables = { base: base(table), ours: ours(table), theirs: theirs(table) };
    return [
      tableSlots.column,
      primaryKeySlot,
      tableSlots.unique,
      tableSlots['foreign-key'],
      tableSlots.check,
      tableSlots.index,
    ].reduce<Table>((now, slot) => decided(judge, now, all, slot as Slot<Table, Table['indexes'][number]>), table);
  });
  return { ...merged, tables };
};
