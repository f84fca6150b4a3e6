import type { Grant } from './model.js';

/** Who owns an object is a grant of this one privilege: `owner of <object path>`. */
export const ownership = 'OWNERSHIP';

/** Stands for an owner whom a state does not name: whoever carries it out. No role can have the name. */
export const unnamedOwner = '';

/** Whether a grant says who owns an object. */
export const isOwnership = ({ privileges }: Pick<Grant, 'privileges'>): boolean =>
  privileges.length === 1 && privileges[0] === ownership;

/** Who owns an object, as a noun of the model. */
export const ownershipOf = (owner: string, on: string): Grant => ({
  name: `owner of ${on}`,
  grantee: owner,
  on,
  privileges: [ownership],
});
