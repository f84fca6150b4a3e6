import type { ObjectName } from '@dsem/schema';
import { identifier, qualified } from '../identifiers.js';

/** ALTER TABLE with what is to be done. */
export const alter = (table: ObjectName, what: string): string => `ALTER TABLE ${qualified(table)} ${what}`;

/** A column as COMMENT ON names it. */
export const columnTarget = (table: ObjectName, column: string): string =>
  `COLUMN ${qualified(table)}.${identifier(column)}`;

/** A constraint as COMMENT ON names it. */
export const constraintTarget = (table: ObjectName, name: string): string =>
  `CONSTRAINT ${identifier(name)} ON ${qualified(table)}`;
