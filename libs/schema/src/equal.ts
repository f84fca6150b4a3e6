type Entries = Readonly<Record<string, unknown>>;

const isEntries = (value: unknown): value is Entries => typeof value === 'object' && value !== null;

const sameEntries = (a: Entries, b: Entries): boolean =>
  Object.keys(a).every((key) => equal(a[key], b[key])) &&
  Object.keys(b).every((key) => key in a || b[key] === undefined);

/** Whether two model values say the same: structural, an absent property equals an undefined one. O(value), O(1) when shared. */
export const equal = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (!isEntries(a) || !isEntries(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  return sameEntries(a, b);
};
