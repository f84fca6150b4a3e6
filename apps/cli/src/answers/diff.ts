import { dialectFor } from '@dsem/catalogue';
import {
  type Change,
  declaredRenames,
  diff,
  digest,
  type EngineName,
  type RenameHint,
  type Schema,
} from '@dsem/schema';

/** What `diff` tells of two states. */
export interface DiffAnswer {
  readonly engine: EngineName;
  readonly from: { readonly digest: string };
  readonly to: { readonly digest: string };
  readonly changes: readonly Change[];
}

/** The changes between two states; `hints` are what the later one says of earlier names. */
export const diffAnswer = (from: Schema, to: Schema, hints: readonly RenameHint[] = []): DiffAnswer => ({
  engine: to.engine,
  from: { digest: digest(from) },
  to: { digest: digest(to) },
  changes: diff(from, to, dialectFor(to.engine).diff, declaredRenames(from, to, hints)),
});
