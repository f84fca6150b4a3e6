import type { AlterOwnerStmt, Node, ReassignOwnedStmt, RoleSpec } from '@pgsql/types';
import { type Grant, isOwnership, ownershipOf, pathOf, routinePath } from '@dsem/schema';
import { allPrivileges, everybody, grantOf, type GrantTarget, onText } from '../grants.js';
import { kindOfNode } from '../objects.js';
import { ownedKinds, ownedPath } from '../owners.js';
import { defaultNamespace } from '../types.js';
import { contradict, type Draft, keyOf, missing, refuse, type Site, typeOf } from './draft.js';
import { type Full, nameOfNode, partsOfNode } from './names.js';
import { namedBy } from './object-names-in.js';
import { findObject } from './objects.js';
import { roleNamed } from './roles.js';
import { findRoutine, routineName } from './routines.js';
import { objectWords, refusedName } from './statement-kinds.js';

const nameless = new Set(['ROLESPEC_CURRENT_ROLE', 'ROLESPEC_CURRENT_USER', 'ROLESPEC_SESSION_USER']);

/** The role that is to own an object; undefined where that is whoever runs the statement. */
const ownerNamed = (role: RoleSpec | undefined, object: string, site: Site): string | undefined => {
  if (role === undefined || nameless.has(role.roletype ?? '')) return undefined;
  const name = roleNamed(role, object, site);
  return name === everybody ? contradict('PUBLIC cannot own an object.', object, site) : name;
};

const union = (one: readonly string[], other: readonly string[]): readonly string[] => [...new Set([...one, ...other])];

/** What an owner may do goes to the next one, who keeps what it could do before. */
const handOver = (draft: Draft, on: string, from: string | undefined, to: string): void => {
  const all = allPrivileges[kindGranted(on)];
  const [given, own] = [draft.grants.get(`${from} on ${on}`), draft.grants.get(`${to} on ${on}`)];
  if (from !== undefined) draft.grants.delete(`${from} on ${on}`);
  draft.grants.delete(`${to} on ${on}`);
  if (from === undefined || given === undefined) return;
  const held = union(given.privileges, own?.privileges ?? []);
  if (all.every((one) => held.includes(one))) return;
  const moved = grantOf(to, on, held, []);
  draft.grants.set(moved.name, moved);
};

const kindGranted = (on: string): GrantTarget['kind'] => {
  const word = /^(sequence|type|routine|schema|server|foreign-data-wrapper) /u.exec(on)?.[1];
  return (word ?? 'relation') as GrantTarget['kind'];
};

const handOverColumns = (draft: Draft, path: string, from: string, to: string): void => {
  for (const grant of [...draft.grants.values()]) {
    if (grant.grantee !== from || !grant.on.startsWith(`${path}.`) || isOwnership(grant)) continue;
    const own: Grant | undefined = draft.grants.get(`${to} on ${grant.on}`);
    draft.grants.delete(grant.name);
    const moved = grantOf(to, grant.on, union(grant.privileges, own?.privileges ?? []), []);
    draft.grants.set(moved.name, moved);
  }
};

/** Lets an object belong to somebody, or, where nobody is named, to whoever makes it. */
const own = (draft: Draft, on: string, owner: string | undefined): void => {
  const name = ownershipOf('', on).name;
  const earlier = draft.grants.get(name)?.grantee;
  if (earlier !== undefined && earlier === owner) return;
  draft.grants.delete(name);
  if (owner === undefined) return;
  handOver(draft, on, earlier, owner);
  if (earlier !== undefined) handOverColumns(draft, on, earlier, owner);
  draft.grants.set(name, ownershipOf(owner, on));
};

/** OWNER TO of a table, view or sequence. */
export const ownRelation = (draft: Draft, name: Full, role: RoleSpec | undefined, site: Site): void => {
  const key = keyOf(name);
  const owner = ownerNamed(role, pathOf(name), site);
  if (draft.tables.has(key) || draft.views.has(key)) own(draft, pathOf(name), owner);
  else if (draft.sequences.has(key)) own(draft, onText({ kind: 'sequence', ...name }), owner);
  else missing('relation', name, site);
};

/** OWNER TO of a type. */
export const ownType = (draft: Draft, name: Full, role: RoleSpec | undefined, site: Site): void => {
  typeOf(draft, name, site);
  own(draft, onText({ kind: 'type', ...name }), ownerNamed(role, pathOf(name), site));
};

/** AUTHORIZATION or OWNER TO of a schema. */
export const ownSchema = (draft: Draft, name: string, role: RoleSpec | undefined, site: Site): void => {
  if (name !== defaultNamespace && !draft.namespaces.has(name)) missing('schema', { name }, site);
  own(draft, onText({ kind: 'schema', name }), ownerNamed(role, name, site));
};

const ownRoutine = (draft: Draft, node: Node, type: string, role: RoleSpec | undefined, site: Site): void => {
  const found =
    findRoutine(draft, node, type, site) ??
    (type === 'OBJECT_FUNCTION' ? findRoutine(draft, node, 'OBJECT_AGGREGATE', site) : undefined) ??
    missing(type.replace('OBJECT_', '').toLowerCase(), routineName(node), site);
  own(draft, `routine ${routinePath(found)}`, ownerNamed(role, routinePath(found), site));
};

const routines = new Set(['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_AGGREGATE']);

/** What belongs to somebody and is no part of a definition. */
const elsewhere: { readonly [type: string]: string | undefined } = {
  OBJECT_DATABASE: 'a database',
  OBJECT_TABLESPACE: 'a tablespace',
  OBJECT_LANGUAGE: 'a language',
  OBJECT_LARGEOBJECT: 'a large object',
  OBJECT_SUBSCRIPTION: 'a subscription',
};

/** ALTER ... OWNER TO of everything but tables, views and sequences. */
export const alterOwner = (draft: Draft, statement: AlterOwnerStmt, site: Site): void => {
  const { objectType: type = '', object, newowner } = statement;
  const place = elsewhere[type];
  if (place !== undefined)
    return void draft.notes.push({ message: `skipped the owner of ${place}: it is not part of a definition`, ...site });
  if (type === 'OBJECT_SCHEMA') return ownSchema(draft, partsOfNode(object).at(-1) ?? '', newowner, site);
  if (type === 'OBJECT_TYPE' || type === 'OBJECT_DOMAIN') return ownType(draft, nameOfNode(object), newowner, site);
  if (routines.has(type) && object) return ownRoutine(draft, object, type, newowner, site);
  const kind = kindOfNode(type);
  if (kind === undefined || !ownedKinds.includes(kind))
    return refuse(`OWNER TO of ${objectWords(type)} is not supported`, refusedName(type, nameOfNode(object)), site);
  const found = findObject(draft, kind.kind, namedBy(kind, object), site);
  own(draft, ownedPath(found), ownerNamed(newowner, ownedPath(found), site));
};

/** REASSIGN OWNED, for what was said to belong to one of the roles. */
export const reassignOwned = (draft: Draft, { roles, newrole }: ReassignOwnedStmt, site: Site): void => {
  const named = (roles ?? []).flatMap((node) =>
    'RoleSpec' in node ? [ownerNamed(node.RoleSpec, 'this statement', site)] : [],
  );
  const owner = ownerNamed(newrole, 'this statement', site);
  for (const grant of [...draft.grants.values()])
    if (isOwnership(grant) && named.includes(grant.grantee)) own(draft, grant.on, owner);
};
