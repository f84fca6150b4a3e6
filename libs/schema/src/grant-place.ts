import type { Grant } from './model.js';
import { isOwnership, ownershipOf } from './ownership.js';

/** What stands in front of an object's path in `on`, and behind it; undefined where the grant is not on the object. */
const aroundPath = (on: string, path: string): { readonly before: string; readonly behind: string } | undefined => {
  const at = on.startsWith(path) ? 0 : on.indexOf(` ${path}`) + 1;
  if (!on.startsWith(path, at)) return undefined;
  const behind = on.slice(at + path.length);
  return behind === '' || behind.startsWith('.') ? { before: on.slice(0, at), behind } : undefined;
};

/** Whether a grant stands on the object of a path or on a part of it; words in front of the path say the object's kind. */
export const isGrantOn = ({ on }: Pick<Grant, 'on'>, path: string): boolean => aroundPath(on, path) !== undefined;

/** The grant as it stands on an object that has another path now; the grant itself where it is on another object. */
export const moveGrant = (grant: Grant, from: string, to: string): Grant => {
  const around = aroundPath(grant.on, from);
  if (around === undefined) return grant;
  const on = `${around.before}${to}${around.behind}`;
  if (isOwnership(grant)) return ownershipOf(grant.grantee, on);
  const name = grant.name === `${grant.grantee} on ${grant.on}` ? `${grant.grantee} on ${on}` : grant.name;
  return { ...grant, on, name };
};
