import type { EngineObject } from '@dsem/schema';
import type { Members } from '../../dialect/operator-classes.js';
import { classObject, familyObject } from '../../dialect/parse/operator-classes.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { optional } from './rows.js';

/** A name without the schema of the server. */
const spelled = (schema: string, name: string): string =>
  `CASE WHEN ${schema} = 'pg_catalog' THEN '' ELSE quote_ident(${schema}) || '.' END || ${name}`;

const operators = (
  family: string,
  where: string,
): string => `(SELECT json_agg(json_build_object('number', m.amopstrategy,
    'left', format_type(m.amoplefttype, NULL), 'right', format_type(m.amoprighttype, NULL),
    'operator', ${spelled('s.nspname', 'o.oprname')}, 'orderBy', (SELECT ${spelled('g.nspname', 'quote_ident(b.opfname)')}
      FROM pg_opfamily b JOIN pg_namespace g ON g.oid = b.opfnamespace WHERE b.oid = m.amopsortfamily)))
  FROM pg_amop m JOIN pg_operator o ON o.oid = m.amopopr JOIN pg_namespace s ON s.oid = o.oprnamespace
  WHERE m.amopfamily = ${family} AND ${where})`;

const functions = (family: string, where: string): string => `(SELECT json_agg(json_build_object('number', m.amprocnum,
    'left', format_type(m.amproclefttype, NULL), 'right', format_type(m.amprocrighttype, NULL), 'function', f.oid::regproc::text,
    'arguments', (SELECT coalesce(json_agg(format_type(t, NULL) ORDER BY at), '[]'::json)
      FROM unnest(f.proargtypes::oid[]) WITH ORDINALITY AS a(t, at))))
  FROM pg_amproc m JOIN pg_proc f ON f.oid = m.amproc::oid
  WHERE m.amprocfamily = ${family} AND ${where})`;

/** Operator families with all that they hold, and classes; a class in a family of the server with what came with it. */
export const operatorClassQuery = `
SELECT 'family' AS kind, n.nspname::text AS namespace, y.opfname::text AS name, a.amname::text AS method,
  obj_description(y.oid, 'pg_opfamily') AS comment, NULL AS type, NULL AS family, NULL AS storage, NULL::boolean AS "default",
  ${operators('y.oid', 'true')} AS operators, ${functions('y.oid', 'true')} AS functions
FROM pg_opfamily y JOIN pg_namespace n ON n.oid = y.opfnamespace JOIN pg_am a ON a.oid = y.opfmethod
WHERE ${ofUser()} AND ${notOfExtension('pg_opfamily', 'y.oid')}
UNION ALL
SELECT 'class', n.nspname, c.opcname, a.amname, obj_description(c.oid, 'pg_opclass'), format_type(c.opcintype, NULL),
  ${spelled('h.nspname', 'quote_ident(y.opfname)')}, CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END, c.opcdefault,
  CASE WHEN h.nspname = 'pg_catalog' THEN ${operators('y.oid', 'm.oid >= 16384 AND m.amoplefttype = c.opcintype')} END,
  CASE WHEN h.nspname = 'pg_catalog' THEN ${functions('y.oid', 'm.oid >= 16384 AND m.amproclefttype = c.opcintype')} END
FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am a ON a.oid = c.opcmethod
JOIN pg_opfamily y ON y.oid = c.opcfamily JOIN pg_namespace h ON h.oid = y.opfnamespace
WHERE ${ofUser()} AND ${notOfExtension('pg_opclass', 'c.oid')}`;

export interface OperatorClassRow {
  readonly kind: 'family' | 'class';
  readonly namespace: string;
  readonly name: string;
  readonly method: string;
  readonly comment: string | null;
  readonly type: string | null;
  readonly family: string | null;
  readonly storage: string | null;
  readonly default: boolean | null;
  readonly operators: Members['operators'] | null;
  readonly functions: Members['functions'] | null;
}

const object = (row: OperatorClassRow): EngineObject => {
  const { name, method } = row;
  const operators = (row.operators ?? []).map(({ orderBy, ...one }) => ({ ...one, ...optional('orderBy', orderBy) }));
  const members: Members = { operators, functions: row.functions ?? [] };
  const comment = optional('comment', row.comment);
  if (row.kind === 'family') return { ...familyObject(row, name, method, members), ...comment };
  const held = { class: name, method, type: row.type ?? '', family: row.family ?? '', ...members };
  const made = classObject(row, {
    ...held,
    ...(row.default ? { default: true } : {}),
    ...optional('storage', row.storage),
  });
  return { ...made, ...comment };
};

/** Turns rows of `operatorClassQuery` into nouns. */
export const operatorClasses = (rows: readonly OperatorClassRow[]): readonly EngineObject[] => rows.map(object);
