import type { Check, Column, ObjectName, Table } from '@dsem/schema';
import { nullableBelow } from '../not-null.js';
import { type Draft, keyOf, putTable } from './draft.js';
import { asOwn, fullName, inheritedFrom, isCopyOf, isInherited } from './marks.js';
import { type Full, sameName } from './names.js';
import { addPartitionCopies, withoutCopies } from './partition-copies.js';

/** The partitions of a table and the tables that inherit from it, directly. */
export const childrenIn = (draft: Draft, parent: ObjectName): readonly Table[] =>
  [...(draft.children.get(keyOf(parent)) ?? [])].flatMap((key) => draft.tables.get(key) ?? []);

/** All tables below one, each once, parents first. */
export const tablesBelow = (draft: Draft, parent: ObjectName): readonly Full[] => {
  const found = new Map<string, Full>();
  const open = [...childrenIn(draft, parent)];
  for (const table of open) {
    if (found.has(keyOf(table))) continue;
    found.set(keyOf(table), fullName(table));
    open.push(...childrenIn(draft, table));
  }
  return [...found.values()];
};

const handed = new Set(['collation', 'storage', 'compression']);

/** A column as a child gets it: neither its comment nor its numbering nor its statistics are handed on. */
export const handedDown = (column: Column): Column => {
  const { identity: _, comment: __, attributes = {}, ...others } = column;
  const rest = { ...others, nullable: nullableBelow(column) };
  const kept = Object.entries(attributes).filter(([name]) => handed.has(name));
  return inheritedFrom({ ...rest, ...(kept.length === 0 ? {} : { attributes: Object.fromEntries(kept) }) });
};

const columnsFrom = (child: Table, parent: Table): readonly Column[] => {
  const known = new Set(child.columns.map(({ name }) => name));
  const required = new Set(parent.columns.flatMap((one) => (nullableBelow(one) ? [] : [one.name])));
  return [
    ...child.columns.map((column) => (required.has(column.name) ? { ...column, nullable: false } : column)),
    ...parent.columns.filter(({ name }) => !known.has(name)).map(handedDown),
  ];
};

const copied = ({ comment: _, ...check }: Check): Check => inheritedFrom(asOwn(check));

const checksFrom = (child: Table, parent: Table): readonly Check[] => {
  const passed = parent.checks.filter(({ attributes }) => !attributes?.noInherit);
  const names = new Set(passed.map(({ name }) => name));
  const known = new Set(child.checks.map(({ name }) => name));
  return [
    ...child.checks.map((check) => (child.partitionOf && names.has(check.name) ? inheritedFrom(check) : check)),
    ...passed.filter(({ name }) => !known.has(name)).map(copied),
  ];
};

/** Gives every table below a parent what it has from it by now. Adds only, so that it can be called again. */
export const handDown = (draft: Draft, parent: ObjectName, adopt = true): void => {
  for (const name of childrenIn(draft, parent).map(fullName)) {
    const [from, child] = [draft.tables.get(keyOf(parent)), draft.tables.get(keyOf(name))];
    if (!from || !child) continue;
    putTable(draft, { ...child, columns: columnsFrom(child, from), checks: checksFrom(child, from) });
    if (child.partitionOf) addPartitionCopies(draft, name, from, adopt);
    handDown(draft, name, adopt);
  }
};

const otherParentHas = (draft: Draft, child: Table, parent: ObjectName, has: (table: Table) => boolean): boolean =>
  (child.inherits ?? []).some((name) => {
    const other = draft.tables.get(keyOf(name));
    return other !== undefined && !sameName(name, parent) && has(other);
  });

const hasColumn =
  (name: string) =>
  ({ columns }: Table): boolean =>
    columns.some((one) => one.name === name);
const hasCheck =
  (name: string) =>
  ({ checks }: Table): boolean =>
    checks.some((one) => one.name === name && !one.attributes?.noInherit);

/** Children whose column comes from this parent alone: it goes with the parent's. */
export const childrenWithColumn = (draft: Draft, parent: ObjectName, name: string): readonly Full[] =>
  childrenIn(draft, parent).flatMap((child) => {
    const column = child.columns.find((one) => one.name === name);
    if (!column || (!isInherited(column) && !child.partitionOf)) return [];
    return otherParentHas(draft, child, parent, hasColumn(name)) ? [] : [fullName(child)];
  });

/** Takes away what tables below have from a check, key, index or foreign key of the parent that is gone. */
export const takeBack = (draft: Draft, parent: ObjectName, part: string): void => {
  for (const child of childrenIn(draft, parent)) {
    const stays = otherParentHas(draft, child, parent, hasCheck(part));
    const checks = child.checks.filter((check) => stays || check.name !== part || !isInherited(check));
    const copies = [child.primaryKey, ...child.uniques, ...child.indexes, ...child.foreignKeys].flatMap((one) =>
      one?.attributes?.inherited === part ? [one.name] : [],
    );
    putTable(draft, withoutCopies({ ...child, checks }, part));
    for (const copy of checks.length < child.checks.length ? [part, ...copies] : copies) takeBack(draft, child, copy);
  }
};

/** Lets the marks of tables below follow a part of the parent that has a new name; checks are renamed along. */
export const renameBelow = (draft: Draft, parent: ObjectName, from: string, to: string): void => {
  const follow = <Part extends Pick<Check, 'name' | 'attributes'>>(part: Part): Part =>
    isCopyOf(part, from) ? inheritedFrom(part, to) : part;
  const hands = draft.tables.get(keyOf(parent))?.checks.some(({ name }) => name === to) ?? false;
  for (const child of childrenIn(draft, parent)) {
    const { primaryKey } = child;
    const renamed = (check: Check): Check =>
      hands && check.name === from && !check.attributes?.noInherit ? { ...follow(check), name: to } : check;
    putTable(draft, {
      ...child,
      ...(primaryKey === undefined ? {} : { primaryKey: follow(primaryKey) }),
      uniques: child.uniques.map(follow),
      foreignKeys: child.foreignKeys.map(follow),
      indexes: child.indexes.map(follow),
      checks: child.checks.map(renamed),
    });
    if (hands) renameBelow(draft, child, from, to);
  }
};

const ownKeys = ({ primaryKey, uniques, indexes, foreignKeys }: Table): Partial<Table> => ({
  ...(primaryKey === undefined ? {} : { primaryKey: asOwn(primaryKey) }),
  uniques: uniques.map(asOwn),
  indexes: indexes.map(asOwn),
  foreignKeys: foreignKeys.map(asOwn),
});

/** Takes a table away from a parent: what it had from it is its own, as far as no other parent has it. */
export const standAlone = (draft: Draft, name: Full, parent: ObjectName): void => {
  const child = draft.tables.get(keyOf(name));
  if (!child) return;
  const { partitionOf, inherits = [], ...rest } = child;
  const left = inherits.filter((one) => !sameName(one, parent));
  const stays = (has: (table: Table) => boolean): boolean => otherParentHas(draft, child, parent, has);
  putTable(draft, {
    ...rest,
    ...(left.length === 0 ? {} : { inherits: left }),
    columns: child.columns.map((column) => (stays(hasColumn(column.name)) ? column : asOwn(column))),
    checks: child.checks.map((check) => (stays(hasCheck(check.name)) ? check : asOwn(check))),
    ...(partitionOf === undefined ? {} : ownKeys(child)),
  });
};
