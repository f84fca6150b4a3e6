import type { Policy } from '@dsem/schema';
import { notOfExtension, ofUser } from './catalogue.js';
import type { Names } from './constraints.js';
import { attributesOf, optional } from './rows.js';

export const policyQuery = `
SELECT p.polrelid AS relation, p.polname::text AS name, p.polcmd AS command, p.polpermissive AS permissive,
  ARRAY(SELECT r.rolname::text FROM pg_roles r WHERE r.oid = ANY (p.polroles) ORDER BY 1) AS roles,
  pg_get_expr(p.polqual, p.polrelid) AS condition, pg_get_expr(p.polwithcheck, p.polrelid) AS with_check,
  obj_description(p.oid, 'pg_policy') AS comment
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}`;

export interface PolicyRow {
  readonly relation: number;
  readonly name: string;
  readonly command: '*' | 'r' | 'a' | 'w' | 'd';
  readonly permissive: boolean;
  /** None for everybody. */
  readonly roles: readonly string[];
  readonly condition: string | null;
  readonly with_check: string | null;
  readonly comment: string | null;
}

const commands: { readonly [letter: string]: string } = { r: 'select', a: 'insert', w: 'update', d: 'delete' };

/** Turns rows of `policyQuery` into nouns. */
export const policies = (rows: readonly PolicyRow[], names: Names): readonly Policy[] =>
  rows.map((row) => ({
    name: row.name,
    table: names.relation(row.relation) ?? { name: `relation ${row.relation}` },
    ...optional('command', commands[row.command]),
    ...(row.roles.length === 0 ? {} : { roles: row.roles }),
    ...optional('using', row.condition),
    ...optional('check', row.with_check),
    ...optional('comment', row.comment),
    ...attributesOf({ restrictive: row.permissive ? undefined : true }),
  }));
