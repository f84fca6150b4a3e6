import type { Column, ObjectName } from '@dsem/schema';
import { notNullOf } from '../not-null.js';
import { objectName } from './auto-names.js';

/** The name of the constraint behind a column's NOT NULL, as the server chooses it where none is said. */
export const notNullName = (table: ObjectName, column: Column): string =>
  notNullOf(column).name ?? objectName(table.name, column.name, 'not_null');
