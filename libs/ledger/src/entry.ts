import { hash as digest } from 'node:crypto';
import canonicalize from 'canonicalize';
import { UnrecordableEnvelope } from './errors.js';
import { leafHash } from './merkle.js';

/** An event as it came in, before it has its place in the ledger. */
export interface Received {
  /** The topic it was read from. */
  readonly topic: string;
  /** The CloudEvents object, kept as it is. */
  readonly envelope: unknown;
  /** RFC 3339 time of the audit service's clock. */
  readonly receivedAt: string;
}

/** One line of the ledger; `hash` covers all other fields, `previousHash` ties it to the entry before. */
export interface LedgerEntry extends Received {
  /** From 0, without gaps; also the leaf index in the Merkle tree. */
  readonly index: number;
  /** Lower-case hex SHA-256 of the entry before, 64 zeros for entry 0. */
  readonly previousHash: string;
  /** Lower-case hex SHA-256(0x00 || canonical JSON of the other fields): the leaf of the Merkle tree. */
  readonly hash: string;
}

/** What comes before entry 0, so that every entry has a predecessor. */
export const genesisHash = '0'.repeat(64);

/** JSON by RFC 8785, so that every verifier in every language hashes the same bytes. */
export const canonicalJson = (value: unknown): string => {
  try {
    return canonicalize(value) ?? 'null';
  } catch (cause) {
    throw new UnrecordableEnvelope(`The value has no canonical JSON: ${(cause as Error).message}.`, { cause });
  }
};

/** SHA-256 of a text's UTF-8 bytes, raw. */
export const sha256 = (text: string): Buffer => digest('sha256', text, 'buffer');

/** The hash an entry must carry; compare it with `entry.hash` to see whether the entry is as it was written. */
export const entryHash = ({ index, topic, envelope, receivedAt, previousHash }: Omit<LedgerEntry, 'hash'>): string =>
  leafHash(canonicalJson({ index, topic, envelope, receivedAt, previousHash })).toString('hex');

/** Gives an event its place behind `previous` (undefined: it becomes entry 0). Throws UnrecordableEnvelope. */
export const nextEntry = (previous: Pick<LedgerEntry, 'index' | 'hash'> | undefined, event: Received): LedgerEntry => {
  const { topic, envelope, receivedAt } = event;
  const previousHash = previous?.hash ?? genesisHash;
  const body = { index: previous === undefined ? 0 : previous.index + 1, topic, envelope, receivedAt, previousHash };
  return { ...body, hash: entryHash(body) };
};
