import type { EngineObject } from '@dsem/schema';
import { castKey, transformKey } from '../../dialect/code-objects.js';
import { definition, objectKinds } from '../../dialect/objects.js';
import { operatorObject } from '../../dialect/parse/code-objects.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

const called = (column: string): string => `(SELECT json_build_object('function', f.oid::regproc::text, 'arguments',
  (SELECT coalesce(json_agg(format_type(t, NULL) ORDER BY at), '[]'::json) FROM unnest(f.proargtypes::oid[]) WITH ORDINALITY AS a(t, at)))
  FROM pg_proc f WHERE f.oid = ${column})`;

const operatorIn = (column: string): string =>
  `(SELECT CASE WHEN s.nspname = 'pg_catalog' THEN '' ELSE quote_ident(s.nspname) || '.' END || p.oprname
    FROM pg_operator p JOIN pg_namespace s ON s.oid = p.oprnamespace WHERE p.oid = ${column})`;

const type = (column: string): string => `CASE WHEN ${column} <> 0 THEN format_type(${column}, NULL) END`;

const routine = (column: string): string => `CASE WHEN ${column}::oid <> 0 THEN ${column}::text END`;

/** Operators, casts, conversions and transforms: all that they say as one object. */
export const codeQuery = `
SELECT 'operator' AS kind, n.nspname::text AS namespace, o.oprname::text AS name, obj_description(o.oid, 'pg_operator') AS comment,
  json_build_object('left', ${type('o.oprleft')}, 'right', ${type('o.oprright')}, 'function', o.oprcode::text,
    'commutator', ${operatorIn('o.oprcom')}, 'negator', ${operatorIn('o.oprnegate')}, 'restrict', ${routine('o.oprrest')},
    'join', ${routine('o.oprjoin')}, 'hashes', nullif(o.oprcanhash, false), 'merges', nullif(o.oprcanmerge, false)) AS definition
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0 AND ${ofUser()} AND ${notOfExtension('pg_operator', 'o.oid')}
UNION ALL
SELECT 'cast', NULL, '', obj_description(k.oid, 'pg_cast'),
  json_build_object('source', format_type(k.castsource, NULL), 'target', format_type(k.casttarget, NULL), 'with', ${called('k.castfunc')},
    'inout', CASE WHEN k.castmethod = 'i' THEN true END,
    'context', CASE k.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit' END)
FROM pg_cast k
WHERE k.oid >= 16384 AND ${notOfExtension('pg_cast', 'k.oid')}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype = 'i')
UNION ALL
SELECT 'conversion', n.nspname, v.conname, obj_description(v.oid, 'pg_conversion'),
  json_build_object('from', pg_encoding_to_char(v.conforencoding), 'to', pg_encoding_to_char(v.contoencoding),
    'function', v.conproc::text, 'default', nullif(v.condefault, false))
FROM pg_conversion v JOIN pg_namespace n ON n.oid = v.connamespace
WHERE ${ofUser()} AND ${notOfExtension('pg_conversion', 'v.oid')}
UNION ALL
SELECT 'transform', NULL, '', obj_description(x.oid, 'pg_transform'),
  json_build_object('type', format_type(x.trftype, NULL), 'language', l.lanname, 'fromSql', ${called('x.trffromsql::oid')},
    'toSql', ${called('x.trftosql::oid')})
FROM pg_transform x JOIN pg_language l ON l.oid = x.trflang
WHERE ${notOfExtension('pg_transform', 'x.oid')}`;

export interface CodeRow {
  readonly kind: 'operator' | 'cast' | 'conversion' | 'transform';
  readonly namespace: string | null;
  readonly name: string;
  readonly comment: string | null;
  readonly definition: { readonly [part: string]: string | boolean | null };
}

const nameOf = ({ kind, name }: CodeRow, held: EngineObject['definition']): string => {
  if (kind === objectKinds.cast.kind) return castKey(held as unknown as Parameters<typeof castKey>[0]);
  return kind === objectKinds.transform.kind
    ? transformKey(held as unknown as Parameters<typeof transformKey>[0])
    : name;
};

const object = (row: CodeRow): EngineObject => {
  const held = definition(
    Object.fromEntries(Object.entries(row.definition).map(([part, value]) => [part, value ?? undefined])),
  );
  const comment = optional('comment', row.comment);
  const place = { ...(row.namespace === null ? {} : { namespace: row.namespace }), name: row.name };
  if (row.kind === 'operator') return { ...operatorObject(place, row.name, held), ...comment };
  return { kind: row.kind, ...place, name: nameOf(row, held), ...comment, definition: held };
};

/** Turns rows of `codeQuery` into nouns. */
export const codeObjects = (rows: readonly CodeRow[]): readonly EngineObject[] => rows.map(object);
