import type { RenderContext, Statement } from '@dsem/engine';
import {
  type Change,
  type Grant,
  isGrantOn,
  isOwnership,
  nameOf,
  pathOf,
  type Schema,
  unnamedOwner,
} from '@dsem/schema';
import { allPrivileges, defaultPrivileges, everybody, grantableOf, type GrantTarget, targetOf } from '../grants.js';
import { finding } from '../hazards.js';
import { identifier, literal, qualified } from '../identifiers.js';
import { ownersOf } from '../owners.js';
import { hazardRules } from '../rules.js';
import { cannot, locks, type Renderers, statement } from './statement.js';

const words = {
  relation: 'TABLE',
  column: 'TABLE',
  sequence: 'SEQUENCE',
  type: 'TYPE',
  schema: 'SCHEMA',
  server: 'FOREIGN SERVER',
  'foreign-data-wrapper': 'FOREIGN DATA WRAPPER',
} as const;

/** What has a name of its own. */
export type Named = Exclude<GrantTarget, Numbering>;

/** What a grant stands on as SQL names it. */
export const targetText = (target: Named): string =>
  target.kind === 'routine'
    ? `ROUTINE ${qualified(nameOf(target))}(${target.signature})`
    : `${words[target.kind]} ${qualified(nameOf(target))}`;

type Numbering = Extract<GrantTarget, { readonly kind: 'sequence of' }>;

/** Only the server knows the name of the sequence behind an identity column. */
const onNumbering = ({ namespace, name, column }: Numbering, text: (target: string) => string): string => {
  const found = `pg_get_serial_sequence(${literal(qualified({ namespace, name }))}, ${literal(column)})`;
  return `DO ${literal(`BEGIN EXECUTE format(${literal(text('SEQUENCE %s').replaceAll('%', '%%').replace('%%s', '%s'))}, ${found}); END`)}`;
};

const isWhole = (privileges: readonly string[], { kind }: GrantTarget): boolean =>
  privileges.length === allPrivileges[kind].length;

/** The list of privileges; `ALL` where it is all, which includes what only newer servers know. */
const listText = (privileges: readonly string[], target: GrantTarget): string => {
  const list = isWhole(privileges, target) ? ['ALL'] : privileges;
  return list.map((one) => (target.kind === 'column' ? `${one} (${identifier(target.column)})` : one)).join(', ');
};

/** A role as SQL names it; whoever runs the statement where a state names nobody. */
export const roleText = (grantee: string): string => {
  if (grantee === unnamedOwner) return 'CURRENT_USER';
  return grantee === everybody ? 'PUBLIC' : identifier(grantee);
};

/** One GRANT or REVOKE of some privileges. */
export interface Act {
  readonly verb: 'GRANT' | 'REVOKE' | 'REVOKE GRANT OPTION FOR';
  readonly privileges: readonly string[];
  readonly grantable?: true;
}

/** One GRANT or REVOKE as SQL. */
export const actText = ({ verb, privileges, grantable }: Act, target: GrantTarget, grantee: string): string => {
  const text = (on: string): string =>
    `${verb} ${listText(privileges, target)} ON ${on} ${verb === 'GRANT' ? 'TO' : 'FROM'} ${roleText(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`;
  return target.kind === 'sequence of' ? onNumbering(target, text) : text(targetText(target));
};

interface Held {
  readonly privileges: readonly string[];
  readonly grantable: readonly string[];
}

const without = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((privilege) => !other.includes(privilege));

/** What leads from some privileges to others. */
export const actsBetween = (from: Held, to: Held): readonly Act[] => {
  const handed = without(to.grantable, from.grantable);
  const all: readonly Act[] = [
    { verb: 'REVOKE', privileges: without(from.privileges, to.privileges) },
    {
      verb: 'REVOKE GRANT OPTION FOR',
      privileges: without(from.grantable, to.grantable).filter((one) => to.privileges.includes(one)),
    },
    { verb: 'GRANT', privileges: without(without(to.privileges, from.privileges), handed) },
    { verb: 'GRANT', privileges: handed, grantable: true },
  ];
  return all.filter(({ privileges }) => privileges.length > 0);
};

