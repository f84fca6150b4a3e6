import { type EngineObject, type FindTable, InconsistentDefinition } from '@dsem/schema';

/** Brings one kind of object that only PostgreSQL has into normal form; the tables are in normal form already. */
export type Normalizer = (object: EngineObject, find: FindTable) => EngineObject;

/** @throws InconsistentDefinition naming an object that lacks a part, or has something else than a text there */
export const needTexts = (what: string, object: string, held: object, parts: readonly string[]): void => {
  const absent = parts.find((part) => typeof (held as { readonly [part: string]: unknown })[part] !== 'string');
  if (absent !== undefined)
    throw new InconsistentDefinition(`The ${what} ${object} has no ${absent}, which is to be a text.`, { object });
};
