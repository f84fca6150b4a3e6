import { ExportCheck, type ExportFault, type ExportTrust } from './export-check.js';

/** What an offline check of an export found. */
export interface ExportVerdict {
  readonly valid: boolean;
  /** Entries found good before the first fault. */
  readonly entries: number;
  /** Checkpoints found good, the seal not counted. */
  readonly checkpoints: number;
  /**
   * `given`: the caller's key was used. `header`: only the key that the export itself names was there, so a forger who
   * signed everything anew with an own key would not be seen. `none`: the check ended before a key was needed.
   */
  readonly keySource: 'given' | 'header' | 'none';
  /** The key the signatures were checked with, as `name+id+key`. */
  readonly publicKey?: string;
  /** Index of the first entry that is not as it was written. */
  readonly firstBadEntry?: number;
  /** Given when a checkpoint shows that entries were rewritten consistently: the rewritten one is among these. */
  readonly suspectEntries?: { readonly from: number; readonly to: number };
  /** From 1. */
  readonly firstBadLine?: number;
  /** One sentence: what is wrong there. */
  readonly problem?: string;
}

const report = (check: ExportCheck, line: number, fault?: ExportFault): ExportVerdict => ({
  valid: fault === undefined,
  entries: check.entries,
  checkpoints: check.checkpoints,
  ...check.key,
  ...fault?.place,
  ...(fault === undefined ? {} : { firstBadLine: line, problem: fault.message }),
});

const lineOf = ({ where }: ExportFault, line: number): number => {
  switch (where) {
    case 'here':
      return line;
    case 'next':
      return line + 1;
    case 'header':
      return 1;
    default:
      return where satisfies never;
  }
};

/**
 * Checks an export from its lines alone: every entry's hash, the chain, the Merkle root and signature of every
 * checkpoint, and the seal over the whole file. Memory is bounded by the longest line.
 *
 * Lines come without their line ends; read files with `exportLines`, which hides no byte. A fault is reported, not
 * thrown; an unusable `publicKey` or `witness` throws InvalidLedgerKey or InvalidNote.
 */
export const verifyExport = async (
  lines: AsyncIterable<string> | Iterable<string>,
  trust: ExportTrust = {},
): Promise<ExportVerdict> => {
  const check = new ExportCheck(trust);
  let line = 0;
  try {
    for await (const text of lines) {
      line += 1;
      check.take(text);
    }
    check.end();
    return report(check, line);
  } catch (error) {
    const fault = check.faultOf(error);
    if (fault === undefined) throw error;
    return report(check, lineOf(fault, line), fault);
  }
};
