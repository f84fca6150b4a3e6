import type { ColumnDef, CreateStmt, Node } from '@pgsql/types';
import { type Column, mergedColumn, pathOf, type Table } from '@dsem/schema';
import { boundText } from '../normalize/bounds.js';
import { partitioningOf } from '../normalize/partitioning.js';
import { typeTree } from '../grammar.js';
import { withNotNull } from '../not-null.js';
import { readColumn, type ReadColumn } from './columns.js';
import { contradict, type Draft, refuse, type Site, tableOf } from './draft.js';
import { handedDown } from './family.js';
import { asOwn, inheritedFrom } from './marks.js';
import { type Full, relationOf } from './names.js';

/** The parents that a CREATE TABLE names: a partitioned table, or tables to inherit from. */
export const parentNames = ({ inhRelations = [] }: CreateStmt): readonly Full[] =>
  inhRelations.flatMap((node) => ('RangeVar' in node ? [relationOf(node.RangeVar)] : []));

/** What a CREATE TABLE says of partitions and parents. @throws NotYetDefined when a parent is not there yet */
export const familyOf = (draft: Draft, statement: CreateStmt, site: Site): Partial<Table> => {
  const parents = parentNames(statement).map((name) => ({ name, table: tableOf(draft, name, site) }));
  const [parent] = parents;
  const { partspec, partbound } = statement;
  if (partbound && parent && !parent.table.partitioning)
    contradict(`The table ${pathOf(parent.name)} is not partitioned.`, pathOf(parent.name), site);
  const whole = partbound ? undefined : parents.find(({ table }) => table.partitioning ?? table.partitionOf);
  if (whole) contradict(`No table can inherit from ${pathOf(whole.name)}.`, pathOf(whole.name), site);
  return {
    ...(partspec ? { partitioning: partitioningOf(partspec) } : {}),
    ...(partbound && parent ? { partitionOf: { ...parent.name, bound: boundText(partbound) } } : {}),
    ...(partbound || parents.length === 0 ? {} : { inherits: parents.map(({ name }) => name) }),
  };
};

/** The columns a table starts with: those of its parents, merged by name. */
export const inheritedAtFirst = (draft: Draft, parents: readonly Full[], site: Site): readonly Column[] => {
  const columns = new Map<string, Column>();
  for (const column of parents.flatMap((name) => tableOf(draft, name, site).columns)) {
    const earlier = columns.get(column.name);
    const handed = handedDown(column);
    columns.set(column.name, earlier ? mergedColumn(earlier, column) : handed);
  }
  return [...columns.values()];
};

/** A column that a parent has as well: what is written here comes on top. */
const mergedWith = (parent: Column, written: Column, isPartition: boolean): Column => {
  const { default: value, generated, nullable, identity, attributes } = written;
  const merged: Column = {
    ...asOwn(parent),
    type: written.type,
    nullable: parent.nullable && nullable,
    ...(value === undefined ? {} : { default: value }),
    ...(generated === undefined ? {} : { generated }),
    ...(identity === undefined ? {} : { identity }),
    ...(attributes === undefined ? {} : { attributes: { ...asOwn(parent).attributes, ...attributes } }),
  };
  const alike = parent.nullable ? merged : withNotNull(merged, {});
  return isPartition ? inheritedFrom(withNotNull(alike, {})) : alike;
};

/** `a DEFAULT 5` of a partition and `a WITH OPTIONS NOT NULL` leave the type to the parent. */
export const readChildColumn = (
  draft: Draft,
  name: Full,
  definition: ColumnDef,
  parents: readonly Column[],
  site: Site,
): ReadColumn => {
  const parent = parents.find((column) => column.name === definition.colname);
  const path = pathOf(name, definition.colname ?? '');
  const isPartition = definition.typeName === undefined;
  if (parent === undefined) {
    if (isPartition) contradict(`The column ${path} is not defined.`, path, site);
    return readColumn(draft, name, definition, site);
  }
  const typed = isPartition ? { ...definition, typeName: typeTree(parent.type.native) } : definition;
  const read = readColumn(draft, name, typed, site);
  return { ...read, column: mergedWith(parent, read.column, isPartition) };
};

const isWhole = ({ name }: Column, names: ReadonlySet<string>): boolean => !names.has(name);

/** Parents' columns in their order, each as the child says it, then the child's own. */
export const arranged = (parents: readonly Column[], written: readonly Column[]): readonly Column[] => {
  const byName = new Map(written.map((column) => [column.name, column]));
  const names = new Set(parents.map(({ name }) => name));
  return [
    ...parents.map((column) => byName.get(column.name) ?? column),
    ...written.filter((column) => isWhole(column, names)),
  ];
};

/** Refuses what only a temporary or foreign form of an element could say. */
export const relationIn = (node: Node | undefined, object: string, site: Site): Full =>
  node && 'RangeVar' in node ? relationOf(node.RangeVar) : refuse('This parent is not supported', object, site);
