import type { Column } from '@dsem/schema';

/**
 * Whether a column has to go and come back to be computed in its new way: before 17 the server changes no expression, and
 * never turns a virtual column into a stored or a plain one, or a plain one into a computed one.
 */
export const recomputed = ({ generated: before }: Column, { generated: after }: Column, version: string): boolean => {
  if (before === undefined || after === undefined) return before?.stored === false || after !== undefined;
  return before.stored !== after.stored || Number(version) < 17;
};
