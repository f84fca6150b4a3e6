import { repeated } from '../about/script.js';
import { scriptRule } from '../rule.js';

/** Several statements read or copy the same table. */
export const multiChangeSameObject = scriptRule({
  id: 'multi-change-same-object',
  title: 'Several statements read or copy the same table',
  severity: 'info',
  hazard: 'lock',
  why: 'Each of them goes through all rows, one after the other.',
  fix: 'Merge them into one ALTER TABLE, which goes through the rows once.',
  finish: ({ entries, world }) => repeated(entries, world),
});
