import type { AccessPriv, GrantStmt, Node } from '@pgsql/types';
import { ownershipOf, pathOf, type Routine } from '@dsem/schema';
import {
  allPrivileges,
  defaultPrivileges,
  everybody,
  grantableOf,
  grantOf,
  type GrantTarget,
  onText,
} from '../grants.js';
import { nameParts } from '../type-names.js';
import { defaultNamespace } from '../types.js';
import { contradict, type Draft, keyOf, missing, refuse, type Site } from './draft.js';
import { fullName } from './marks.js';
import { type Full, nameOfNode, partsOfNode, relationOf } from './names.js';
import { numberedBy } from './numbering.js';
import { roleNamed } from './roles.js';
import { findRoutine, routineName } from './routines.js';

type Relation = GrantTarget & { readonly kind: 'relation' };

const numberingNamed = (draft: Draft, name: Full): GrantTarget | undefined => {
  const found = numberedBy(draft, name);
  return found && { kind: 'sequence of', ...fullName(found.table), column: found.column.name };
};

const relationTarget = (draft: Draft, name: Full, site: Site): GrantTarget => {
  const key = keyOf(name);
  if (draft.tables.has(key) || draft.views.has(key)) return { kind: 'relation', ...name };
  if (draft.sequences.has(key)) return { kind: 'sequence', ...name };
  return numberingNamed(draft, name) ?? missing('relation', name, site);
};

const schemaTarget = (draft: Draft, name: string, site: Site): GrantTarget => {
  if (name !== defaultNamespace && !draft.namespaces.has(name)) missing('schema', { name }, site);
  return { kind: 'schema', name };
};

const typeTarget = (draft: Draft, name: Full, site: Site): GrantTarget => {
  if (!draft.types.has(keyOf(name))) missing('type', name, site);
  return { kind: 'type', ...name };
};

const foreignTarget = (
  draft: Draft,
  kind: 'server' | 'foreign-data-wrapper',
  name: string,
  site: Site,
): GrantTarget => {
  if (!draft.others.has(`${kind} ${pathOf({ name })}`)) missing(kind.replaceAll('-', ' '), { name }, site);
  return { kind, name };
};

const routineTarget = (routine: Routine): GrantTarget => ({
  kind: 'routine',
  ...fullName(routine),
  signature: routine.signature,
});

/** A routine by its name; the server takes FUNCTION for aggregates too. */
const routineNamedBy = (draft: Draft, type: string, node: Node, site: Site): GrantTarget => {
  const found =
    findRoutine(draft, node, type, site) ??
    (type === 'OBJECT_FUNCTION' ? findRoutine(draft, node, 'OBJECT_AGGREGATE', site) : undefined);
  return routineTarget(found ?? missing(type.replace('OBJECT_', '').toLowerCase(), routineName(node), site));
};

/** Which routines `ALL … IN SCHEMA` means. */
const routinesOf: { readonly [type: string]: readonly Routine['kind'][] } = {
  OBJECT_FUNCTION: ['function', 'aggregate'],
  OBJECT_PROCEDURE: ['procedure'],
  OBJECT_ROUTINE: ['function', 'procedure', 'aggregate'],
};

/** Objects whose privileges are no part of a definition, and what a note calls them. */
const elsewhere: { readonly [type: string]: string } = {
  OBJECT_DATABASE: 'a database',
  OBJECT_TABLESPACE: 'a tablespace',
  OBJECT_PARAMETER_ACL: 'a parameter',
  OBJECT_LARGEOBJECT: 'a large object',
  OBJECT_LANGUAGE: 'a language',
};

