import { engineObjectPath, type Json, type ObjectName, pathOf } from '@dsem/schema';
import { objectKinds } from '../objects.js';
import { spelledName } from '../text-search.js';
import { type Draft, type Site, twice } from './draft.js';
import { rekeyed } from './code-objects.js';
import { followMove } from './follow.js';
import { moveGrantsOn } from './grants-follow.js';
import { fullName } from './marks.js';
import { rekeyedClass } from './operator-classes.js';
import { findObject, kindWord, putObject } from './objects.js';

/** Which part of a definition names objects of a kind. */
const naming: { readonly [kind: string]: string | undefined } = {
  [objectKinds.template.kind]: 'template',
  [objectKinds.parser.kind]: 'parser',
  [objectKinds.dictionary.kind]: 'mappings',
};

const respelled = (value: Json | undefined, from: string, to: string): Json => {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((one: Json) => respelled(one, from, to));
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, respelled(held, from, to)]));
};

/** Lets the definitions of other objects follow a name. O(objects). */
const followName = (draft: Draft, kind: string, from: ObjectName, to: ObjectName): void => {
  const part = naming[kind];
  if (part === undefined) return;
  for (const one of [...draft.others.values()]) {
    if (!(part in one.definition)) continue;
    const held = respelled(one.definition[part], spelledName(from), spelledName(to));
    putObject(draft, { ...one, definition: { ...one.definition, [part]: held } });
  }
};

/** Renames an object or moves it to another schema. */
export const moveObjectTo = (draft: Draft, kind: string, from: ObjectName, to: ObjectName, site: Site): void => {
  const object = findObject(draft, kind, from, site);
  const path = engineObjectPath({ kind, ...to });
  if (path === engineObjectPath(object)) return;
  if (draft.others.has(path)) twice(`The ${kindWord(kind)} ${pathOf(to)}`, path, site);
  draft.others.delete(engineObjectPath(object));
  moveGrantsOn(draft, engineObjectPath(object), path);
  putObject(draft, rekeyedClass(draft, rekeyed({ ...object, ...to }), object));
  followName(draft, kind, from, to);
  if (kind === objectKinds.collation.kind)
    followMove(draft, { kind: 'collation', from: fullName(from), to: fullName(to) });
};
