import type { AlterDefaultPrivilegesStmt, Node } from '@pgsql/types';
import { engineObjectPath } from '@dsem/schema';
import {
  type DefaultObjects,
  type DefaultPrivileges,
  defaultPrivilegesIn,
  defaultPrivilegesKind,
  defaultPrivilegesOf,
  defaultsFor,
  defaultTargets,
  usualPrivileges,
} from '../default-privileges.js';
import { allPrivileges, defaultPrivileges, grantableOf, grantOf, type GrantTarget, onText } from '../grants.js';
import { nameParts } from '../type-names.js';
import { defaultNamespace } from '../types.js';
import { contradict, type Draft, missing, refuse, type Site } from './draft.js';
import { fullName } from './marks.js';
import { elementsOf } from './options.js';
import { roleNamed } from './roles.js';

const objectsOf: { readonly [type: string]: DefaultObjects } = {
  OBJECT_TABLE: 'tables',
  OBJECT_SEQUENCE: 'sequences',
  OBJECT_FUNCTION: 'functions',
  OBJECT_ROUTINE: 'functions',
  OBJECT_TYPE: 'types',
  OBJECT_SCHEMA: 'schemas',
};

const here = 'ALTER DEFAULT PRIVILEGES';

const rolesOf = (nodes: readonly Node[] | undefined, site: Site): readonly string[] =>
  (nodes ?? []).flatMap((node) => ('RoleSpec' in node ? [roleNamed(node.RoleSpec, here, site)] : []));

const listed = (statement: AlterDefaultPrivilegesStmt, name: string): readonly Node[] => {
  const arg = elementsOf(statement.options).find(({ defname }) => defname === name)?.arg;
  return arg && 'List' in arg ? (arg.List.items ?? []) : [];
};

const privilegesOf = (objects: DefaultObjects, nodes: readonly Node[] | undefined, site: Site): readonly string[] => {
  const known = allPrivileges[defaultTargets[objects]];
  const given = (nodes ?? []).flatMap((node) =>
    'AccessPriv' in node && node.AccessPriv.priv_name ? [node.AccessPriv.priv_name.toUpperCase()] : [],
  );
  const strange = given.find((one) => !known.includes(one));
  if (strange !== undefined) contradict(`${strange} is no privilege of ${objects}.`, here, site);
  return given.length === 0 ? known : given;
};

const union = (one: readonly string[], other: readonly string[]): readonly string[] => [...new Set([...one, ...other])];
const without = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((privilege) => !other.includes(privilege));

interface Act {
  readonly grant: boolean;
  readonly option: boolean;
  readonly privileges: readonly string[];
}

const change = (draft: Draft, place: Omit<DefaultPrivileges, 'privileges' | 'grantable'>, act: Act): void => {
  const empty = { ...place, privileges: [], grantable: [] };
  const usual = usualPrivileges(empty);
  const path = engineObjectPath(defaultPrivilegesOf(empty));
  const found = draft.others.get(path);
  const earlier = found ? defaultPrivilegesIn(found) : { privileges: usual, grantable: [] };
  const { grant, option, privileges } = act;
  const now = grant
    ? union(earlier.privileges, privileges)
    : option
      ? earlier.privileges
      : without(earlier.privileges, privileges);
  const given = grant ? union(earlier.grantable, option ? privileges : []) : without(earlier.grantable, privileges);
  const same = now.length === usual.length && now.every((one) => usual.includes(one)) && given.length === 0;
  if (same) draft.others.delete(path);
  else draft.others.set(path, defaultPrivilegesOf({ ...place, privileges: now, grantable: given }));
};

