import { dialectFor } from '@dsem/catalogue';
import { type Change, diff, digest, type EngineName, type Schema } from '@dsem/schema';

/** What `diff` tells of two states. */
export interface DiffAnswer {
  readonly engine: EngineName;
  readonly from: { readonly digest: string };
  readonly to: { readonly digest: string };
  readonly changes: readonly Change[];
}

export const diffAnswer = (from: Schema, to: Schema): DiffAnswer => ({
  engine: to.engine,
  from: { digest: digest(from) },
  to: { digest: digest(to) },
  changes: diff(from, to, dialectFor(to.engine).diff),
});
