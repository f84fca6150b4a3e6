import { rule } from '../rule.js';

/** A statement is not understood. */
export const unparsableStatement = rule({
  id: 'unparsable-statement',
  title: 'A statement is not understood',
  severity: 'error',
  hazard: 'policy',
  why: 'Nothing can be said about what it locks, costs or breaks.',
  fix: 'Have it read by a person; write it in another form, or in a script of its own.',
  ofBodies: true,
  on: ['unknown'],
  check: ({ what, problem }) => [
    { object: what, message: `${what} is not understood${problem === undefined ? '' : `: ${problem}`}` },
  ],
});
