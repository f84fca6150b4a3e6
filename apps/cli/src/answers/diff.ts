import { dialectFor } from '@dsem/catalogue';
import {
  type Change,
  declaredRenames,
  diff,
  digest,
  type EngineName,
  likelyRenames,
  renameAdvice,
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

/** What a rename that nobody told of may hide behind, as sentences without their full stop. */
export const renameNotes = (changes: readonly Change[]): readonly string[] => likelyRenames(changes).map(renameAdvice);

/** The changes between two states; `hints` are what the later one says of earlier names. */
export const diffAnswer = (from: Schema, to: Schema, hints: readonly RenameHint[] = []): DiffAnswer => ({
  engine: to.engine,
  from: { digest: digest(from) },
  to: { digest: digest(to) },
  changes: diff(from, to, dialectFor(to.engine).diff, declaredRenames(from, to, hints)),
});
