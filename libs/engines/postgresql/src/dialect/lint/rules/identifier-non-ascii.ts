import { namingActs, newNamesThat } from '../about/names.js';
import { rule } from '../rule.js';

/** A name has letters beyond ASCII. */
export const identifierNonAscii = rule({
  id: 'identifier-non-ascii',
  title: 'A name has letters beyond ASCII',
  severity: 'info',
  hazard: 'style',
  why: 'Tools and people type it in different ways, and it takes more bytes than letters.',
  fix: 'Use letters of ASCII.',
  on: namingActs,
  check: (act) => newNamesThat(act, (name) => /[^\u0000-\u007f]/.test(name), 'has letters beyond ASCII'),
});
