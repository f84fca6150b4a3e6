import { type Grant, InconsistentDefinition, isOwnership, ownersIn, type Schema } from '@dsem/schema';
import {
  allPrivileges,
  defaultPrivileges,
  everybody,
  grantableOf,
  grantOf,
  type GrantTarget,
  onText,
  targetOf,
} from '../grants.js';
import { belongingSequences, normalOwnership } from '../owners.js';
import { defaultNamespace } from '../types.js';

const isAll = (privilege: string): boolean => /^all( privileges)?$/i.test(privilege);

const spelled = (privileges: readonly string[], { kind }: GrantTarget, name: string): readonly string[] => {
  const known = allPrivileges[kind];
  const upper = privileges.flatMap((one) => (isAll(one) ? known : [one.toUpperCase()]));
  const strange = upper.find((one) => !known.includes(one));
  if (strange !== undefined)
    throw new InconsistentDefinition(`The grant ${name} names ${strange}, which is no privilege of a ${kind}.`, {
      object: name,
    });
  return known.filter((one) => upper.includes(one));
};

const same = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();

/** Whether everybody may create in `public` is the server's default before 15, and no part of a definition. */
const isModelled = (privilege: string, target: GrantTarget, { grantee }: Grant): boolean =>
  !(privilege === 'CREATE' && grantee === everybody && target.kind === 'schema' && target.name === defaultNamespace);

/** What is so when nothing is said of a grantee: an owner may do everything with what it owns. */
const usualOf = (target: GrantTarget, grantee: string, isOwner: boolean): readonly string[] =>
  isOwner && target.kind !== 'column' ? allPrivileges[target.kind] : defaultPrivileges(target, grantee);

/** A grant in normal form; none where it says what is so anyway. */
const normalGrant = (grant: Grant, isOwner: boolean): readonly Grant[] => {
  const target = targetOf(grant);
  const usualSet = usualOf(target, grant.grantee, isOwner);
  const privileges = spelled(grant.privileges, target, grant.name).filter((one) => isModelled(one, target, grant));
  const handed = isOwner ? [] : spelled(grantableOf(grant), target, grant.name);
  const grantable = handed.filter((one) => privileges.includes(one));
  const usual = same(privileges, usualSet) && grantable.length === 0;
  const nothing = privileges.length === 0 && usualSet.length === 0;
  return usual || nothing ? [] : [grantOf(grant.grantee, onText(target), privileges, grantable)];
};

/** What an owner may do with a column says nothing where it may do the same with the whole table. */
const withoutRepeated = (grants: readonly Grant[], owner: (on: string) => string | undefined): readonly Grant[] => {
  const whole = new Map(grants.map((grant) => [grant.name, grant]));
  return grants.flatMap((grant) => {
    if (isOwnership(grant) || owner(grant.on) !== grant.grantee) return [grant];
    const target = targetOf(grant);
    if (target.kind !== 'column') return [grant];
    const table = whole.get(`${grant.grantee} on ${onText({ ...target, kind: 'relation' })}`);
    const left = grant.privileges.filter((one) => table !== undefined && !table.privileges.includes(one));
    return left.length === 0 ? [] : [grantOf(grant.grantee, grant.on, left, [])];
  });
};

/** All grants in normal form, and who owns what. O(grants + sequences). */
export const normalGrants = (schema: Pick<Schema, 'grants' | 'sequences'>): readonly Grant[] => {
  const belonging = belongingSequences(schema);
  const owners = schema.grants.filter(isOwnership).flatMap((grant) => normalOwnership(grant, belonging));
  const owner = ownersIn({ ...schema, grants: owners });
  const others = schema.grants
    .filter((grant) => !isOwnership(grant))
    .flatMap((grant) => {
      const on = onText(targetOf(grant));
      return normalGrant(grant, owner(on) === grant.grantee);
    });
  return [...owners, ...(owners.length === 0 ? others : withoutRepeated(others, owner))];
};
