import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  appendLeaf,
  decodeFrontier,
  encodeFrontier,
  type Frontier,
  frontierRoot,
} from '../../../platform/log/frontier.ts';
import {
  emptyRoot,
  leafHash,
  rootFromInclusion,
  verifyConsistency,
  verifyInclusion,
} from '../../../platform/log/merkle.ts';
import { consistencyRanges, type HashSource, inclusionRanges, rangeRoots } from '../../../platform/log/tree.ts';

// An independent implementation, straight from the definitions of RFC 9162, 2.1: slow and plain.
const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

function naiveRoot(entries: Buffer[]): Buffer {
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return sha256(Buffer.of(0), entries[0]!);
  const k = split(entries.length);
  return sha256(Buffer.of(1), naiveRoot(entries.slice(0, k)), naiveRoot(entries.slice(k)));
}

function naivePath(m: number, entries: Buffer[]): Buffer[] {
  if (entries.length === 1) return [];
  const k = split(entries.length);
  return m < k
    ? [...naivePath(m, entries.slice(0, k)), naiveRoot(entries.slice(k))]
    : [...naivePath(m - k, entries.slice(k)), naiveRoot(entries.slice(0, k))];
}

function naiveProof(m: number, entries: Buffer[], whole = true): Buffer[] {
  if (m === entries.length) return whole ? [] : [naiveRoot(entries)];
  const k = split(entries.length);
  return m <= k
    ? [...naiveProof(m, entries.slice(0, k), whole), naiveRoot(entries.slice(k))]
    : [...naiveProof(m - k, entries.slice(k), false), naiveRoot(entries.slice(0, k))];
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** A log in memory with tiles of 2^height, as the writer would leave it in the database. */
function grow(
  entries: Buffer[],
  height: number,
): { frontier: Frontier; source: HashSource; roots: Buffer[]; read: () => number } {
  const frontier: Frontier = { size: 0, roots: [] };
  const levels: Buffer[][] = [[]];
  const roots = [frontierRoot(frontier)];
  let read = 0;
  for (const entry of entries) {
    const hash = leafHash(entry);
    levels[0]!.push(hash);
    appendLeaf(frontier, hash, ({ level, index, hash: tile }) => void ((levels[level] ??= [])[index] = tile), height);
    roots.push(frontierRoot(frontier));
  }
  const source: HashSource = async (runs) =>
    runs.map(({ level, first, count }) => {
      const hashes = levels[level]!.slice(first, first + count);
      if (hashes.length !== count || hashes.includes(undefined as never)) throw new Error(`no hash ${level}/${first}`);
      read += count;
      return hashes;
    });
  return { frontier, source, roots, read: () => read };
}

const someEntries = (size: number, seed = 0): Buffer[] =>
  Array.from({ length: size }, (_, index) => Buffer.from(`entry ${index} of ${seed}`));

// The reference inputs and roots of Certificate Transparency's own test suite (RFC 6962 and 9162 hash alike).
const vectors = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
] as const;