const targetOfNode = (draft: Draft, type: string, node: Node, site: Site): GrantTarget => {
  switch (type) {
    case 'OBJECT_TABLE':
    case 'OBJECT_SEQUENCE':
      return relationTarget(draft, relationOf('RangeVar' in node ? node.RangeVar : undefined), site);
    case 'OBJECT_SCHEMA':
      return schemaTarget(draft, partsOfNode(node).at(-1) ?? '', site);
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return typeTarget(draft, nameOfNode(node), site);
    case 'OBJECT_FOREIGN_SERVER':
      return foreignTarget(draft, 'server', partsOfNode(node).at(-1) ?? '', site);
    case 'OBJECT_FDW':
      return foreignTarget(draft, 'foreign-data-wrapper', partsOfNode(node).at(-1) ?? '', site);
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
      return routineNamedBy(draft, type, node, site);
    default:
      return refuse(
        `A privilege on ${type.replace('OBJECT_', '')} is not supported`,
        partsOfNode(node).join('.'),
        site,
      );
  }
};

const inSchema = (draft: Draft, type: string, namespace: string): readonly GrantTarget[] => {
  const held = (map: ReadonlyMap<string, { readonly namespace?: string; readonly name: string }>) =>
    [...map.values()].map(fullName).filter((one) => one.namespace === namespace);
  if (type === 'OBJECT_TABLE')
    return [...held(draft.tables), ...held(draft.views)].map((name) => ({ kind: 'relation', ...name }));
  const kinds = routinesOf[type];
  if (kinds)
    return [...draft.routines.values()]
      .filter((one) => fullName(one).namespace === namespace && kinds.includes(one.kind))
      .map(routineTarget);
  if (type !== 'OBJECT_SEQUENCE') return [];
  const numberings = [...draft.tables.values()]
    .filter((table) => fullName(table).namespace === namespace)
    .flatMap((table) =>
      table.columns
        .filter(({ identity }) => identity !== undefined)
        .map(({ name }): GrantTarget => ({ kind: 'sequence of', ...fullName(table), column: name })),
    );
  return [...held(draft.sequences).map((name): GrantTarget => ({ kind: 'sequence', ...name })), ...numberings];
};

const targetsOf = (draft: Draft, { targtype, objtype: type, objects }: GrantStmt, site: Site): readonly GrantTarget[] =>
  (objects ?? []).flatMap((node) => {
    const objtype: string = type ?? '';
    if (targtype !== 'ACL_TARGET_ALL_IN_SCHEMA') return [targetOfNode(draft, objtype, node, site)];
    const [namespace = ''] = partsOfNode(node);
    schemaTarget(draft, namespace, site);
    return inSchema(draft, objtype, namespace);
  });

/** What one GRANT or REVOKE does to one grantee's privileges on one object. */
interface Act {
  readonly grant: boolean;
  readonly option: boolean;
  readonly grantees: readonly string[];
}

const union = (one: readonly string[], other: readonly string[]): readonly string[] => [...new Set([...one, ...other])];
const without = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((privilege) => !other.includes(privilege));

/** What somebody owns together with what a grant stands on: a column's table, and the table of a sequence of its own. */
const ownedWith = (draft: Draft, target: GrantTarget): string => {
  if (target.kind === 'column' || target.kind === 'sequence of') return pathOf(target);
  const ownedBy = target.kind === 'sequence' ? draft.sequences.get(keyOf(target))?.ownedBy : undefined;
  return ownedBy ? pathOf(fullName(ownedBy)) : onText(target);
};

const change = (draft: Draft, target: GrantTarget, privileges: readonly string[], act: Act): void => {
  const on = onText(target);
  const owner = draft.grants.get(ownershipOf('', ownedWith(draft, target)).name)?.grantee;
  for (const grantee of act.grantees) {
    const name = `${grantee} on ${on}`;
    const earlier = draft.grants.get(name);
    const isOwner = grantee === owner && target.kind !== 'column';
    const usual = isOwner ? allPrivileges[target.kind] : defaultPrivileges(target, grantee);
    const [held, handed] = [earlier?.privileges ?? usual, earlier ? grantableOf(earlier) : []];
    const keeps = act.grant || act.option;
    const now = keeps ? union(held, act.grant ? privileges : []) : without(held, privileges);
    const given = act.grant ? union(handed, act.option ? privileges : []) : without(handed, privileges);
    if (now.length === 0 && usual.length === 0) draft.grants.delete(name);
    else draft.grants.set(name, grantOf(grantee, on, now, given));
  }
};

