import { createHash } from 'node:crypto';
import { signCheckpoint } from './checkpoint.js';
import { canonicalJson, sha256, type LedgerEntry } from './entry.js';
import { LedgerGap } from './errors.js';
import { addLeaf, emptyFrontier, frontierRoot } from './merkle.js';
import type { Signer } from './note.js';

/** The version of the export's form; a verifier refuses what it does not know. */
export const exportVersion = 1;

/** The lines of an export: header, then entries with checkpoints between them, then one seal. */
export type ExportLine =
  | {
      readonly kind: 'dsem-audit-export';
      readonly schemaVersion: typeof exportVersion;
      readonly origin: string;
      /** Verifier key `name+id+key`; a verifier that knows the key already uses its own. */
      readonly publicKey: string;
      readonly exportedAt: string;
      readonly entries: number;
      readonly checkpoints: number;
    }
  | ({ readonly kind: 'entry' } & LedgerEntry)
  | { readonly kind: 'checkpoint'; readonly number: number; readonly note: string }
  | { readonly kind: 'seal'; readonly note: string };

/** What an export is made of; entries are read once, in order. */
export interface ExportSource {
  readonly origin: string;
  /** RFC 3339. */
  readonly exportedAt: string;
  readonly signer: Signer;
  /** How many entries follow, from entry 0. */
  readonly size: number;
  readonly entries: AsyncIterable<LedgerEntry> | Iterable<LedgerEntry>;
  /** Checkpoints signed so far, by the same signer; those beyond `size` are left out. */
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[];
}

/** The two signed lines that tie header and body of an export to its seal. */
export const sealLines = (header: string, body: Uint8Array): readonly string[] => [
  `dsem-export-header ${sha256(header).toString('base64')}`,
  `dsem-export-lines ${Buffer.from(body).toString('base64')}`,
];

const checkEntry = (entry: LedgerEntry, expected: number): void => {
  if (entry.index !== expected) throw new LedgerGap(`Entry ${expected} should follow, entry ${entry.index} came.`);
};

/** The export's content without its seal, each part as an object. */
async function* parts(source: ExportSource): AsyncGenerator<ExportLine> {
  const { origin, exportedAt, signer, size } = source;
  const due = source.checkpoints.filter((c) => c.size > 0 && c.size <= size).sort((a, b) => a.size - b.size);
  const counts = { entries: size, checkpoints: due.length };
  const publicKey = signer.verifierKey;
  yield { kind: 'dsem-audit-export', schemaVersion: exportVersion, origin, publicKey, exportedAt, ...counts };
  let [index, number] = [0, 0];
  for await (const entry of source.entries) {
    if (index === size) break;
    checkEntry(entry, index);
    yield { kind: 'entry', ...entry };
    index += 1;
    for (; due[number]?.size === index; number += 1)
      yield { kind: 'checkpoint', number, note: due[number]?.note ?? '' };
  }
  if (index < size) throw new LedgerGap(`The ledger ended after ${index} of ${size} entries.`);
}

/** Writes an export line by line (without line ends; each line ends with one LF in a file). Throws LedgerGap. */
export async function* writeExport(source: ExportSource): AsyncGenerator<string> {
  const body = createHash('sha256');
  let [header, frontier] = ['', emptyFrontier];
  for await (const part of parts(source)) {
    const line = canonicalJson(part);
    if (part.kind === 'dsem-audit-export') header = line;
    if (part.kind === 'entry') ({ frontier } = addLeaf(frontier, Buffer.from(part.hash, 'hex')));
    body.update(`${line}\n`);
    yield line;
  }
  const head = { origin: source.origin, size: frontier.size, root: frontierRoot(frontier) };
  const note = signCheckpoint({ ...head, extensions: sealLines(header, body.digest()) }, source.signer);
  yield canonicalJson({ kind: 'seal', note } satisfies ExportLine);
}
