import { notFound, type compatibilityRoutes, type RouteOutput } from '@dsem/api';
import type { Validator } from '../validator.context.js';
import { hintsBetween } from '@dsem/schema';
import { definitionOf, judge } from './judge.js';
import { knownVersions, liveContracts } from './known.js';
import type { Mode } from './modes.js';

type Matrix = RouteOutput<(typeof compatibilityRoutes)['compatibilityMatrix']>;

/** Every pair of the newest versions of a schema, judged now. O(versions² x changed); versions are at most 20. */
export const matrixOf = async (
  validator: Validator,
  schema: string,
  count: number,
  asked: Mode | undefined,
): Promise<Matrix> => {
  const { pool } = validator.service;
  const versions = [...(await knownVersions(pool, schema, count))].reverse();
  const newest = versions.at(-1);
  if (newest === undefined) throw notFound('schema', schema);
  const mode = asked ?? newest.mode;
  const consumers = await liveContracts(pool, schema);
  const states = await Promise.all(versions.map((version) => definitionOf(validator, version.digest)));
  const cells = states.map((from, i) =>
    states.map((to, j) => {
      if (j <= i) return null;
      const hints = hintsBetween(versions, versions[i]?.number, versions[j]?.number ?? 0);
      const { compatible, score } = judge([from], to, mode, consumers, hints);
      return { compatible, score };
    }),
  );
  return { schema, mode, versions: versions.map((version) => version.version), cells };
};