describe('the Merkle tree', () => {
  it('has the roots that the reference implementation of Certificate Transparency has', () => {
    const { roots } = grow(
      vectors.map(([entry]) => Buffer.from(entry, 'hex')),
      8,
    );
    expect(roots.map((root) => root.toString('hex'))).toEqual([
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      ...vectors.map(([, root]) => root),
    ]);
  });

  it('gives the same root, inclusion proofs and consistency proofs as the definition, whatever the tile size', async () => {
    const size = fc.integer({ min: 1, max: 130 });
    await fc.assert(
      fc.asyncProperty(size, fc.integer({ min: 1, max: 4 }), fc.nat(), async (n, height, seed) => {
        const entries = someEntries(n, seed);
        const { roots, source } = grow(entries, height);
        expect(roots[n]).toEqual(naiveRoot(entries));
        for (let m = 0; m < n; m += 1) {
          const path = await rangeRoots(inclusionRanges(m, n), source, height);
          expect(path).toEqual(naivePath(m, entries));
          expect(verifyInclusion(leafHash(entries[m]!), m, n, path, roots[n]!)).toBe(true);
        }
        for (let m = 1; m <= n; m += 1) {
          const proof = await rangeRoots(consistencyRanges(m, n), source, height);
          expect(proof).toEqual(naiveProof(m, entries));
          expect(verifyConsistency(m, n, roots[m]!, roots[n]!, proof)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('proves an old leaf in an earlier tree from the tiles of a later one', async () => {
    const entries = someEntries(300);
    const { roots, source } = grow(entries, 2);
    for (const size of [1, 2, 15, 16, 17, 63, 64, 65, 255, 256, 257, 300]) {
      for (let m = 0; m < size; m += 1) {
        const path = await rangeRoots(inclusionRanges(m, size), source, 2);
        expect(verifyInclusion(leafHash(entries[m]!), m, size, path, roots[size]!)).toBe(true);
      }
    }
  });

  it('reads at most one tile width a level beside the path, also past 65,536 leaves', async () => {
    const entries = someEntries(65_536 + 300);
    const { roots, source, read } = grow(entries, 8);
    const size = entries.length;
    for (const m of [0, 255, 256, 32_768, 65_535, 65_536, 65_791, 65_792, size - 1]) {
      const before = read();
      const path = await rangeRoots(inclusionRanges(m, size), source, 8);
      expect(verifyInclusion(leafHash(entries[m]!), m, size, path, roots[size]!)).toBe(true);
      expect(read() - before).toBeLessThanOrEqual(256 * 3);
    }
    const proof = await rangeRoots(consistencyRanges(65_535, size), source, 8);
    expect(verifyConsistency(65_535, size, roots[65_535]!, roots[size]!, proof)).toBe(true);
  });
});

describe('a proof', () => {
  const entries = someEntries(29);
  const { roots, source } = grow(entries, 3);
  const root = roots[29]!;
  const leaf = leafHash(entries[11]!);

  it('fails for another leaf, position, size or root, and when a step is changed, lost or added', async () => {
    const path = await rangeRoots(inclusionRanges(11, 29), source, 3);
    expect(verifyInclusion(leaf, 11, 29, path, root)).toBe(true);
    expect(verifyInclusion(leafHash(entries[12]!), 11, 29, path, root)).toBe(false);
    for (let m = 0; m < 29; m += 1) if (m !== 11) expect(verifyInclusion(leaf, m, 29, path, root)).toBe(false);
    expect(verifyInclusion(leaf, 11, 12, path, root)).toBe(false);
    expect(verifyInclusion(leaf, 11, 29, path, roots[28]!)).toBe(false);
    for (let step = 0; step < path.length; step += 1) {
      expect(verifyInclusion(leaf, 11, 29, path.with(step, emptyRoot()), root)).toBe(false);
    }
    expect(verifyInclusion(leaf, 11, 29, path.slice(1), root)).toBe(false);
    expect(verifyInclusion(leaf, 11, 29, [...path, emptyRoot()], root)).toBe(false);
  });

  it('of consistency fails when anything is changed, lost or added', async () => {
    for (let m = 1; m < 29; m += 1) {
      const proof = await rangeRoots(consistencyRanges(m, 29), source, 3);
      expect(verifyConsistency(m, 29, emptyRoot(), root, proof)).toBe(false);
      expect(verifyConsistency(m, 29, roots[m]!, roots[28]!, proof)).toBe(false);
      expect(verifyConsistency(m, 29, roots[m]!, root, proof.slice(1))).toBe(false);
      expect(verifyConsistency(m, 29, roots[m]!, root, [...proof, emptyRoot()])).toBe(false);
      for (let step = 0; step < proof.length; step += 1) {
        expect(verifyConsistency(m, 29, roots[m]!, root, proof.with(step, emptyRoot()))).toBe(false);
      }
    }
    expect(verifyConsistency(29, 29, root, roots[28]!, [])).toBe(false);
    expect(verifyConsistency(30, 29, root, root, [])).toBe(false);
    expect(verifyConsistency(0, 29, emptyRoot(), root, [])).toBe(true);
  });

  it('refuses positions and sizes that make no sense', () => {
    for (const [position, size] of [
      [-1, 4],
      [4, 4],
      [0.5, 4],
      [0, 0],
      [Number.NaN, 4],
      [2 ** 53, 2 ** 54],
    ] as const) {
      expect(rootFromInclusion(leaf, position, size, [])).toBeUndefined();
    }
  });

  it('works for positions past 2^32, where bit operators would not', () => {
    const size = 2 ** 40 + 5;
    const position = 2 ** 36 + 3;
    const steps = inclusionRanges(position, size);
    const path = steps.map((_, step) => sha256(Buffer.of(step)));
    const root = rootFromInclusion(leaf, position, size, path)!;
    const expected = steps.reduce((node, { start }, step) => {
      const pair = start < position ? [path[step]!, node] : [node, path[step]!];
      return sha256(Buffer.of(1), ...pair);
    }, leaf);
    expect(root).toEqual(expected);
  });
});

describe('a frontier', () => {
  it('comes back from the head row as it was, and not under another size', () => {
    const { frontier } = grow(someEntries(22), 8);
    expect(decodeFrontier(22, encodeFrontier(frontier))).toEqual(frontier);
    expect(decodeFrontier(23, encodeFrontier(frontier))).toBeUndefined();
    expect(decodeFrontier(0, Buffer.alloc(0))).toEqual({ size: 0, roots: [] });
  });
});
