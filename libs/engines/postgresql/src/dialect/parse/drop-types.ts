import { type Column, engineObjectPath, pathOf, type Table, type TypeDefinition } from '@dsem/schema';
import { shortestName } from '../identifiers.js';
import { defaultNamespace } from '../types.js';
import { typeOfTable } from '../typed-tables.js';
import { rangeOf } from '../types/ranges.js';
import { type Draft, keyOf, putType, refuse, removeType, type Site } from './draft.js';
import { dropColumn } from './drop-parts.js';
import { namersOfType } from './drop-routines.js';
import { dropGrantsOn } from './grants-follow.js';
import { inTheWay } from './in-the-way.js';
import type { Full } from './names.js';
import { dropObject } from './object-drops.js';
import { objectsOfTypes } from './object-follow.js';

/** Whether a native spelling means one of the types named, alone, with modifiers or as an array. */
const means = (native: string, names: readonly string[]): boolean =>
  names.some((name) => native === name || native.startsWith(`${name}[`) || native.startsWith(`${name}(`));

/** The spellings under which a type is used: its own, and that of the multiranges it brings along. */
const spellingsOf = (type: TypeDefinition): readonly string[] => {
  const multirange = rangeOf(type)?.multirange;
  const own = shortestName(type.namespace ?? defaultNamespace, type.name);
  return multirange === undefined ? [own] : [own, multirange];
};

const nativesOf = (type: TypeDefinition): readonly string[] => {
  if (type.kind === 'domain') return [type.base.native];
  if (type.kind === 'struct') return type.fields.map((field) => field.type.native);
  const range = rangeOf(type);
  return range ? [range.subtype] : [];
};

const placeOf = (value: Table | TypeDefinition): Full => ({
  namespace: value.namespace ?? defaultNamespace,
  name: value.name,
});

const isOf =
  (names: readonly string[]) =>
  (column: Column): boolean =>
    means(column.type.native, names);

/** Why a type cannot go: the first column or type that is made of it. O(columns + types). */
const reasonFor = (draft: Draft, names: readonly string[]): string | undefined => {
  for (const table of draft.tables.values()) {
    const typed = typeOfTable(table);
    if (typed !== undefined && means(typed, names)) return `${pathOf(table)} is a table of it`;
    const column = table.columns.find(isOf(names));
    if (column) return `the column ${pathOf(table, column.name)} is of it`;
  }
  for (const type of draft.types.values()) {
    if (nativesOf(type).some((native) => means(native, names))) return `the type ${pathOf(type)} is made of it`;
  }
  const [object] = objectsOfTypes(draft, (native) => means(native, names));
  return object && `the ${engineObjectPath(object)} is about it`;
};

/** Takes a type out of the draft. What was made of it, for the check at the end of the statement. */
export const takeType = (draft: Draft, name: Full): readonly string[] | undefined => {
  const type = draft.types.get(keyOf(name));
  if (!type) return undefined;
  removeType(draft, name);
  dropGrantsOn(draft, pathOf(name));
  draft.notNullNames.delete(keyOf(name));
  return spellingsOf(type);
};

/** @throws InconsistentDefinition when something that is still there is made of a type that went. */
export const refuseUsers = (draft: Draft, name: Full, names: readonly string[], site: Site): void => {
  const [namer] = namersOfType(draft, name, site);
  const reason = reasonFor(draft, names) ?? namer?.what;
  if (reason !== undefined) inTheWay(pathOf(name), reason, pathOf(name), site);
};

/** Columns, attributes, domains and ranges of a type, and what names it, go along with it. O(columns + types) per type. */
export const dropUsers = (draft: Draft, name: Full, names: readonly string[], site: Site): void => {
  for (const table of draft.tables.values())
    if (means(typeOfTable(table) ?? '', names))
      refuse('DROP TYPE … CASCADE would take along a typed table; drop it first', pathOf(table), site);
  for (const namer of namersOfType(draft, name, site)) namer.take();
  for (const table of [...draft.tables.values()]) {
    for (const column of table.columns.filter(isOf(names)))
      dropColumn(draft, placeOf(table), column.name, { ifExists: true, cascade: true }, site);
  }
  for (const object of objectsOfTypes(draft, (native) => means(native, names)))
    dropObject(draft, object.kind, object, { ifExists: true, cascade: true }, site);
  for (const type of [...draft.types.values()]) {
    if (!nativesOf(type).some((native) => means(native, names))) continue;
    if (type.kind === 'struct') putType(draft, { ...type, fields: type.fields.filter((field) => !isOf(names)(field)) });
    else dropUsers(draft, placeOf(type), takeType(draft, placeOf(type)) ?? [], site);
  }
};
