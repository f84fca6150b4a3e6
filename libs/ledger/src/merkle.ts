import { hash as digest } from 'node:crypto';

/** A perfect subtree: it covers the leaves `index * 2^level` up to, not including, `(index + 1) * 2^level`. */
export interface NodeRef {
  readonly level: number;
  readonly index: number;
}

/** The hash of a perfect subtree; the store of the tree answers it. */
export type NodeAt = (node: NodeRef) => Uint8Array;

/** A tree reduced to the roots of its perfect subtrees, largest first: all that appending needs, O(log size) long. */
export interface Frontier {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

/** The tree without leaves. */
export const emptyFrontier: Frontier = { size: 0, peaks: [] };

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 6962 leaf hash: the prefix 0x00 keeps a leaf from being passed off as a node. */
export const leafHash = (data: Uint8Array | string): Buffer =>
  digest('sha256', Buffer.concat([LEAF, typeof data === 'string' ? Buffer.from(data) : data]), 'buffer');

/** RFC 6962 node hash. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  digest('sha256', Buffer.concat([NODE, left, right]), 'buffer');

/** Appends a leaf; `completed` names the perfect subtrees that this leaf finished, for stores that answer proofs. */
export const addLeaf = (
  { size, peaks }: Frontier,
  leaf: Uint8Array,
): { frontier: Frontier; completed: { node: NodeRef; hash: Uint8Array }[] } => {
  const rest = [...peaks];
  const completed = [{ node: { level: 0, index: size }, hash: leaf }];
  let hash = leaf;
  for (let level = 1, index = size; index % 2 === 1; level += 1) {
    index = (index - 1) / 2;
    hash = nodeHash(rest.pop() as Uint8Array, hash);
    completed.push({ node: { level, index }, hash });
  }
  return { frontier: { size: size + 1, peaks: [...rest, hash] }, completed };
};

const foldPeaks = (peaks: readonly Uint8Array[]): Uint8Array =>
  peaks.length === 0 ? digest('sha256', '', 'buffer') : peaks.reduceRight((right, left) => nodeHash(left, right));

/** The Merkle tree hash; of the empty tree it is SHA-256 of nothing. */
export const frontierRoot = ({ peaks }: Frontier): Uint8Array => foldPeaks(peaks);

/** The root over leaf hashes held in memory. */
export const merkleRoot = (leaves: Iterable<Uint8Array>): Uint8Array => {
  let frontier = emptyFrontier;
  for (const leaf of leaves) ({ frontier } = addLeaf(frontier, leaf));
  return frontierRoot(frontier);
};

/** Largest power of two smaller than n (n > 1); arithmetic, because indexes may pass 32 bits. */
const splitPoint = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

interface Range {
  readonly start: number;
  readonly end: number;
}

const perfectNodes = ({ start, end }: Range): NodeRef[] => {
  const nodes: NodeRef[] = [];
  for (let at = start; at < end;) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
};

const rangeHash = (range: Range, nodeAt: NodeAt): Uint8Array => foldPeaks(perfectNodes(range).map(nodeAt));

const checkOrder = (...values: readonly number[]): void => {
  const ordered = values.every((v, i) => Number.isSafeInteger(v) && v >= 0 && (i === 0 || (values[i - 1] ?? 0) <= v));
  if (!ordered) throw new RangeError(`Not a valid place in the tree: ${values.join(', ')}.`);
};

const inclusionRanges = (index: number, size: number): Range[] => {
  checkOrder(index, size - 1);
  const path: Range[] = [];
  for (let start = 0, end = size; end - start > 1;) {
    const middle = start + splitPoint(end - start);
    path.push(index < middle ? { start: middle, end } : { start, end: middle });
    if (index < middle) end = middle;
    else start = middle;
  }
  return path.reverse();
};

const consistencyRanges = (first: number, second: number): Range[] => {
  checkOrder(1, first, second);
  const path: Range[] = [];
  let [start, end] = [0, second];
  while (end !== first) {
    const middle = start + splitPoint(end - start);
    path.push(first <= middle ? { start: middle, end } : { start, end: middle });
    if (first <= middle) end = middle;
    else start = middle;
  }
  return start === 0 ? path.reverse() : [{ start, end }, ...path.reverse()];
};

/** The nodes `inclusionProof` will ask for, so that a store fetches them in one query. */
export const inclusionNodes = (index: number, size: number): NodeRef[] =>
  inclusionRanges(index, size).flatMap(perfectNodes);

/** The nodes `consistencyProof` will ask for, so that a store fetches them in one query. */
export const consistencyNodes = (first: number, second: number): NodeRef[] =>
  consistencyRanges(first, second).flatMap(perfectNodes);

/** RFC 6962 2.1.1: proves that a leaf is in the tree of `size` leaves. Throws RangeError when index >= size. */
export const inclusionProof = (index: number, size: number, nodeAt: NodeAt): Uint8Array[] =>
  inclusionRanges(index, size).map((range) => rangeHash(range, nodeAt));

/** RFC 6962 2.1.2: proves that the tree of `first` leaves is a prefix of the tree of `second`. Throws RangeError. */
export const consistencyProof = (first: number, second: number, nodeAt: NodeAt): Uint8Array[] =>
  consistencyRanges(first, second).map((range) => rangeHash(range, nodeAt));

/** Answers nodes from leaf hashes held in memory; for tests and small ledgers. */
export const nodesOf =
  (leaves: readonly Uint8Array[]): NodeAt =>
  ({ level, index }) =>
    merkleRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
