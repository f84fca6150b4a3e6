import type { Sequence, SequenceOptions } from '@dsem/schema';
import { notOfExtension, ofUser } from './catalogue.js';
import { attributesOf, optional } from './rows.js';

/** All sequences; `ownership` is `i` for the hidden one of an identity column and `a` for OWNED BY. */
export const sequenceQuery = `
SELECT c.relname::text AS name, c.relpersistence AS persistence, n.nspname::text AS namespace, format_type(s.seqtypid, NULL) AS type,
  s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS min, s.seqmax::text AS max,
  s.seqcache::text AS cache, s.seqcycle AS cycle, d.deptype AS ownership, d.refobjid AS relation,
  d.refobjsubid AS position, obj_description(c.oid, 'pg_class') AS comment
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
  AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
WHERE ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}`;

export interface SequenceRow {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  readonly persistence: 'p' | 'u';
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
  readonly ownership: 'a' | 'i' | null;
  readonly relation: number | null;
  readonly position: number | null;
  readonly comment: string | null;
}

const limits: { readonly [type: string]: readonly [string, string] } = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

const unless = (value: string, usual: string | undefined): string | undefined => (value === usual ? undefined : value);

/** The options that differ from what the server would choose for this type and direction. */
export const optionsOf = (row: SequenceRow): SequenceOptions | undefined => {
  const [lowest, highest] = limits[row.type] ?? [];
  const down = row.increment.startsWith('-');
  const options = {
    ...optional('start', unless(row.start, down ? row.max : row.min)),
    ...optional('increment', unless(row.increment, '1')),
    ...optional('min', unless(row.min, down ? lowest : '1')),
    ...optional('max', unless(row.max, down ? '-1' : highest)),
    ...optional('cache', unless(row.cache, '1')),
    ...(row.cycle ? { cycle: true as const } : {}),
  };
  return Object.keys(options).length === 0 ? undefined : options;
};

/** Where a column stands: what the model names and catalogues number. */
export type ColumnPlace = { readonly namespace: string; readonly name: string; readonly column: string };

/** Free-standing and serial sequences; those of identity columns belong to the column. */
export const sequences = (
  rows: readonly SequenceRow[],
  place: (relation: number, position: number) => ColumnPlace | undefined,
): readonly Sequence[] =>
  rows
    .filter((row) => row.ownership !== 'i')
    .map((row) => ({
      name: row.name,
      namespace: row.namespace,
      ...optional('type', unless(row.type, 'bigint')),
      ...optional('options', optionsOf(row)),
      ...optional('ownedBy', row.relation === null ? undefined : place(row.relation, row.position ?? 0)),
      ...optional('comment', row.comment),
      ...attributesOf({ unlogged: row.persistence === 'u' ? true : undefined }),
    }));
