import type { Check, ForeignKey, ObjectName, PrimaryKey, ReferentialAction, Table, Unique } from '@dsem/schema';
import { modelledRelation, notOfExtension, ofUser } from './catalogue.js';
import { attributesOf, optional, reloptionsOf } from './rows.js';

export const constraintQuery = `
SELECT k.conrelid AS relation, k.conname::text AS name, k.contype AS kind, k.convalidated AS validated,
  k.condeferrable AS deferrable, k.condeferred AS deferred, k.connoinherit AS no_inherit, k.conkey AS columns,
  k.confrelid AS target, k.confkey AS target_columns, k.confupdtype AS on_update, k.confdeltype AS on_delete,
  k.confmatchtype AS match, CASE WHEN k.contype IN ('f', 'c') THEN to_jsonb(k)->>'conenforced' = 'false' END AS not_enforced,
  CASE WHEN k.confdeltype IN ('n', 'd') AND jsonb_typeof(to_jsonb(k)->'confdelsetcols') = 'array'
    THEN ARRAY(SELECT p::int FROM jsonb_array_elements_text(to_jsonb(k)->'confdelsetcols') WITH ORDINALITY AS e(p, n)
      ORDER BY e.n) ELSE '{}' END AS delete_columns,
  pg_get_expr(k.conbin, k.conrelid) AS expression,
  CASE WHEN k.contype = 'u' THEN to_jsonb(i)->>'indnullsnotdistinct' = 'true' END AS nulls_not_distinct,
  CASE WHEN i.indnatts > i.indnkeyatts AND k.contype IN ('p', 'u')
    THEN (i.indkey::int2[])[i.indnkeyatts:] ELSE '{}' END AS include,
  CASE WHEN k.contype IN ('p', 'u') THEN (SELECT ic.reloptions FROM pg_class ic WHERE ic.oid = k.conindid) END AS storage,
  CASE WHEN k.contype IN ('p', 'u', 'f') THEN to_jsonb(k)->>'conperiod' = 'true' END AS period, d.description AS comment
FROM pg_constraint k
LEFT JOIN pg_description d ON d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass AND d.objsubid = 0
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = k.conindid
WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0
  AND NOT (k.coninhcount > 0 AND (NOT k.conislocal OR c.relispartition)) AND ${modelledRelation()} AND ${ofUser()}
  AND ${notOfExtension('pg_class', 'c.oid')}`;

export interface ConstraintRow {
  readonly relation: number;
  readonly name: string;
  readonly kind: 'p' | 'u' | 'f' | 'c';
  readonly validated: boolean;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly no_inherit: boolean;
  readonly columns: readonly number[] | null;
  readonly target: number;
  readonly target_columns: readonly number[] | null;
  readonly on_update: string;
  readonly on_delete: string;
  readonly match: string;
  readonly not_enforced: boolean | null;
  readonly delete_columns: readonly number[];
  readonly expression: string | null;
  readonly nulls_not_distinct: boolean | null;
  /** Positions in the table: the index calls a column that is in the key as well by another name. */
  readonly include: readonly number[];
  readonly storage: readonly string[] | null;
  readonly period: boolean | null;
  readonly comment: string | null;
}

/** What constraints need to know of the relations around them. */
export interface Names {
  readonly relation: (oid: number) => ObjectName | undefined;
  readonly column: (relation: number, position: number) => string;
}

const actions: { readonly [letter: string]: ReferentialAction | undefined } = {
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

const yes = (flag: boolean): true | undefined => (flag ? true : undefined);
const deferral = (row: ConstraintRow) => ({
  deferrable: yes(row.deferrable),
  initiallyDeferred: yes(row.deferred),
  notEnforced: yes(row.not_enforced === true),
});
const columnsOf = (relation: number, positions: readonly number[] | null, names: Names): readonly string[] =>
  (positions ?? []).map((position) => names.column(relation, position));

const key = (row: ConstraintRow, names: Names): PrimaryKey & Unique => ({
  name: row.name,
  columns: columnsOf(row.relation, row.columns, names),
  ...optional('comment', row.comment),
  ...attributesOf({
    ...deferral(row),
    nullsNotDistinct: yes(row.nulls_not_distinct === true),
    include: row.include.length === 0 ? undefined : columnsOf(row.relation, row.include, names),
    options: reloptionsOf(row.storage),
    withoutOverlaps: yes(row.period === true),
  }),
});

const foreignKey = (row: ConstraintRow, names: Names): ForeignKey => ({
  name: row.name,
  columns: columnsOf(row.relation, row.columns, names),
  references: {
    ...(names.relation(row.target) ?? { name: `relation ${row.target}` }),
    columns: columnsOf(row.target, row.target_columns, names),
  },
  ...optional('onDelete', actions[row.on_delete]),
  ...optional('onUpdate', actions[row.on_update]),
  ...(row.validated || row.not_enforced === true ? {} : { validated: false as const }),
  ...optional('comment', row.comment),
  ...attributesOf({
    ...deferral(row),
    match: row.match === 'f' ? 'full' : undefined,
    period: yes(row.period === true),
    onDeleteColumns: row.delete_columns.length === 0 ? undefined : columnsOf(row.relation, row.delete_columns, names),
  }),
});

const check = (row: ConstraintRow): Check => ({
  name: row.name,
  expression: row.expression ?? '',
  ...(row.validated || row.not_enforced === true ? {} : { validated: false as const }),
  ...optional('comment', row.comment),
  ...attributesOf({ noInherit: yes(row.no_inherit), notEnforced: yes(row.not_enforced === true) }),
});

/** The four constraint parts of one table. */
export const constraints = (
  rows: readonly ConstraintRow[],
  names: Names,
): Pick<Table, 'primaryKey' | 'uniques' | 'foreignKeys' | 'checks'> => {
  const of = (kind: ConstraintRow['kind']) => rows.filter((row) => row.kind === kind);
  return {
    ...optional('primaryKey', of('p').map((row) => key(row, names))[0]),
    uniques: of('u').map((row) => key(row, names)),
    foreignKeys: of('f').map((row) => foreignKey(row, names)),
    checks: of('c').map(check),
  };
};
