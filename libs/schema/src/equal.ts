type Entries = Readonly<Record<string, unknown>>;

const isEntries = (value: unknown): value is Entries => typeof value === 'object' && value !== null;

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean => {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!equal(a[at], b[at])) return false;
  return true;
};

const sameEntries = (a: Entries, b: Entries): boolean => {
  for (const key of Object.keys(a)) if (!equal(a[key], b[key])) return false;
  for (const key of Object.keys(b)) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
};

/** Whether two model values say the same: structural, an absent property equals an undefined one. O(value), O(1) when shared. */
export const equal = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (!isEntries(a) || !isEntries(b)) return false;
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b);
  return !Array.isArray(b) && sameEntries(a, b);
};
