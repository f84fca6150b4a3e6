import { pathOf } from '@dsem/schema';
import { isRequired } from '../lookup.js';
import { rule } from '../rule.js';

export const addRequiredColumn = rule({
  id: 'add-required-column',
  title: 'A required column is added',
  severity: 'error',
  hazard: 'data-dependent',
  breaks: ['OW', 'NR'],
  bump: 'major',
  why: 'Rows that exist have no value for it, and old writers leave it out.',
  fix: 'Give it a default, or add it nullable, fill it, and set NOT NULL in a later version.',
  on: ['add-column'],
  check: ({ object, table, column }) =>
    isRequired(column)
      ? [
          {
            object,
            message: `Required column ${object} is added without a default`,
            touches: [pathOf(table)],
          },
        ]
      : [],
});
