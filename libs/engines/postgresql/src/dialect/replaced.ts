import { type EngineObject, equal } from '@dsem/schema';
import { objectKinds } from './objects.js';

/** Parts of a definition that cannot change, by kind; all of them where none are named. */
const fixed: { readonly [kind: string]: readonly string[] } = {
  [objectKinds.collation.kind]: [],
  [objectKinds.operatorClass.kind]: [],
  [objectKinds.parser.kind]: [],
  [objectKinds.template.kind]: [],
  [objectKinds.dictionary.kind]: ['template'],
  [objectKinds.configuration.kind]: ['parser'],
};

/** Whether a new object has to take the place of the old one, so that whatever names it makes way. */
export const isReplaced = (from: EngineObject, to: EngineObject): boolean => {
  const parts = fixed[to.kind];
  if (parts === undefined) return false;
  if (parts.length === 0) return !equal(from.definition, to.definition);
  return parts.some((part) => !equal(from.definition[part], to.definition[part]));
};