/** ALTER DEFAULT PRIVILEGES. */
export const alterDefaultPrivileges = (draft: Draft, statement: AlterDefaultPrivilegesStmt, site: Site): void => {
  const { action } = statement;
  const objects = objectsOf[action?.objtype ?? ''];
  if (!action || objects === undefined)
    return refuse(
      `${here} for this kind of object is not supported`,
      (action?.objtype ?? '').replace('OBJECT_', ''),
      site,
    );
  const schemas = nameParts([...listed(statement, 'schemas')]);
  for (const name of schemas)
    if (name !== defaultNamespace && !draft.namespaces.has(name)) missing('schema', { name }, site);
  const roles = rolesOf(listed(statement, 'roles'), site);
  const act = {
    grant: action.is_grant ?? false,
    option: action.grant_option ?? false,
    privileges: privilegesOf(objects, action.privileges, site),
  };
  for (const grantee of rolesOf(action.grantees, site))
    for (const role of roles.length === 0 ? [undefined] : roles)
      for (const schema of schemas.length === 0 ? [undefined] : schemas)
        change(
          draft,
          { objects, grantee, ...(role === undefined ? {} : { role }), ...(schema === undefined ? {} : { schema }) },
          act,
        );
};

type Found = readonly [DefaultObjects, GrantTarget];

/** Everything that is made with default privileges, by how a grant names it. */
const standing = (draft: Draft): ReadonlyMap<string, Found> => {
  const found: Found[] = [
    ...[...draft.tables.values(), ...draft.views.values()].map((one): Found => [
      'tables',
      { kind: 'relation', ...fullName(one) },
    ]),
    ...[...draft.sequences.values()].map((one): Found => ['sequences', { kind: 'sequence', ...fullName(one) }]),
    ...[...draft.tables.values()].flatMap((table) =>
      table.columns
        .filter(({ identity }) => identity !== undefined)
        .map(({ name }): Found => ['sequences', { kind: 'sequence of', ...fullName(table), column: name }]),
    ),
    ...[...draft.types.values()].map((one): Found => ['types', { kind: 'type', ...fullName(one) }]),
    ...[...draft.routines.values()].map((one): Found => [
      'functions',
      { kind: 'routine', ...fullName(one), signature: one.signature },
    ]),
    ...[...draft.namespaces.values()].map(({ name }): Found => ['schemas', { kind: 'schema', name }]),
  ];
  return new Map(found.map((one) => [onText(one[1]), one]));
};

const give = (draft: Draft, [objects, target]: Found): void => {
  const schema = 'namespace' in target ? target.namespace : undefined;
  for (const { grantee, privileges, grantable } of defaultsFor(draft.others.values(), objects, schema)) {
    const on = onText(target);
    const name = `${grantee} on ${on}`;
    const earlier = draft.grants.get(name);
    const held = earlier?.privileges ?? (privileges.length === 0 ? [] : defaultPrivileges(target, grantee));
    const handed = union(earlier ? grantableOf(earlier) : [], grantable);
    draft.grants.set(name, grantOf(grantee, on, union(held, privileges), handed));
  }
};

const renames = new Set(['RenameStmt', 'AlterObjectSchemaStmt']);

/** Reads a statement, and gives what it makes the privileges that new objects have by default. O(objects) where there are any. */
export const withDefaults = (draft: Draft, kind: string, read: () => void): void => {
  const any = [...draft.others.values()].some((one) => one.kind === defaultPrivilegesKind);
  if (!any || renames.has(kind)) return read();
  const before = standing(draft);
  read();
  for (const [on, found] of standing(draft)) if (!before.has(on)) give(draft, found);
};

/** Default privileges in a schema go along with it. */
export const dropDefaultsIn = (draft: Draft, schema: string): void => {
  for (const [path, object] of draft.others)
    if (object.kind === defaultPrivilegesKind && defaultPrivilegesIn(object).schema === schema)
      draft.others.delete(path);
};

/** Default privileges in a schema follow its new name. */
export const moveDefaultsIn = (draft: Draft, from: string, to: string): void => {
  for (const [path, object] of [...draft.others]) {
    if (object.kind !== defaultPrivilegesKind || defaultPrivilegesIn(object).schema !== from) continue;
    draft.others.delete(path);
    const moved = defaultPrivilegesOf({ ...defaultPrivilegesIn(object), schema: to });
    draft.others.set(engineObjectPath(moved), moved);
  }
};
