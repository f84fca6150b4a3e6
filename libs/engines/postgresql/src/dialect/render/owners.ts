import type { Lock, RenderContext, Statement } from '@dsem/engine';
import {
  engineObjectPath,
  type EngineObject,
  type Finding,
  type Grant,
  isOwnership,
  nameOf,
  pathOf,
  routinePath,
  type Schema,
  UnsupportedChange,
  unnamedOwner,
} from '@dsem/schema';
import { grantableOf, targetOf } from '../grants.js';
import { finding } from '../hazards.js';
import { qualified } from '../identifiers.js';
import { objectKinds } from '../objects.js';
import { ownedKinds, ownedObject, publicOwner } from '../owners.js';
import { hazardRules } from '../rules.js';
import { defaultNamespace, type ViewAttributes } from '../types.js';
import { attributesAs, type RoutineAttributes } from '../types/code.js';
import {
  actsBetween,
  actsLeaving,
  actText,
  grantRenderers,
  type Named,
  roleText,
  targetText,
  usualFor,
  versionKnows,
} from './grants.js';
import { classTarget, familyTarget } from './operator-classes.js';
import { operatorTarget } from './operators.js';
import { locks, type Renderers, statement } from './statement.js';
import { viewWord } from './views.js';

const targets: { readonly [kind: string]: ((object: EngineObject) => string) | undefined } = {
  [objectKinds.operator.kind]: operatorTarget,
  [objectKinds.operatorClass.kind]: classTarget,
  [objectKinds.operatorFamily.kind]: familyTarget,
};

const objectText = (on: string, state: Schema): string => {
  const object = state.others.find((one) => engineObjectPath(one) === on);
  if (object === undefined) throw new UnsupportedChange(`There is no ${on} that could be owned.`, { object: on });
  const words = ownedKinds.find(({ kind }) => kind === object.kind)?.words ?? '';
  return targets[object.kind]?.(object) ?? `${words} ${qualified(nameOf(object))}`;
};

/** What is owned as ALTER names it. */
const ownedText = (grant: Grant, state: Schema): string => {
  if (ownedObject(grant.on) !== undefined) return objectText(grant.on, state);
  const target = targetOf(grant);
  if (target.kind !== 'relation') return targetText(target as Named);
  const view = state.views.find((one) => pathOf(one) === grant.on);
  return view === undefined ? targetText(target) : `${viewWord(view)} ${qualified(nameOf(view))}`;
};

const lockOf = (grant: Grant): Lock =>
  ownedObject(grant.on) === undefined && ['relation', 'sequence'].includes(targetOf(grant).kind)
    ? locks.exclusive
    : locks.none;

/** Whose rights count where others use the object; undefined where theirs do. */
const actsAs = ({ on }: Grant, { routines, views }: Schema): string | undefined => {
  const routine = routines.find((one) => `routine ${routinePath(one)}` === on);
  if (routine !== undefined) return attributesAs<RoutineAttributes>(routine).securityDefiner ? 'runs' : undefined;
  const view = views.find((one) => pathOf(one) === on);
  const { options } = (view?.attributes ?? {}) as ViewAttributes;
  return view === undefined || options?.['security_invoker'] === 'true' ? undefined : 'reads';
};

const roleWord = (role: string): string => (role === unnamedOwner ? 'whoever carries this out' : role);

const hazard = (from: string, grant: Grant, { state }: RenderContext): Finding => {
  const verb = actsAs(grant, state);
  const rights = verb === undefined ? '' : ` It ${verb} with the rights of ${roleWord(grant.grantee)} from then on.`;
  const message = `${grant.on} goes from ${roleWord(from)} to ${roleWord(grant.grantee)}.${rights}`;
  return finding(hazardRules.changeOwner, grant.on, message);
};

type Places = ReadonlyMap<string, readonly string[]>;

const granted = new WeakMap<Schema, Places>();

