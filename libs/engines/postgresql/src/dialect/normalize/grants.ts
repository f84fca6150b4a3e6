import { type Grant, InconsistentDefinition } from '@dsem/schema';
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

/** A grant in normal form; none where it says what is so anyway. */
const normalGrant = (grant: Grant): readonly Grant[] => {
  const target = targetOf(grant);
  const privileges = spelled(grant.privileges, target, grant.name).filter((one) => isModelled(one, target, grant));
  const grantable = spelled(grantableOf(grant), target, grant.name).filter((one) => privileges.includes(one));
  const usual = same(privileges, defaultPrivileges(target, grant.grantee)) && grantable.length === 0;
  const nothing = privileges.length === 0 && defaultPrivileges(target, grant.grantee).length === 0;
  return usual || nothing ? [] : [grantOf(grant.grantee, onText(target), privileges, grantable)];
};

/** All grants in normal form. */
export const normalGrants = (grants: readonly Grant[]): readonly Grant[] => grants.flatMap(normalGrant);
