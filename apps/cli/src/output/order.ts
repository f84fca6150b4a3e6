/** Members that come first, as people read them; the rest follows by name. */
const first = [
  'schemaVersion',
  'id',
  'verb',
  'engine',
  'engineVersion',
  'code',
  'title',
  'detail',
  'rule',
  'severity',
  'hazard',
  'kind',
  'namespace',
  'name',
  'object',
  'table',
  'phase',
  'transactional',
  'from',
  'to',
  'hash',
  'digest',
  'destructive',
  'mode',
  'compatible',
  'valid',
  'score',
  'semver',
  'changes',
  'location',
  'file',
  'line',
  'column',
  'message',
  'why',
  'fix',
  'statements',
  'reverse',
];
const rank = new Map(first.map((name, at) => [name, at]));

const byRank = (a: string, b: string): number =>
  (rank.get(a) ?? first.length) - (rank.get(b) ?? first.length) || (a < b ? -1 : a > b ? 1 : 0);

/** The same value with its members in one fixed order, whatever order they were made in. O(n log n). */
export const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => byRank(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, ordered(item)]));
};

/** One JSON text per value, on one line. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(ordered(value))}\n`;

/** JSON for a file or a person. */
export const jsonText = (value: unknown): string => `${JSON.stringify(ordered(value), null, 2)}\n`;
