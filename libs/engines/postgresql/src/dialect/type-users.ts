import type { Column, Schema, Table, TypeDefinition } from '@dsem/schema';
import { nativeOf } from './normalize/known-types.js';
import { defaultMultirange, rangeOf } from './types/ranges.js';

/** A column whose values hold values of a type. */
export interface TypeUser {
  readonly table: Table;
  readonly column: Column;
}

/** The spellings under which a type is used: its own, and that of the multiranges it brings along. */
export const spellingsOf = (type: TypeDefinition): readonly string[] => {
  const range = rangeOf(type);
  return range ? [nativeOf(type), range.multirange ?? defaultMultirange(type)] : [nativeOf(type)];
};

/** Whether a native spelling is one of the names, alone, with modifiers or as an array. */
export const spells = (native: string, names: ReadonlySet<string>): boolean =>
  names.has(native) || names.has(native.replace(/[([].*$/s, ''));

/** The types a type is made of. */
const partsOf = (type: TypeDefinition): readonly string[] => {
  if (type.kind === 'domain') return [type.base.native];
  if (type.kind === 'struct') return type.fields.map((field) => field.type.native);
  const range = rangeOf(type);
  return range ? [range.subtype] : [];
};

const namesOf = (types: readonly TypeDefinition[]): ReadonlySet<string> => new Set(types.flatMap(spellingsOf));

/** The types made of a type, and those made of them; each after what it is made of. O(types x depth). */
export const madeOf = (type: TypeDefinition, state: Schema): readonly TypeDefinition[] => {
  const found = [type];
  for (let before = 0; before < found.length;) {
    before = found.length;
    const names = namesOf(found);
    const more = state.types.filter(
      (one) => !names.has(nativeOf(one)) && partsOf(one).some((part) => spells(part, names)),
    );
    found.push(...more);
  }
  const rest = found.slice(1);
  return inMakingOrder(rest);
};

const inMakingOrder = (types: readonly TypeDefinition[]): readonly TypeDefinition[] => {
  const open = new Set(types);
  const ordered: TypeDefinition[] = [];
  while (open.size > 0) {
    const names = namesOf([...open]);
    const ready = [...open].filter((type) => !partsOf(type).some((part) => spells(part, names)));
    for (const type of ready.length > 0 ? ready : open) {
      ordered.push(type);
      open.delete(type);
    }
  }
  return ordered;
};

/** The columns of the types, in the order of tables. O(columns). */
export const columnsOfTypes = (types: readonly TypeDefinition[], state: Schema): readonly TypeUser[] => {
  const names = namesOf(types);
  return state.tables.flatMap((table) =>
    table.columns.filter((column) => spells(column.type.native, names)).map((column) => ({ table, column })),
  );
};
