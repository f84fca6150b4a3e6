import { createHash } from 'node:crypto';
import { z } from 'zod';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { canonicalJson, genesisHash } from './entry.js';
import { InvalidLedgerKey, InvalidNote } from './errors.js';
import { exportVersion, sealLines, type ExportLine } from './export.js';
import { UnreadableLine } from './lines.js';
import { addLeaf, emptyFrontier, frontierRoot, leafHash } from './merkle.js';
import { readVerifier, type Verifier } from './note.js';

/** What the caller knows apart from the export, and therefore trusts more. */
export interface ExportTrust {
  /** The log's key, `name+id+key` or PEM; it wins over the header's. */
  readonly publicKey?: string;
  /** The last checkpoint the caller has seen (a signed note); shows a log that was rolled back or forked. */
  readonly witness?: string;
}

const text = z.string().min(1);
const count = z.int().nonnegative();
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const header = z.strictObject({
  kind: z.literal('dsem-audit-export'),
  schemaVersion: z.literal(exportVersion),
  origin: text,
  publicKey: text,
  exportedAt: text,
  entries: count,
  checkpoints: count,
});
const entry = z.strictObject({
  kind: z.literal('entry'),
  index: count,
  topic: text,
  envelope: z.unknown(),
  receivedAt: text,
  previousHash: hex,
  hash: hex,
});
const checkpoint = z.strictObject({ kind: z.literal('checkpoint'), number: count, note: text });
const seal = z.strictObject({ kind: z.literal('seal'), note: text });
const exportLine = z.discriminatedUnion('kind', [header, entry, checkpoint, seal]);

type Line<Kind extends ExportLine['kind']> = Extract<ExportLine, { kind: Kind }>;
type Place = {
  readonly firstBadEntry?: number;
  readonly suspectEntries?: { readonly from: number; readonly to: number };
};

/** The first thing that is wrong with an export. */
export class ExportFault extends Error {
  constructor(
    detail: string,
    readonly place: Place = {},
    /** `next`: in a line that could not be read as text, after the last one taken; `header`: seen late, is in line 1. */
    readonly where: 'here' | 'next' | 'header' = 'here',
  ) {
    super(detail);
    this.name = 'ExportFault';
  }
}

/** Takes an export line by line and throws ExportFault at the first that cannot be as it was written. */
export class ExportCheck {
  readonly #given: Verifier | undefined;
  readonly #trust: ExportTrust;
  readonly #digest = createHash('sha256');
  #witness: Checkpoint | undefined;
  #verifier: Verifier | undefined;
  #header: Line<'dsem-audit-export'> | undefined;
  #headerText = '';
  #frontier = emptyFrontier;
  #previousHash = genesisHash;
  #checked = 0;
  #sealed = false;
  checkpoints = 0;

  constructor(trust: ExportTrust) {
    this.#trust = trust;
    const isPem = trust.publicKey?.includes('-----BEGIN') === true;
    if (trust.publicKey !== undefined && !isPem) this.#given = readVerifier(trust.publicKey);
  }

  get entries(): number {
    return this.#frontier.size;
  }

