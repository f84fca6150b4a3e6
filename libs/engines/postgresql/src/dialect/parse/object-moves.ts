import { engineObjectPath, type ObjectName, pathOf } from '@dsem/schema';
import { objectKinds } from '../objects.js';
import { type Draft, type Site, twice } from './draft.js';
import { followMove } from './follow.js';
import { fullName } from './marks.js';
import { findObject, kindWord, putObject } from './objects.js';

/** Renames an object or moves it to another schema. */
export const moveObjectTo = (draft: Draft, kind: string, from: ObjectName, to: ObjectName, site: Site): void => {
  const object = findObject(draft, kind, from, site);
  const path = engineObjectPath({ kind, ...to });
  if (path === engineObjectPath(object)) return;
  if (draft.others.has(path)) twice(`The ${kindWord(kind)} ${pathOf(to)}`, path, site);
  draft.others.delete(engineObjectPath(object));
  putObject(draft, { ...object, ...to });
  if (kind === objectKinds.collation.kind)
    followMove(draft, { kind: 'collation', from: fullName(from), to: fullName(to) });
};
