import { standingIn } from './access.js';
import { type Grant, type ObjectName, pathOf, type Schema } from './model.js';
import { isOwnership, ownershipOf, unnamedOwner } from './ownership.js';
import { engineObjectPath, grantPath, inOrder, routinePath } from './slot.js';

const lastPart = /\.(?:"(?:[^"\\]|\\.)*"|[^."]+)$/u;

/** What a grant on a part of an object stands on as a whole: `public.t` for `public.t.c` and `sequence of public.t.c`. */
const wholeOf = (on: string): string => on.replace(/^sequence of /u, '').replace(lastPart, '');

const ownedSequences = (schema: Pick<Schema, 'sequences'>): ReadonlyMap<string, string> =>
  new Map(
    schema.sequences.flatMap((one) =>
      one.ownedBy === undefined ? [] : [[`sequence ${pathOf(one)}`, pathOf(one.ownedBy)] as const],
    ),
  );

/**
 * Tells by what a grant stands on who owns that: the owner of a table owns its columns and the sequences that belong to
 * them. O(state) once.
 */
export const ownersIn = (schema: Pick<Schema, 'grants' | 'sequences'>): ((on: string) => string | undefined) => {
  const named = new Map(schema.grants.filter(isOwnership).map(({ on, grantee }) => [on, grantee]));
  if (named.size === 0) return () => undefined;
  const sequences = ownedSequences(schema);
  return (on) => {
    const table = sequences.get(on);
    return named.get(table ?? on) ?? named.get(wholeOf(on));
  };
};

/** Tells whether what an ownership is about stands in a state. O(state) once. */
const standsIn = (schema: Schema): ((grant: Grant) => boolean) => {
  const relations: readonly ObjectName[] = [...schema.tables, ...schema.views];
  const worded = (word: string, all: readonly ObjectName[]): readonly string[] =>
    all.map((one) => `${word} ${pathOf(one)}`);
  const spaces = [...relations, ...schema.sequences, ...schema.types, ...schema.routines, ...schema.others];
  const paths = new Set([
    ...relations.map((one) => pathOf(one)),
    ...worded('sequence', schema.sequences),
    ...worded('type', schema.types),
    ...worded('schema', schema.namespaces),
    ...spaces.flatMap(({ namespace }) => (namespace === undefined ? [] : [`schema ${pathOf({ name: namespace })}`])),
    ...schema.routines.map((one) => `routine ${routinePath(one)}`),
    ...schema.others.map(engineObjectPath),
  ]);
  return ({ on }) => paths.has(on);
};

const withGrants = (schema: Schema, grants: readonly Grant[]): Schema => ({
  ...schema,
  grants: inOrder(grants, grantPath),
});

/**
 * The grants of a state that takes over owners: what it grants to one of them is nothing new, unless the owner has had
 * something taken away, and that stays so where nothing else is said.
 */
const grantsBeside = (from: Schema, to: Schema, taken: readonly Grant[]): readonly Grant[] => {
  const owner = ownersIn({ ...to, grants: taken });
  const isOwn = (grant: Grant): boolean => !isOwnership(grant) && owner(grant.on) === grant.grantee;
  const held = new Map(from.grants.filter(isOwn).map((grant) => [grant.name, grant]));
  const kept = to.grants.filter((grant) => !isOwn(grant) || held.has(grant.name));
  for (const { name } of kept) held.delete(name);
  return [...kept, ...[...held.values()].filter(standingIn(to))];
};

/** A namespace that is there without being made, such as `public`. */
const isGiven = ({ on }: Grant, { namespaces }: Schema): boolean =>
  on.startsWith('schema ') && !namespaces.some(({ name }) => on === `schema ${pathOf({ name })}`);

/** A state without owners of what it does not hold. O(state). */
export const withoutStrayOwners = (schema: Schema): Schema => {
  const stands = standsIn(schema);
  return {
    ...schema,
    grants: schema.grants.filter((grant) => !isOwnership(grant) || stands(grant) || isGiven(grant, schema)),
  };
};

/**
 * Two states of which neither says less than the other about who owns what stands in both. What the later one does not
 * name stays as it is, with what its owner may do; what only the earlier one does not name belongs to `unnamedOwner`
 * there. The states themselves where no owner is named. O(from + to).
 */
export const withOwnersNamed = (from: Schema, to: Schema): { readonly from: Schema; readonly to: Schema } => {
  const [before, after] = [from.grants.filter(isOwnership), to.grants.filter(isOwnership)];
  if (before.length === 0 && after.length === 0) return { from, to };
  const [held, wanted] = [new Set(before.map(({ name }) => name)), new Set(after.map(({ name }) => name))];
  const [stoodBefore, standsAfter] = [standsIn(from), standsIn(to)];
  const belonging = ownedSequences(to);
  const taken = before.filter(
    (grant) => !wanted.has(grant.name) && (standsAfter(grant) || isGiven(grant, from)) && !belonging.has(grant.on),
  );
  const unnamed = after
    .filter((grant) => !held.has(grant.name) && (stoodBefore(grant) || isGiven(grant, to)))
    .map(({ on }) => ownershipOf(unnamedOwner, on));
  return {
    from: unnamed.length === 0 ? from : withGrants(from, [...from.grants, ...unnamed]),
    to: taken.length === 0 ? to : withGrants(to, [...grantsBeside(from, to, taken), ...taken]),
  };
};

/** A state that says nothing about owners. */
export const withoutOwners = (schema: Schema): Schema =>
  schema.grants.some(isOwnership)
    ? { ...schema, grants: schema.grants.filter((grant) => !isOwnership(grant)) }
    : schema;

/** A state with the owners of another one, as far as what they own is there. O(state + grants). */
export const withOwnersOf = (schema: Schema, other: Schema): Schema => withOwnersNamed(other, withoutOwners(schema)).to;

/**
 * A state that says of owners no more than another one does: of what stands there without an owner nothing, and nothing of
 * what its owner may do. O(state + grants).
 */
export const withOwnersSaidBy = (schema: Schema, other: Schema): Schema => {
  const said = new Set(ownedIn(other));
  const stands = standsIn(other);
  return withOwnersWhere(schema, (grant) => said.has(grant.on) || !(stands(grant) || isGiven(grant, schema)));
};

/** What a state names the owner of, as grants name it. O(grants). */
export const ownedIn = ({ grants }: Pick<Schema, 'grants'>): readonly string[] =>
  grants.filter(isOwnership).map(({ on }) => on);

/** A state with owners of these objects alone, and nothing of what other owners may do with what is theirs. O(grants). */
export const withOwnersOn = (schema: Schema, owned: readonly string[]): Schema => {
  const kept = new Set(owned);
  return withOwnersWhere(schema, ({ on }) => kept.has(on));
};

const withOwnersWhere = (schema: Schema, isKept: (grant: Grant) => boolean): Schema => {
  const silent = schema.grants.filter((grant) => isOwnership(grant) && !isKept(grant));
  if (silent.length === 0) return schema;
  const owner = ownersIn({ ...schema, grants: silent });
  const away = new Set(silent);
  return {
    ...schema,
    grants: schema.grants.filter((grant) => !away.has(grant) && owner(grant.on) !== grant.grantee),
  };
};
