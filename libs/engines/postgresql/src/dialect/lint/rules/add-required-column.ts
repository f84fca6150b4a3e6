import { rule } from '../rule.js';
import { shown } from '../told.js';

/** A required column is added. */
export const addRequiredColumn = rule({
  id: 'add-required-column',
  title: 'A required column is added',
  severity: 'error',
  hazard: 'data-dependent',
  why: 'It fails as soon as the table has rows, and old writers leave the column out.',
  fix: 'Give it a default, or add it nullable and fill it first.',
  on: ['add-column'],
  check: ({ table, column }) =>
    column.notNull &&
    column.default === undefined &&
    !column.identity &&
    !column.serial &&
    column.generated === undefined
      ? [
          {
            object: shown(table, column.name),
            table,
            message: `${shown(table, column.name)} is NOT NULL and has no default`,
          },
        ]
      : [],
});
