import { engineObjectPath, type Grant, type ObjectName, ownershipOf } from '@dsem/schema';
import { operatorObject } from '../../dialect/parse/code-objects.js';
import type { GrantTarget } from '../../dialect/grants.js';
import { onText } from '../../dialect/grants.js';
import { type ObjectKind, objectKinds } from '../../dialect/objects.js';
import { methodKey } from '../../dialect/operator-classes.js';
import { notOfExtension, ofUser } from './catalogue.js';
import { fields, type GrantRow, grants, grantSources, major, type Source, targetOf } from './grants.js';

const role = (owner: string): string => `(SELECT r.rolname::text FROM pg_roles r WHERE r.oid = ${owner})`;

const ownedSources: readonly Source[] = grantSources.filter(
  ({ kind }) =>
    !["'column'", "'sequence of'", `'${objectKinds.server.kind}'`, `'${objectKinds.wrapper.kind}'`].includes(kind),
);

/** Sequences of columns belong to whom their table does, and rows have no type of their own. */
const besides: { readonly [kind: string]: string | undefined } = {
  "'type'": `AND t.typtype IN ('e', 'd', 'r', 'c') AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')`,
};

const notOfColumn = `AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend s WHERE s.classid = 'pg_class'::regclass
    AND s.objid = c.oid AND s.refclassid = 'pg_class'::regclass AND s.deptype IN ('a', 'i')))`;

const owned = (source: Source): string => `
SELECT ${fields(source)}, ${role(source.owner)} AS owner
FROM ${source.from}
WHERE ${source.where} ${besides[source.kind] ?? (source.owner === 'c.relowner' ? notOfColumn : '')}`;

interface Place {
  readonly catalogue: string;
  readonly prefix: string;
  /** Further parts of the name. */
  readonly part?: string;
  readonly from?: string;
}

const ofObject = ({ kind, placed }: ObjectKind, { catalogue, prefix, part = 'NULL', from = '' }: Place): string => `
SELECT '${kind}', ${placed ? 'n.nspname::text' : 'NULL'}, x.${prefix}name::text, ${part}, ${role(`x.${prefix}owner`)}
FROM ${catalogue} x ${placed ? `JOIN pg_namespace n ON n.oid = x.${prefix}namespace` : ''} ${from}
WHERE ${placed ? ofUser() : 'true'} AND ${notOfExtension(catalogue, 'x.oid')}`;

const method = (column: string): Pick<Place, 'part' | 'from'> => ({
  part: 'm.amname::text',
  from: `JOIN pg_am m ON m.oid = x.${column}`,
});

const operands = `json_build_object('left', CASE WHEN x.oprleft <> 0 THEN format_type(x.oprleft, NULL) END,
  'right', CASE WHEN x.oprright <> 0 THEN format_type(x.oprright, NULL) END)::text`;

/** Who owns what the model holds, in one answer. */
export const ownerQuery = [
  ...ownedSources.map(owned),
  ofObject(objectKinds.wrapper, { catalogue: 'pg_foreign_data_wrapper', prefix: 'fdw' }),
  ofObject(objectKinds.server, { catalogue: 'pg_foreign_server', prefix: 'srv' }),
  ofObject(objectKinds.publication, { catalogue: 'pg_publication', prefix: 'pub' }),
  ofObject(objectKinds.collation, { catalogue: 'pg_collation', prefix: 'coll' }),
  ofObject(objectKinds.eventTrigger, { catalogue: 'pg_event_trigger', prefix: 'evt' }),
  ofObject(objectKinds.operator, { catalogue: 'pg_operator', prefix: 'opr', part: operands }),
  ofObject(objectKinds.operatorClass, { catalogue: 'pg_opclass', prefix: 'opc', ...method('opcmethod') }),
  ofObject(objectKinds.operatorFamily, { catalogue: 'pg_opfamily', prefix: 'opf', ...method('opfmethod') }),
  ofObject(objectKinds.conversion, { catalogue: 'pg_conversion', prefix: 'con' }),
  ofObject(objectKinds.statistics, { catalogue: 'pg_statistic_ext', prefix: 'stx' }),
  ofObject(objectKinds.dictionary, { catalogue: 'pg_ts_dict', prefix: 'dict' }),
  ofObject(objectKinds.configuration, { catalogue: 'pg_ts_config', prefix: 'cfg' }),
].join('\nUNION ALL\n');

/** What owners may do with what is theirs, where something was said of its privileges. */
export const ownPrivilegeQuery = grantSources
  .map(
    (source) => `
SELECT ${fields(source)}, ${role(source.owner)} AS grantee,
  coalesce((SELECT array_agg(DISTINCT a.privilege_type) FROM aclexplode(${source.acl}) a WHERE a.grantee = ${source.owner}), '{}') AS privileges,
  '{}'::text[] AS grantable, ${major}
FROM ${source.from}
WHERE ${source.where} AND ${source.acl} IS NOT NULL`,
  )
  .join('\nUNION ALL\n');

export interface OwnerRow extends Omit<GrantRow, 'kind' | 'grantee' | 'privileges' | 'grantable' | 'major'> {
  readonly kind: string;
  readonly owner: string | null;
}

const kinds: ReadonlySet<string> = new Set(Object.values<ObjectKind>(objectKinds).map(({ kind }) => kind));

const objectPath = ({ kind, namespace, name, part }: OwnerRow): string => {
  const place: ObjectName = namespace === null ? { name } : { namespace, name };
  if (kind === objectKinds.operator.kind) {
    const { left, right } = JSON.parse(part ?? '{}') as { readonly [side: string]: string | null };
    return engineObjectPath(operatorObject(place, name, { left: left ?? undefined, right: right ?? undefined }));
  }
  return engineObjectPath({ kind, ...place, name: part === null ? name : methodKey(name, part) });
};

const pathOfRow = (row: OwnerRow): string =>
  kinds.has(row.kind) ? objectPath(row) : onText(targetOf(row as OwnerRow & { readonly kind: GrantTarget['kind'] }));

/** Turns rows of `ownerQuery` and `ownPrivilegeQuery` into nouns. */
export const owners = (rows: readonly OwnerRow[], own: readonly GrantRow[]): readonly Grant[] => [
  ...rows.flatMap((row) => (row.owner === null ? [] : [ownershipOf(row.owner, pathOfRow(row))])),
  ...grants(own.filter(({ kind, privileges }) => kind !== 'column' || privileges.length > 0)),
];
