import { rule } from '../rule.js';

export const dropTrigger = rule({
  id: 'drop-trigger',
  title: 'A trigger is dropped',
  severity: 'error',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'major',
  why: 'Its side effects stop, and readers miss what it wrote.',
  fix: 'Move its effect elsewhere first.',
  on: ['drop-trigger'],
  check: ({ object }) => [{ object, message: `Trigger ${object} is dropped` }],
});
