import { nodeHash } from './merkle.js';

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;

/** What an inclusion proof claims. */
export interface InclusionClaim {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
}

/** RFC 9162 2.1.3.2: true when the proof leads from the leaf to the root. */
export const verifyInclusion = ({ leaf, index, size, root }: InclusionClaim, proof: readonly Uint8Array[]): boolean => {
  if (!(index >= 0 && index < size)) return false;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(hash, root);
};

/** Size and root of a tree, as a checkpoint states them. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

/** RFC 9162 2.1.4.2: true when the proof shows that `first` is a prefix of `second`. */
export const verifyConsistency = (first: TreeHead, second: TreeHead, proof: readonly Uint8Array[]): boolean => {
  if (first.size > second.size || first.size < 1) return false;
  if (first.size === second.size) return proof.length === 0 && same(first.root, second.root);
  const path = isPowerOfTwo(first.size) ? [first.root, ...proof] : proof;
  let [place, last] = [first.size - 1, second.size - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  const [seed, ...siblings] = path;
  if (seed === undefined) return false;
  let [small, large] = [seed, seed];
  for (const sibling of siblings) {
    if (last === 0) return false;
    if (isOdd(place) || place === last) {
      [small, large] = [nodeHash(sibling, small), nodeHash(sibling, large)];
      while (!isOdd(place) && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      large = nodeHash(large, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(small, first.root) && same(large, second.root);
};
