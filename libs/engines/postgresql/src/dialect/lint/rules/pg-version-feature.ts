import { rule } from '../rule.js';

/** The server is too old for the statement. */
export const pgVersionFeature = rule({
  id: 'pg-version-feature',
  title: 'The server is too old for the statement',
  severity: 'error',
  hazard: 'transaction',
  why: 'The server of this version refuses it.',
  fix: 'Use a form that the version knows, or say another --engine-version.',
  on: ['needs-version'],
  check: ({ version, what }, scene) =>
    Math.floor(scene.version) < version
      ? [{ object: what, message: `${what} needs PostgreSQL ${version}, the target has ${Math.floor(scene.version)}` }]
      : [],
});
