import { DefinitionTooLarge } from './errors.js';
import { emptySchema, type ObjectName, pathOf, type Schema } from './model.js';

/** What a definition may not exceed, whatever its bytes; each limit is above what any engine allows. */
export const limits = { depth: 64, values: 20_000_000, objects: 1_000_000, parts: 20_000 } as const;

type Collection = Exclude<keyof Schema, 'engine'>;
const { engine: _, ...none } = emptySchema('postgresql');
const collections = Object.keys(none) as readonly Collection[];

const checkParts = (part: unknown, place: string, object: string): void => {
  if (typeof part !== 'object' || part === null) return;
  if (Array.isArray(part) && part.length > limits.parts)
    throw new DefinitionTooLarge(`${object}: ${place} holds ${part.length} values, more than ${limits.parts}.`, {
      object,
    });
  for (const [key, inner] of Object.entries(part)) checkParts(inner, Array.isArray(part) ? place : key, object);
};

/**
 * Holds a state that did not come from JSON to the limits of JSON, so that whoever is sent it can read it. O(values).
 * @throws DefinitionTooLarge naming the object, what it has too many of, and the limit
 */
export const checkSize = (schema: Schema): void => {
  for (const key of collections) {
    const objects: readonly object[] = schema[key];
    if (objects.length > limits.objects)
      throw new DefinitionTooLarge(`${key} holds ${objects.length} objects, more than ${limits.objects}.`, {
        object: key,
      });
    for (const one of objects) checkParts(one, key, 'name' in one ? pathOf(one as ObjectName) : key);
  }
};
