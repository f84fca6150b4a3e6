/** Lock modes of tables, weakest first. */
export const levels = [
  'None',
  'AccessShare',
  'RowShare',
  'RowExclusive',
  'ShareUpdateExclusive',
  'Share',
  'ShareRowExclusive',
  'Exclusive',
  'AccessExclusive',
] as const;
export type Level = (typeof levels)[number];