const columnsOf = (draft: Draft, target: Relation): readonly string[] =>
  draft.tables.get(keyOf(target))?.columns.map(({ name }) => name) ?? draft.views.get(keyOf(target))?.columns ?? [];

/** What is taken away from a table is taken away from its columns too. */
const revokeFromColumns = (draft: Draft, target: Relation, privileges: readonly string[], act: Act): void => {
  const taken = privileges.filter((one) => allPrivileges.column.includes(one));
  for (const column of columnsOf(draft, target)) change(draft, { ...target, kind: 'column', column }, taken, act);
};

const onColumns = (draft: Draft, target: GrantTarget, privilege: AccessPriv, act: Act, site: Site): void => {
  if (target.kind !== 'relation') return contradict('Only tables and views have columns.', onText(target), site);
  const known = columnsOf(draft, target);
  for (const column of nameParts(privilege.cols)) {
    const path = pathOf(target, column);
    if (!known.includes(column)) contradict(`The column ${path} is not defined.`, path, site);
    change(draft, { ...target, kind: 'column', column }, spelled(privilege, 'column', path, site), act);
  }
};

const spelled = ({ priv_name }: AccessPriv, kind: GrantTarget['kind'], path: string, site: Site): readonly string[] => {
  if (priv_name === undefined) return allPrivileges[kind];
  const privilege = priv_name.toUpperCase();
  if (!allPrivileges[kind].includes(privilege))
    contradict(`${privilege} is no privilege of a ${kind === 'relation' ? 'table' : kind}.`, path, site);
  return [privilege];
};

const onTarget = (draft: Draft, target: GrantTarget, given: readonly AccessPriv[], act: Act, site: Site): void => {
  const listed = given.length === 0 ? [{}] : given;
  const whole = listed
    .filter(({ cols }) => cols === undefined)
    .flatMap((one) => spelled(one, target.kind, onText(target), site));
  if (whole.length > 0) change(draft, target, whole, act);
  if (whole.length > 0 && target.kind === 'relation' && !act.grant) revokeFromColumns(draft, target, whole, act);
  for (const one of listed) if (one.cols !== undefined) onColumns(draft, target, one, act, site);
};

const isOfPublic = ({ objtype, objects }: GrantStmt): boolean =>
  objtype === 'OBJECT_SCHEMA' && (objects ?? []).some((node) => partsOfNode(node).at(-1) === defaultNamespace);

/** Whether everybody may create in `public` is the server's default before 15 and no part of a definition. */
const noteCreateInPublic = (draft: Draft, statement: GrantStmt, act: Act, site: Site): void => {
  const names = (statement.privileges ?? []).map((node) => ('AccessPriv' in node ? node.AccessPriv.priv_name : ''));
  if (isOfPublic(statement) && act.grantees.includes(everybody) && (names.length === 0 || names.includes('create')))
    draft.notes.push({
      message: 'skipped CREATE of PUBLIC on schema public: its default depends on the version',
      ...site,
    });
};

/** GRANT and REVOKE. */
export const grantOrRevoke = (draft: Draft, statement: GrantStmt, site: Site): void => {
  const place = elsewhere[statement.objtype ?? ''];
  if (place !== undefined) {
    draft.notes.push({ message: `skipped a privilege on ${place}: it is not part of a definition`, ...site });
    return;
  }
  const targets = targetsOf(draft, statement, site);
  const given = (statement.privileges ?? []).flatMap((node) => ('AccessPriv' in node ? [node.AccessPriv] : []));
  const grantees = (statement.grantees ?? []).flatMap((node) =>
    'RoleSpec' in node ? [roleNamed(node.RoleSpec, targets[0] ? onText(targets[0]) : 'this statement', site)] : [],
  );
  const act: Act = { grant: statement.is_grant ?? false, option: statement.grant_option ?? false, grantees };
  noteCreateInPublic(draft, statement, act, site);
  for (const target of targets) onTarget(draft, target, given, act, site);
};
