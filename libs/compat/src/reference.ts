import { type ForeignKey, equal } from '@dsem/schema';

/** Whether two foreign keys say that the same columns refer to the same columns, whatever their names and actions. */
export const sameReference = (a: ForeignKey, b: ForeignKey): boolean =>
  equal(a.columns, b.columns) && equal(a.references, b.references);
