import { ApiProblem } from '@dsem/api';

/** The strong ETag of a resource at a stream version: `"v7"`. */
export const etagOf = (version: number | string): string =>
  typeof version === 'number' ? `"v${version}"` : `"${version}"`;

/**
 * Refuses when none of the caller's ETags is the current one; `*` fits whatever exists.
 * Without `ifMatch` (a route where it is optional) nothing is refused.
 * @throws ApiProblem DSEM-4004 (412)
 */
export const assertMatch = (ifMatch: string | undefined, current: string): void => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const given = ifMatch.split(',').map((each) => each.trim());
  if (!given.includes(current)) throw new ApiProblem('DSEM-4004', `the current ETag is ${current}, not ${ifMatch}`);
};
