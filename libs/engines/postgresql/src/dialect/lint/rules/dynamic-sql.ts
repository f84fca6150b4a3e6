import { rule } from '../rule.js';

/** A statement is put together at run time. */
export const dynamicSql = rule({
  id: 'dynamic-sql',
  title: 'A statement is put together at run time',
  severity: 'error',
  hazard: 'transaction',
  why: 'What it does cannot be told before it runs.',
  fix: 'Write the statement itself, or have it approved by somebody who has read the code.',
  on: ['dynamic'],
  check: ({ text }) => [{ object: 'EXECUTE', message: `What this runs is not known before: ${text.slice(0, 80)}` }],
});