/** What has privileges of its own, by what it goes along with: columns and their sequences by the table. O(state) once. */
const placesIn = (state: Schema): Places => {
  const known = granted.get(state);
  if (known !== undefined) return known;
  const sequences = new Map<string, string>(
    state.sequences.flatMap((one) =>
      one.ownedBy === undefined ? [] : [[`sequence ${pathOf(one)}`, pathOf(one.ownedBy)] as const],
    ),
  );
  const places = new Map<string, Set<string>>();
  for (const grant of state.grants) {
    if (isOwnership(grant)) continue;
    const whole = sequences.get(grant.on) ?? wholeOf(grant);
    places.set(whole, (places.get(whole) ?? new Set()).add(grant.on));
  }
  const made = new Map([...places].map(([whole, ons]) => [whole, [...ons]]));
  granted.set(state, made);
  return made;
};

const wholeOf = (grant: Grant): string => {
  const target = targetOf(grant);
  return target.kind === 'column' || target.kind === 'sequence of' ? pathOf(nameOf(target)) : grant.on;
};

const held = (state: Schema, grantee: string, on: string): Grant | undefined =>
  state.grants.find(({ name }) => name === `${grantee} on ${on}`);

const union = (one: readonly string[], other: readonly string[]): readonly string[] => [...new Set([...one, ...other])];

/**
 * With the object goes what its owner may do with it; the new owner keeps what it had. What is left of that to be as the
 * state says.
 */
const settled = (on: string, from: string | undefined, to: string, context: RenderContext): readonly Statement[] => {
  const { state } = context;
  const target = targetOf({ name: on, on });
  const [old, fresh] = [held(state, from ?? unnamedOwner, on), held(state, to, on)];
  if (old === undefined && fresh === undefined) return [];
  const all = usualFor(target, to, to);
  const moved = union(old?.privileges ?? all, fresh?.privileges ?? []);
  const wanted = { privileges: fresh?.privileges ?? all, grantable: [] };
  const between = (before: readonly string[], after: Parameters<typeof actsBetween>[1]) =>
    before.length > 0 && before.length === all.length && after.privileges.length < all.length
      ? actsLeaving(before, after)
      : actsBetween({ privileges: before, grantable: [] }, after);
  const acts = (grantee: string, before: readonly string[], after: Parameters<typeof actsBetween>[1]) =>
    versionKnows(between(before, after), target.kind, context).map((act) =>
      statement(actText(act, target, grantee), { lock: locks.none }),
    );
  const again = old === undefined ? [] : acts(from!, [], { privileges: old.privileges, grantable: grantableOf(old) });
  return [...acts(to, moved, wanted), ...again];
};

const roleAt = (grant: Grant, { version }: RenderContext): string =>
  grant.grantee === unnamedOwner && grant.on === `schema ${defaultNamespace}` && Number.parseInt(version, 10) >= 15
    ? publicOwner
    : grant.grantee;

/** OWNER TO, and what the owners before and after it may do besides. */
const giveTo = (
  change: { readonly object: string; readonly grant: Grant },
  from: string | undefined,
  context: RenderContext,
): readonly Statement[] => {
  const { grant } = change;
  const text = `ALTER ${ownedText(grant, context.state)} OWNER TO ${roleText(roleAt(grant, context))}`;
  const hazards = from === undefined ? [] : [hazard(from, grant, context)];
  const places = placesIn(context.state).get(grant.on) ?? [];
  return [
    statement(text, { lock: lockOf(grant), hazards }),
    ...places.flatMap((on) => settled(on, from, grant.grantee, context)),
  ];
};

/** Privileges, and who owns what. */
export const accessRenderers: Renderers<'create-grant' | 'drop-grant' | 'alter-grant'> = {
  'create-grant': (change, context) =>
    isOwnership(change.grant) ? giveTo(change, undefined, context) : grantRenderers['create-grant'](change, context),
  'drop-grant': (change, context) => (isOwnership(change.grant) ? [] : grantRenderers['drop-grant'](change, context)),
  'alter-grant': (change, context) =>
    isOwnership(change.to)
      ? giveTo({ ...change, grant: change.to }, change.from.grantee, context)
      : grantRenderers['alter-grant'](change, context),
};
