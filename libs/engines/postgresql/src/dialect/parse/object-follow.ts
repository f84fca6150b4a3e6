import { engineObjectPath, type Json } from '@dsem/schema';
import { objectKinds } from '../objects.js';
import { nameSpelled, spelledName } from '../text-search.js';
import type { Draft } from './draft.js';
import { type Full, sameName } from './names.js';

/** Which parts of a definition name functions, by kind. */
const functions: { readonly [kind: string]: readonly string[] | undefined } = {
  [objectKinds.wrapper.kind]: ['handler', 'validator'],
  [objectKinds.eventTrigger.kind]: ['function'],
  [objectKinds.parser.kind]: ['start', 'gettoken', 'end', 'lextypes', 'headline'],
  [objectKinds.template.kind]: ['init', 'lexize'],
};

const moved = (text: Json | undefined, from: Full, to: Full): Json | undefined =>
  typeof text === 'string' && sameName(nameSpelled(text), from) ? spelledName(to) : text;

/** Lets objects that only PostgreSQL has follow the new name of a function. O(objects). */
export const followFunction = (draft: Draft, from: Full, to: Full): void => {
  for (const object of [...draft.others.values()]) {
    const parts = functions[object.kind] ?? [];
    const entries = Object.entries(object.definition).map(([part, text]) => [
      part,
      parts.includes(part) ? moved(text, from, to) : text,
    ]);
    draft.others.set(engineObjectPath(object), { ...object, definition: Object.fromEntries(entries) });
  }
};
