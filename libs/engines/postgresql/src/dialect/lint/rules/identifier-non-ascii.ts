import { newNames } from '../about/names.js';
import { rule } from '../rule.js';

/** A name has letters beyond ASCII. */
export const identifierNonAscii = rule({
  id: 'identifier-non-ascii',
  title: 'A name has letters beyond ASCII',
  severity: 'info',
  hazard: 'style',
  why: 'Tools and people type it in different ways, and it takes more bytes than letters.',
  fix: 'Use letters of ASCII.',
  on: [
    'create-table',
    'create-index',
    'create-view',
    'create-type',
    'create-sequence',
    'create-schema',
    'create-routine',
    'add-column',
    'rename',
  ],
  check: (act) =>
    newNames(act)
      .filter(({ name }) => /[^\u0000-\u007f]/.test(name))
      .map(({ name, at }) => ({ object: name, message: `${name} has letters beyond ASCII`, ...at })),
});
