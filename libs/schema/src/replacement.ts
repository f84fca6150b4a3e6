import { sha256 } from './digest.js';

/** What an index is called that is built to take the place, and the name, of the one behind an object of that path. */
export const replacementName = (object: string): string => `dsem_new_${sha256(object).slice(0, 12)}`;

/** What an index is called that has given its place, and the name, to another one, until it is dropped. */
export const retiredName = (object: string): string => `dsem_old_${sha256(object).slice(0, 12)}`;
