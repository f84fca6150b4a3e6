import { pathOf } from '@dsem/schema';
import { rule } from '../rule.js';

export const dropRoutine = rule({
  id: 'drop-routine',
  title: 'A routine is dropped or has other arguments',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR', 'OW'],
  bump: 'major',
  why: 'Programs, views, defaults and triggers still call it with these arguments.',
  fix: 'Add the new form beside it, move the callers, then drop the old one.',
  on: ['drop-routine'],
  check: ({ object, routine }) => [
    { object, message: `Routine ${object} is dropped`, touches: [object, pathOf(routine)] },
  ],
});
