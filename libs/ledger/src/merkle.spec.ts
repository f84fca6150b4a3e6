import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  addLeaf,
  consistencyNodes,
  consistencyProof,
  emptyFrontier,
  frontierRoot,
  inclusionNodes,
  inclusionProof,
  leafHash,
  merkleRoot,
  nodesOf,
  type NodeAt,
} from './merkle.js';
import { verifyConsistency, verifyInclusion } from './proof.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sha = (...parts: (Uint8Array | string)[]): Buffer => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** The definitions of RFC 6962 2.1, word for word and without thought for cost. */
const split = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);
const naiveRoot = (d: readonly Buffer[]): Buffer => {
  if (d.length === 0) return sha('');
  if (d.length === 1) return sha(Uint8Array.of(0), d[0] as Buffer);
  const k = split(d.length);
  return sha(Uint8Array.of(1), naiveRoot(d.slice(0, k)), naiveRoot(d.slice(k)));
};
const naivePath = (m: number, d: readonly Buffer[]): Buffer[] => {
  if (d.length === 1) return [];
  const k = split(d.length);
  return m < k
    ? [...naivePath(m, d.slice(0, k)), naiveRoot(d.slice(k))]
    : [...naivePath(m - k, d.slice(k)), naiveRoot(d.slice(0, k))];
};
const naiveConsistency = (m: number, d: readonly Buffer[], whole = true): Buffer[] => {
  if (m === d.length) return whole ? [] : [naiveRoot(d)];
  const k = split(d.length);
  return m <= k
    ? [...naiveConsistency(m, d.slice(0, k), whole), naiveRoot(d.slice(k))]
    : [...naiveConsistency(m - k, d.slice(k), false), naiveRoot(d.slice(0, k))];
};

/** The input of Certificate Transparency's reference test vectors, with their roots by size. */
const vectorLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((text) => Buffer.from(text, 'hex'));
const vectorRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('Merkle tree of RFC 6962', () => {
  it.each(vectorRoots.map((root, size) => ({ size, root })))('has the published root of $size leaves', (vector) => {
    expect(hex(merkleRoot(vectorLeaves.slice(0, vector.size).map(leafHash)))).toBe(vector.root);
  });

  it('has the published audit path of leaf 2 of 3 and of leaf 5 of 8', () => {
    const nodeAt = nodesOf(vectorLeaves.map(leafHash));
    expect(inclusionProof(2, 3, nodeAt).map(hex)).toEqual([vectorRoots[2]]);
    expect(inclusionProof(5, 8, nodeAt).map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  const tree = fc
    .array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 70 })
    .map((leaves) => leaves.map((leaf) => Buffer.from(leaf)));

  it('agrees with the definition for every tree, every leaf and every prefix', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.nat(), (data, a, b) => {
        const leaves = data.map((leaf) => leafHash(leaf));
        const nodeAt = nodesOf(leaves);
        const index = a % data.length;
        const first = 1 + (b % data.length);
        expect(hex(merkleRoot(leaves))).toBe(hex(naiveRoot(data)));
        expect(inclusionProof(index, data.length, nodeAt).map(hex)).toEqual(naivePath(index, data).map(hex));
        expect(consistencyProof(first, data.length, nodeAt).map(hex)).toEqual(naiveConsistency(first, data).map(hex));
      }),
    );
  });

  it('proofs need only subtrees that appending has reported, and exactly the announced ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), (size, pick) => {
        const stored = new Map<string, Uint8Array>();
        let frontier = emptyFrontier;
        for (let i = 0; i < size; i += 1) {
          const step = addLeaf(frontier, leafHash(String(i)));
          frontier = step.frontier;
          for (const { node, hash } of step.completed) stored.set(`${node.level}/${node.index}`, hash);
        }
        const asked: string[] = [];
        const nodeAt: NodeAt = ({ level, index }) => {
          asked.push(`${level}/${index}`);
          return stored.get(`${level}/${index}`) as Uint8Array;
        };
        const index = pick % size;
        const head = { size, root: frontierRoot(frontier) };
        const claim = { ...head, leaf: leafHash(String(index)), index };
        expect(verifyInclusion(claim, inclusionProof(index, size, nodeAt))).toBe(true);
        const path = consistencyProof(index + 1, size, nodeAt);
        const prefix = merkleRoot(Array.from({ length: index + 1 }, (_, i) => leafHash(String(i))));
        expect(verifyConsistency({ size: index + 1, root: prefix }, head, path)).toBe(true);
        const announced = [...inclusionNodes(index, size), ...consistencyNodes(index + 1, size)];
        expect([...asked].sort()).toEqual(announced.map((n) => `${n.level}/${n.index}`).sort());
      }),
    );
  });

  it('refuses a proof with any byte, element, index or size changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), fc.nat(), fc.nat(), fc.nat(), (size, at, where, other) => {
        const leaves = Array.from({ length: size }, (_, i) => leafHash(String(i)));
        const [index, root] = [at % size, merkleRoot(leaves)];
        const leaf = leaves[index] as Buffer;
        const proof = inclusionProof(index, size, nodesOf(leaves)).map((hash) => Buffer.from(hash));
        const broken = proof.map((hash) => Buffer.from(hash));
        const victim = broken[where % broken.length] as Buffer;
        victim[other % 32] = (victim[other % 32] as number) ^ (1 + (other % 255));
        expect(verifyInclusion({ leaf, index, size, root }, broken)).toBe(false);
        expect(verifyInclusion({ leaf, index, size, root }, proof.slice(1))).toBe(false);
        expect(verifyInclusion({ leaf, index, size, root }, [...proof, root])).toBe(false);
        expect(verifyInclusion({ leaf, index: (index + 1) % size, size, root }, proof)).toBe(false);
        expect(verifyInclusion({ leaf, index, size, root: leaf }, proof)).toBe(false);
      }),
    );
  });

  it('refuses a consistency proof between trees that are no prefix of each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), fc.nat(), (size, at) => {
        const leaves = Array.from({ length: size }, (_, i) => leafHash(String(i)));
        const forked = leaves.map((leaf, i) => (i === 0 ? leafHash('rewritten') : leaf));
        const first = 1 + (at % (size - 1));
        const proof = consistencyProof(first, size, nodesOf(forked));
        const old = { size: first, root: merkleRoot(leaves.slice(0, first)) };
        expect(verifyConsistency(old, { size, root: merkleRoot(forked) }, proof)).toBe(false);
        expect(verifyConsistency({ size, root: merkleRoot(leaves) }, old, proof)).toBe(false);
      }),
    );
  });

  it.each([
    [-1, 3],
    [3, 3],
    [0, 0],
    [0.5, 3],
  ])('has no inclusion proof for leaf %p of %p', (index, size) => {
    expect(() => inclusionProof(index, size, nodesOf([]))).toThrow(RangeError);
  });

  it.each([
    [0, 3],
    [4, 3],
  ])('has no consistency proof from %p to %p', (first, second) => {
    expect(() => consistencyProof(first, second, nodesOf([]))).toThrow(RangeError);
  });
});
