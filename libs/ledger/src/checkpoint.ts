import { InvalidNote } from './errors.js';
import { openNote, type Signer, type Verifier } from './note.js';

/** A statement of the log about itself: so many entries, this root (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The log's name, for example `dsem.example.com/audit`. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Further signed lines; an export's seal carries its digests here. */
  readonly extensions: readonly string[];
}

const format = ({ origin, size, root, extensions }: Checkpoint): string =>
  [origin, String(size), Buffer.from(root).toString('base64'), ...extensions].map((line) => `${line}\n`).join('');

/** Writes a checkpoint as a signed note. */
export const signCheckpoint = (checkpoint: Checkpoint, signer: Signer): string => signer.sign(format(checkpoint));

/** Reads a checkpoint whose signature fits the key. Throws InvalidNote when text or signature are not as they must be. */
export const openCheckpoint = (note: string, verifier: Verifier): Checkpoint => {
  const text = openNote(note, verifier);
  const [origin = '', size = '', root = '', ...extensions] = text.slice(0, -1).split('\n');
  const checkpoint = { origin, size: Number(size), root: Buffer.from(root, 'base64'), extensions };
  const isSize = Number.isSafeInteger(checkpoint.size) && checkpoint.size >= 0;
  const exact = isSize && checkpoint.root.length === 32 && format(checkpoint) === text;
  if (!exact) throw new InvalidNote('The signed text is no checkpoint (origin, size, root).');
  return checkpoint;
};