  get key(): { keySource: 'given' | 'header' | 'none'; publicKey?: string } {
    const verifier = this.#verifier ?? this.#given;
    if (verifier === undefined) return { keySource: 'none' };
    return { keySource: this.#trust.publicKey === undefined ? 'header' : 'given', publicKey: verifier.verifierKey };
  }

  take(text: string): void {
    if (this.#sealed) throw new ExportFault('There is a line behind the seal.');
    const line = this.#parse(text);
    if ((line.kind === 'dsem-audit-export') !== (this.#header === undefined)) {
      throw new ExportFault('An export begins with its header, and has only one.', this.#placeOf(text));
    }
    this.#check(line, text);
    if (!this.#sealed) this.#digest.update(`${text}\n`);
  }

  end(): void {
    if (this.#sealed) return;
    throw new ExportFault('The export ends before its seal: lines are missing at its end.', this.#nextPlace(), 'next');
  }

  faultOf(error: unknown): ExportFault | undefined {
    if (error instanceof ExportFault) return error;
    return error instanceof UnreadableLine ? new ExportFault(error.message, this.#nextPlace(), 'next') : undefined;
  }

  #check(line: ExportLine, text: string): void {
    switch (line.kind) {
      case 'dsem-audit-export':
        return this.#takeHeader(line, text);
      case 'entry':
        return this.#takeEntry(line, text);
      case 'checkpoint':
        return this.#takeCheckpoint(line);
      case 'seal':
        return this.#takeSeal(line);
      default:
        return line satisfies never;
    }
  }

  /** Where an unreadable or misplaced line would stand if it was an entry. */
  #placeOf(text: string): Place {
    return text.startsWith('{"envelope"') || text.includes('"kind":"entry"') ? { firstBadEntry: this.entries } : {};
  }

  #nextPlace(): Place {
    return this.#header !== undefined && this.entries < this.#header.entries ? { firstBadEntry: this.entries } : {};
  }

  #parse(text: string): ExportLine {
    const value = ((): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        throw new ExportFault('The line is not JSON.', this.#placeOf(text));
      }
    })();
    const parsed = exportLine.safeParse(value);
    if (!parsed.success)
      throw new ExportFault(`The line is no line of an export: ${why(parsed.error)}`, this.#placeOf(text));
    if (!isCanonical(value, text)) {
      throw new ExportFault('The line is not in canonical form, so it is not as it was written.', this.#placeOf(text));
    }
    return parsed.data;
  }

  #takeHeader(line: Line<'dsem-audit-export'>, text: string): void {
    this.#header = line;
    this.#headerText = text;
    const { publicKey } = this.#trust;
    const own = this.#given ?? (publicKey === undefined ? undefined : readVerifier(publicKey, line.origin));
    this.#verifier = own ?? readHeaderKey(line.publicKey);
    if (this.#verifier.verifierKey !== line.publicKey) {
      throw new ExportFault('The header names another key than the one given.');
    }
    if (this.#verifier.name !== line.origin) throw new ExportFault("The key does not belong to the export's origin.");
    if (this.#trust.witness !== undefined) this.#takeWitness(this.#trust.witness, line, this.#verifier);
  }

  #takeWitness(note: string, line: Line<'dsem-audit-export'>, verifier: Verifier): void {
    this.#witness = openCheckpoint(note, verifier);
    if (this.#witness.origin !== line.origin) throw new InvalidNote('The witnessed checkpoint is of another log.');
    if (this.#witness.size > line.entries) {
      throw new ExportFault(
        `The log had ${this.#witness.size} entries when it was last witnessed, the export has ${line.entries}.`,
        { firstBadEntry: line.entries },
      );
    }
    this.#checkWitness();
  }

  #takeEntry(line: Line<'entry'>, text: string): void {
    const expected = this.entries;
    const fault = (problem: string): ExportFault => new ExportFault(problem, { firstBadEntry: expected });
    if (line.index !== expected) throw fault(`Entry ${expected} should stand here, it is entry ${line.index}.`);
    if (line.previousHash !== this.#previousHash) throw fault('The entry does not continue the chain.');
    const leaf = leafHash(bodyOf(line, text));
    if (leaf.toString('hex') !== line.hash) throw fault("The entry's hash does not fit its content.");
    this.#previousHash = line.hash;
    this.#frontier = addLeaf(this.#frontier, leaf).frontier;
    this.#checkWitness();
  }

  #checkWitness(): void {
    if (this.#witness === undefined || this.#witness.size !== this.entries) return;
    this.#checkRoot(this.#witness, 'The entries are not those of the witnessed checkpoint');
  }

  #takeCheckpoint(line: Line<'checkpoint'>): void {
    if (line.number !== this.checkpoints) {
      throw new ExportFault(`Checkpoint ${this.checkpoints} should stand here, it is checkpoint ${line.number}.`);
    }
    this.#open(line.note, []);
    this.checkpoints += 1;
  }

  #takeSeal(line: Line<'seal'>): void {
    const expected = sealLines(this.#headerText, this.#digest.copy().digest());
    if (this.#signed(line.note).extensions[0] !== expected[0]) {
      throw new ExportFault('The header is not as it was written.', {}, 'header');
    }
    this.#open(line.note, expected);
    this.#sealed = true;
  }

  /** Opens a signed note and compares what it says with what was read so far. */
  #open(note: string, extensions: readonly string[]): void {
    const signed = this.#signed(note);
    if (signed.origin !== this.#header?.origin) throw new ExportFault('The checkpoint is of another log.');
    if (signed.size !== this.entries) {
      const place = signed.size > this.entries ? { firstBadEntry: this.entries } : {};
      throw new ExportFault(`The checkpoint is for ${signed.size} entries, but stands behind ${this.entries}.`, place);
    }
    this.#checkRoot(signed, 'The entries before this checkpoint are not those it was signed for');
    if (signed.extensions.join('\n') !== extensions.join('\n')) {
      throw new ExportFault('The lines before here are not those that were signed, although each entry is.');
    }
    this.#checked = this.entries;
  }

  #signed(note: string): Checkpoint {
    try {
      return openCheckpoint(note, this.#verifier as Verifier);
    } catch (error) {
      throw error instanceof InvalidNote ? new ExportFault(error.message) : error;
    }
  }

  #checkRoot({ root }: Checkpoint, problem: string): void {
    if (Buffer.compare(root, frontierRoot(this.#frontier)) === 0) return;
    const [from, to] = [this.#checked, this.entries - 1];
    const place = from > to ? {} : { firstBadEntry: from, suspectEntries: { from, to } };
    throw new ExportFault(from > to ? `${problem}.` : `${problem}: one of ${from} to ${to} was rewritten.`, place);
  }
}

const without = (text: string, member: string): string => {
  const at = text.lastIndexOf(member);
  return text.slice(0, at) + text.slice(at + member.length);
};

/**
 * What an entry's hash covers, cut out of its canonical line instead of written a second time, which halves the cost of
 * a check. Behind the envelope stand only numbers and strings, and a string cannot hold an unescaped quote: the last
 * occurrence is the entry's own.
 */
const bodyOf = ({ hash }: Line<'entry'>, text: string): string =>
  without(without(text, `"hash":"${hash}",`), '"kind":"entry",');

const why = (error: z.ZodError): string => {
  const [first] = error.issues;
  return `${first?.path.join('.') ?? ''} ${first?.message ?? ''}`.trim();
};

const isCanonical = (value: unknown, text: string): boolean => {
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
};

const readHeaderKey = (key: string): Verifier => {
  try {
    return readVerifier(key);
  } catch (error) {
    throw error instanceof InvalidLedgerKey ? new ExportFault(error.message) : error;
  }
};
