import { isGrantOn, moveGrant, type Routine, routinePath } from '@dsem/schema';
import type { Draft } from './draft.js';

/** Takes the privileges on an object and its parts out of the draft along with it; `path` with the kind where it has one. */
export const dropGrantsOn = (draft: Draft, path: string): void => {
  for (const [name, grant] of draft.grants) if (isGrantOn(grant, path)) draft.grants.delete(name);
};

/** Lets the privileges on an object and its parts follow its new path. */
export const moveGrantsOn = (draft: Draft, from: string, to: string): void => {
  for (const [name, grant] of [...draft.grants]) {
    const moved = moveGrant(grant, from, to);
    if (moved === grant) continue;
    draft.grants.delete(name);
    draft.grants.set(moved.name, moved);
  }
};

/** The path under which grants know a routine. */
const grantedAs = (routine: Routine): string => `routine ${routinePath(routine)}`;

/** Takes the privileges on a routine out of the draft along with it. */
export const dropRoutineGrants = (draft: Draft, routine: Routine): void => dropGrantsOn(draft, grantedAs(routine));

/** Lets the privileges on a routine follow its new name, or the new names of the types of its arguments. */
export const moveRoutineGrants = (draft: Draft, from: Routine, to: Routine): void => {
  if (routinePath(from) !== routinePath(to)) moveGrantsOn(draft, grantedAs(from), grantedAs(to));
};
