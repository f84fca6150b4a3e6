import { byteLength } from '../about/names.js';
import { rule } from '../rule.js';

/** A name is longer than 63 bytes. */
export const identifierTooLong = rule({
  id: 'identifier-too-long',
  title: 'A name is longer than 63 bytes',
  severity: 'error',
  hazard: 'style',
  why: 'The server cuts it and says so only in a notice; two names can become one.',
  fix: 'Choose a shorter name.',
  on: ['long-name'],
  check: ({ name }) => [{ object: name, message: `${name} has ${byteLength(name)} bytes, the server keeps 63` }],
});
