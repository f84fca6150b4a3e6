import type { Grant } from '@dsem/schema';
import { everybody, grantOf, type GrantTarget, onText } from '../../dialect/grants.js';
import { typeTree } from '../../dialect/grammar.js';
import { routineTypeOf } from '../../dialect/parse/routine-type.js';
import { foreignKinds } from '../../dialect/foreign.js';
import { defaultNamespace } from '../../dialect/types.js';
import { notOfExtension, ofUser } from './catalogue.js';

/** Objects that carry privileges. */
export interface Source {
  /** The names of the object as SQL; `part` is a column, or the signature of a routine. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly part?: string;
  readonly acl: string;
  readonly owner: string;
  readonly from: string;
  readonly where: string;
}

/** What of an object identifies it in a row. */
export const fields = ({ kind, namespace = 'NULL', name, part = 'NULL' }: Source): string =>
  `${kind} AS kind, ${namespace}::text AS namespace, ${name}::text AS name, ${part}::text AS part`;

export const major = `current_setting('server_version_num')::integer / 10000 AS major`;

/** One row for each grantee but the owner, who may do everything anyway. */
const granted = (source: Source): string => `
SELECT ${fields(source)}, coalesce((SELECT r.rolname::text FROM pg_roles r WHERE r.oid = a.grantee), '${everybody}') AS grantee,
  array_agg(DISTINCT a.privilege_type) AS privileges,
  coalesce(array_agg(DISTINCT a.privilege_type) FILTER (WHERE a.is_grantable), '{}') AS grantable, ${major}
FROM ${source.from} CROSS JOIN LATERAL aclexplode(${source.acl}) a
WHERE ${source.where} AND a.grantee <> ${source.owner} GROUP BY 1, 2, 3, 4, a.grantee`;

/** What everybody may do by default has been taken away. */
const withheld = (source: Source): string => `
SELECT ${fields(source)}, '${everybody}', '{}', '{}', ${major}
FROM ${source.from}
WHERE ${source.where} AND ${source.acl} IS NOT NULL
  AND NOT EXISTS (SELECT FROM aclexplode(${source.acl}) a WHERE a.grantee = 0)`;

const relation = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
const ofRelation = `${ofUser()} AND ${notOfExtension('pg_class', 'c.oid')}`;

const relations: Source = {
  kind: `CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'relation' END`,
  namespace: 'n.nspname',
  name: 'c.relname',
  acl: 'c.relacl',
  owner: 'c.relowner',
  from: relation,
  where: `${ofRelation} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND NOT EXISTS (SELECT FROM pg_depend i
    WHERE i.classid = 'pg_class'::regclass AND i.objid = c.oid AND i.deptype = 'i' AND c.relkind = 'S')`,
};

const columns: Source = {
  ...relations,
  kind: `'column'`,
  part: 't.attname',
  acl: 't.attacl',
  from: `pg_attribute t JOIN ${relation.replace(' JOIN', ' ON c.oid = t.attrelid JOIN')}`,
  where: `${ofRelation} AND NOT t.attisdropped`,
};

const numberings: Source = {
  ...columns,
  kind: `'sequence of'`,
  acl: 's.relacl',
  owner: 's.relowner',
  from: `pg_depend i JOIN pg_class s ON s.oid = i.objid AND s.relkind = 'S'
    JOIN ${relation.replace(' JOIN', ' ON c.oid = i.refobjid JOIN')}
    JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum = i.refobjsubid`,
  where: `${ofRelation} AND i.classid = 'pg_class'::regclass AND i.refclassid = 'pg_class'::regclass AND i.deptype = 'i'`,
};

const schemas: Source = {
  kind: `'schema'`,
  name: 'n.nspname',
  acl: 'n.nspacl',
  owner: 'n.nspowner',
  from: 'pg_namespace n',
  where: `${ofUser()} AND ${notOfExtension('pg_namespace', 'n.oid')}`,
};

const types: Source = {
  kind: `'type'`,
  namespace: 'n.nspname',
  name: 't.typname',
  acl: 't.typacl',
  owner: 't.typowner',
  from: 'pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace',
  where: `${ofUser()} AND ${notOfExtension('pg_type', 't.oid')} AND t.typelem = 0`,
};

const servers: Source = {
  kind: `'${foreignKinds.server}'`,
  name: 's.srvname',
  acl: 's.srvacl',
  owner: 's.srvowner',
  from: 'pg_foreign_server s',
  where: notOfExtension('pg_foreign_server', 's.oid'),
};

const wrappers: Source = {
  kind: `'${foreignKinds.wrapper}'`,
  name: 'w.fdwname',
  acl: 'w.fdwacl',
  owner: 'w.fdwowner',
  from: 'pg_foreign_data_wrapper w',
  where: notOfExtension('pg_foreign_data_wrapper', 'w.oid'),
};

/** The types of what is passed, as JSON. */
const inputs = `(SELECT coalesce(jsonb_agg(format_type(a.type, NULL) ORDER BY a.place), '[]') FROM unnest(p.proargtypes) WITH ORDINALITY a(type, place))`;

const routines: Source = {
  kind: `'routine'`,
  namespace: 'n.nspname',
  name: 'p.proname',
  part: inputs,
  acl: 'p.proacl',
  owner: 'p.proowner',
  from: 'pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace',
  where: `${ofUser()} AND ${notOfExtension('pg_proc', 'p.oid')} AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`,
};

const ownPublic: Source = { ...schemas, where: `n.nspname = '${defaultNamespace}'` };

/** Everything the model holds that carries privileges. */
export const grantSources: readonly Source[] = [
  relations,
  columns,
  numberings,
  schemas,
  types,
  routines,
  servers,
  wrappers,
];

/** Privileges on everything the model holds, in one answer. */
export const grantQuery = [...grantSources.map(granted), ...[types, routines, ownPublic].map(withheld)].join(
  '\nUNION ALL\n',
);

export interface GrantRow {
  readonly kind: GrantTarget['kind'];
  readonly namespace: string | null;
  readonly name: string;
  readonly part: string | null;
  readonly grantee: string;
  readonly privileges: readonly string[];
  readonly grantable: readonly string[];
  /** The server's version. */
  readonly major: number;
}

const signatureOf = (types: string): string =>
  (JSON.parse(types) as readonly string[]).map((type) => routineTypeOf(typeTree(type))).join(', ');

/** What a row is about. */
export const targetOf = ({
  kind,
  namespace,
  name,
  part,
}: Pick<GrantRow, 'kind' | 'namespace' | 'name' | 'part'>): GrantTarget =>
  ({
    kind,
    name,
    ...(namespace === null ? {} : { namespace }),
    ...(part === null ? {} : kind === 'routine' ? { signature: signatureOf(part) } : { column: part }),
  }) as GrantTarget;

const beforeMaintain = ['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE'];

/** On servers that do not know MAINTAIN, all other privileges on a table are all. */
export const completed = (privileges: readonly string[]): readonly string[] =>
  beforeMaintain.every((one) => privileges.includes(one)) ? [...privileges, 'MAINTAIN'] : privileges;

/** Turns rows of `grantQuery` into nouns. */
export const grants = (rows: readonly GrantRow[]): readonly Grant[] =>
  rows.map((row) => {
    const whole = (privileges: readonly string[]): readonly string[] =>
      row.major < 17 && row.kind === 'relation' ? completed(privileges) : privileges;
    return grantOf(row.grantee, onText(targetOf(row)), whole(row.privileges), whole(row.grantable));
  });
