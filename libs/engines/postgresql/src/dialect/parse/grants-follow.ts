import { isGrantOn, moveGrant } from '@dsem/schema';
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
