import { identifierBytes } from '../../identifiers.js';

/** A name the server would make from parts; where it has to cut, ours is only like it. */
export const joined = (parts: readonly string[]): string => parts.join('_').slice(0, identifierBytes);

/** The parts of an index's name that stand for its keys. */
export const indexColumnNames = (keys: readonly (string | undefined)[]): readonly string[] =>
  keys.map((key) => key ?? 'expr');
