import type { Location } from '@dsem/schema';

/** One text of a desired state or one script; `file` is what errors name. */
export interface SourceText {
  readonly text: string;
  readonly file?: string;
}

/** Something in the source that was understood and left out on purpose (a data statement, a psql command). */
export interface Note {
  readonly message: string;
  readonly location?: Location;
}
