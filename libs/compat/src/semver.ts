import type { Change } from '@dsem/schema';
import type { Bump } from './report.js';

const ranks: readonly Bump[] = ['none', 'patch', 'minor', 'major'];

/** The largest of several demands. */
export const largestBump = (bumps: readonly Bump[]): Bump =>
  bumps.reduce<Bump>((largest, bump) => (ranks.indexOf(bump) > ranks.indexOf(largest) ? bump : largest), 'none');

const loosenings: ReadonlySet<Change['kind']> = new Set(['drop-not-null', 'alter-grant']);

/** What a change demands when no rule objects: additions and loosenings are minor, what nobody can observe is a patch. */
export const bumpOf = (change: Change): Bump => {
  if (change.kind === 'create-index') return change.index.unique === true ? 'minor' : 'patch';
  if (/^(create|add|set|change)-/u.test(change.kind) || loosenings.has(change.kind)) return 'minor';
  return 'patch';
};