/** What is taken away from a table is taken away from its columns too; there it is given again. */
const onColumnsAgain = (
  all: readonly Act[],
  target: GrantTarget,
  grantee: string,
  state: Schema,
): readonly string[] => {
  if (target.kind !== 'relation') return [];
  const taken = all.flatMap(({ verb, privileges }) => (verb === 'GRANT' ? [] : privileges));
  if (taken.length === 0) return [];
  return state.grants.flatMap((grant) => {
    if (grant.grantee !== grantee || isOwnership(grant) || !isGrantOn(grant, pathOf(target))) return [];
    const column = targetOf(grant);
    if (column.kind !== 'column') return [];
    const lost = (privileges: readonly string[]) => privileges.filter((one) => taken.includes(one));
    const again = actsBetween(
      { privileges: [], grantable: [] },
      { privileges: lost(grant.privileges), grantable: lost(grantableOf(grant)) },
    );
    return again.map((act) => actText(act, column, grantee));
  });
};

/** Before 17 there is no MAINTAIN: whoever holds all others holds all. */
const checkMaintain = (change: Change, grant: Grant | undefined, { version }: RenderContext): void => {
  if (grant === undefined || Number.parseInt(version, 10) >= 17 || targetOf(grant).kind !== 'relation') return;
  const known = without(allPrivileges.relation, ['MAINTAIN']);
  const others = known.every((one) => grant.privileges.includes(one));
  if (grant.privileges.includes('MAINTAIN') !== others)
    cannot(change, `MAINTAIN needs PostgreSQL 17, the target has ${version}; name the other privileges, or write ALL`);
};

/** What the target's version knows of some privileges. */
export const versionKnows = (
  all: readonly Act[],
  kind: GrantTarget['kind'],
  { version }: RenderContext,
): readonly Act[] => {
  if (kind !== 'relation' || Number.parseInt(version, 10) >= 17) return all;
  const known = (privileges: readonly string[]): readonly string[] =>
    privileges.length === allPrivileges[kind].length ? privileges : without(privileges, ['MAINTAIN']);
  return all
    .map((act) => ({ ...act, privileges: known(act.privileges) }))
    .filter(({ privileges }) => privileges.length > 0);
};

/** What brings a new object's privileges of one grantee to what they are when nothing is said. */
export const revokeText = (target: GrantTarget, grantee: string, usual: readonly string[]): string =>
  usual.length > 0
    ? actText({ verb: 'GRANT', privileges: usual }, target, grantee)
    : actText({ verb: 'REVOKE', privileges: allPrivileges[target.kind] }, target, grantee);

/** What is so where nothing is said of a grantee: an owner may do everything with what it owns. */
export const usualFor = (target: GrantTarget, grantee: string, owner: string | undefined): readonly string[] =>
  grantee === owner && target.kind !== 'column' ? allPrivileges[target.kind] : defaultPrivileges(target, grantee);

/** What is left to an owner: all is taken first, as privileges that only newer servers know have no name before. */
export const actsLeaving = (all: readonly string[], { privileges }: Held): readonly Act[] => {
  const acts: readonly Act[] = [
    { verb: 'REVOKE', privileges: all },
    { verb: 'GRANT', privileges },
  ];
  return acts.filter((act) => act.privileges.length > 0);
};

const heldBy = (grant: Grant | undefined, usual: readonly string[]): Held =>
  grant === undefined
    ? { privileges: usual, grantable: [] }
    : { privileges: grant.privileges, grantable: grantableOf(grant) };

const move = (
  change: Change,
  from: Grant | undefined,
  to: Grant | undefined,
  context: RenderContext,
): readonly Statement[] => {
  const grant = to ?? from!;
  const target = targetOf(grant);
  checkMaintain(change, to, context);
  const usual = usualFor(target, grant.grantee, ownersOf(context.state)(grant.on));
  const isOwners = isWhole(usual, target) && target.kind !== 'column' && grant.grantee !== everybody;
  const acts =
    isOwners && from === undefined
      ? actsLeaving(usual, heldBy(to, usual))
      : actsBetween(heldBy(from, usual), heldBy(to, usual));
  const all = versionKnows(acts, target.kind, context);
  const kept = to?.privileges ?? usual;
  return [
    ...all.map((act) => {
      const lost = `${grant.grantee} loses ${without(act.privileges, act.verb === 'REVOKE' ? kept : []).join(', ')} on ${grant.on}.`;
      const hazards = act.verb === 'REVOKE' ? [finding(hazardRules.revoke, change.object, lost)] : [];
      return statement(actText(act, target, grant.grantee), { lock: locks.none, hazards });
    }),
    ...onColumnsAgain(all, target, grant.grantee, context.state).map((text) => statement(text, { lock: locks.none })),
  ];
};

/** Privileges. */
export const grantRenderers: Renderers<'create-grant' | 'drop-grant' | 'alter-grant'> = {
  'create-grant': (change, context) => move(change, undefined, change.grant, context),
  'drop-grant': (change, context) => move(change, change.grant, undefined, context),
  'alter-grant': (change, context) => move(change, change.from, change.to, context),
};
