import type { TableLikeClause } from '@pgsql/types';
import { type Column, type Index, pathOf, type Table, type Unique } from '@dsem/schema';
import { relationName } from './auto-names.js';
import { already, type Draft, keyOf, putTable, refuse, type Site, tableOf, twice } from './draft.js';
import { isExclusion } from '../exclusion.js';
import { definitionOf } from '../objects.js';
import type { StatisticsDefinition } from '../statistics.js';
import { asOwn, fullName } from './marks.js';
import { type Full, relationOf } from './names.js';
import { putObject } from './objects.js';
import { includedOf, indexColumns } from './partition-copies.js';
import { statistics } from './statistics-noun.js';
import { statisticsName, statisticsOn } from './statistics.js';

/** The bits of INCLUDING and EXCLUDING, as the server's `TableLikeOption` numbers them. */
const bits = {
  comments: 1,
  compression: 2,
  constraints: 4,
  defaults: 8,
  generated: 16,
  identity: 32,
  indexes: 64,
  statistics: 128,
  storage: 256,
} as const;

/** A LIKE clause with the table it copies. */
export interface Likeness {
  readonly source: Table;
  readonly includes: (what: keyof typeof bits) => boolean;
}

/** Reads a LIKE clause. @throws NotYetDefined when the table is not there yet */
export const likenessOf = (draft: Draft, clause: TableLikeClause, site: Site): Likeness => {
  const name = relationOf(clause.relation);
  if (draft.views.has(keyOf(name))) refuse('A table made like a view is not supported', pathOf(name), site);
  return {
    source: tableOf(draft, name, site),
    includes: (what) => ((clause.options ?? 0) & bits[what]) !== 0,
  };
};

const withoutComment = <Value extends Pick<Column, 'comment' | 'attributes'>>(value: Value, keep: boolean): Value => {
  const { comment: _, ...rest } = value;
  return asOwn(keep ? value : (rest as Value));
};

const attributesOf = (column: Column, { includes }: Likeness): Pick<Column, 'attributes'> => {
  const { storage, compression, statistics: _s, options: _o, numberedBy: _n, ...rest } = asOwn(column).attributes ?? {};
  const kept = {
    ...rest,
    ...(storage !== undefined && includes('storage') ? { storage } : {}),
    ...(compression !== undefined && includes('compression') ? { compression } : {}),
  };
  return Object.keys(kept).length === 0 ? {} : { attributes: kept };
};

/** The columns a LIKE clause stands for; a default, an identity or an expression only where it is included. */
export const likeColumns = (likeness: Likeness): readonly Column[] =>
  likeness.source.columns.map((column) => {
    const { default: given, identity, generated, attributes: _, ...rest } = column;
    const { includes } = likeness;
    const made: Column = {
      ...rest,
      ...attributesOf(column, likeness),
      ...(given !== undefined && includes('defaults') ? { default: given } : {}),
      ...(identity && includes('identity') ? { identity } : {}),
      ...(generated && includes('generated') ? { generated } : {}),
    };
    return withoutComment(made, includes('comments'));
  });

const addPrimaryKey = (draft: Draft, name: Full, { source, includes }: Likeness, site: Site): void => {
  if (!source.primaryKey) return;
  const table = tableOf(draft, name, site);
  if (table.primaryKey) already(`The table ${pathOf(name)} has two primary keys.`, pathOf(name), site);
  const chosen = relationName(draft, table, undefined, 'pkey', true);
  putTable(draft, {
    ...table,
    primaryKey: withoutComment({ ...source.primaryKey, name: chosen }, includes('comments')),
  });
};

const addUnique = (draft: Draft, name: Full, key: Unique, { includes }: Likeness, site: Site): void => {
  const table = tableOf(draft, name, site);
  const columns = indexColumns(
    key.columns.map((column) => ({ column })),
    includedOf(key),
  );
  const chosen = relationName(draft, table, columns, 'key', true);
  putTable(draft, {
    ...table,
    uniques: [...table.uniques, withoutComment({ ...key, name: chosen }, includes('comments'))],
  });
};

const addIndex = (draft: Draft, name: Full, index: Index, { includes }: Likeness, site: Site): void => {
  const table = tableOf(draft, name, site);
  const excludes = isExclusion(index);
  const columns = indexColumns(index.keys, index.include);
  const chosen = relationName(draft, table, columns, excludes ? 'excl' : 'idx', excludes);
  putTable(draft, {
    ...table,
    indexes: [...table.indexes, withoutComment({ ...index, name: chosen }, includes('comments'))],
  });
};

const addChecks = (draft: Draft, name: Full, { source, includes }: Likeness, site: Site): void => {
  const table = tableOf(draft, name, site);
  const taken = new Set(table.checks.map((check) => check.name));
  const clash = source.checks.find((check) => taken.has(check.name));
  const path = pathOf(name, clash?.name ?? '');
  if (clash) twice(`The constraint ${path}`, path, site);
  const copies = source.checks.map((check) => {
    const { validated: _, ...valid } = withoutComment(check, includes('comments')); // an empty table meets every check
    return valid;
  });
  putTable(draft, { ...table, checks: [...table.checks, ...copies] });
};

const addStatistics = (draft: Draft, name: Full, { source, includes }: Likeness): void => {
  for (const object of statisticsOn(draft, fullName(source))) {
    const { target: _, ...held } = definitionOf<StatisticsDefinition>(object);
    const { columns = [], expressions = [] } = held;
    const inOrder = source.columns.flatMap((column) => (columns.includes(column.name) ? [column.name] : []));
    const counted = [...inOrder, ...expressions.map(() => undefined)];
    const copy = { ...object, ...statisticsName(draft, name, counted) };
    putObject(draft, withoutComment(statistics(copy, { ...held, table: name }), includes('comments')));
  }
};

/** Adds what a LIKE clause includes beside columns; it comes after the table's own keys, and the server names it anew. */
export const addLikeParts = (draft: Draft, name: Full, likeness: Likeness, site: Site): void => {
  if (likeness.includes('constraints')) addChecks(draft, name, likeness, site);
  if (likeness.includes('statistics')) addStatistics(draft, name, likeness);
  if (!likeness.includes('indexes')) return;
  addPrimaryKey(draft, name, likeness, site);
  for (const key of likeness.source.uniques) addUnique(draft, name, key, likeness, site);
  for (const index of likeness.source.indexes) addIndex(draft, name, index, likeness, site);
};
