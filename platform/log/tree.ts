/** Which hashes a proof needs, and how few stored ones they follow from: O(256 · levels), whatever the size of the tree. */
import { tileHeight } from './frontier.ts';
import { joinRoots, nodeHash } from './merkle.ts';

/** The leaves from `start` up to, not including, `end`: a subtree whose root is one step of a proof. */
type Range = { start: number; end: number };

/** Neighbouring stored hashes: leaves (level 0) or tiles, from `first`, `count` of them. */
export type Run = { level: number; first: number; count: number };

/** Reads stored hashes, run by run; throws if one is missing. */
export type HashSource = (runs: readonly Run[]) => Promise<Buffer[][]>;

/** The subtrees whose roots prove that a leaf stands in a tree, from the leaf upwards (RFC 9162, 2.1.3.1). */
export function inclusionRanges(position: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (position < middle) [ranges[ranges.length], end] = [{ start: middle, end }, middle];
    else [ranges[ranges.length], start] = [{ start, end: middle }, middle];
  }
  return ranges.reverse();
}

/** The subtrees whose roots prove that one tree begins with another (RFC 9162, 2.1.4.1). */
export function consistencyRanges(oldSize: number, newSize: number): Range[] {
  if (oldSize === 0 || oldSize === newSize) return [];
  const ranges: Range[] = [];
  let [start, end] = [0, newSize];
  while (end !== oldSize) {
    const middle = start + largestPowerBelow(end - start);
    if (oldSize <= middle) [ranges[ranges.length], end] = [{ start: middle, end }, middle];
    else [ranges[ranges.length], start] = [{ start, end: middle }, middle];
  }
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}

/** Computes the roots of ranges from stored hashes, read in one go. */
export async function rangeRoots(ranges: readonly Range[], source: HashSource, height = tileHeight): Promise<Buffer[]> {
  const runs = ranges.map((range) => completeSubtrees(range).map((subtree) => runOf(subtree, height)));
  const hashes = (await source(runs.flat())).values();
  return runs.map((parts) => joinRoots(parts.map(() => completeRoot(hashes.next().value!))));
}

/** A complete subtree of 2^height leaves, the `index`-th of its kind. */
type Subtree = { height: number; index: number };

// A range of a proof starts where a subtree at least as large as itself starts, so its parts are aligned as they come.
function completeSubtrees({ start, end }: Range): Subtree[] {
  const parts: Subtree[] = [];
  for (let at = start; at < end;) {
    const height = Math.floor(Math.log2(end - at));
    parts.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return parts;
}

function runOf({ height, index }: Subtree, tile: number): Run {
  const level = Math.floor(height / tile);
  const count = 2 ** (height - level * tile);
  return { level, first: index * count, count };
}

function completeRoot(hashes: Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, at) => nodeHash(row[2 * at]!, row[2 * at + 1]!));
  return row[0]!;
}

function largestPowerBelow(count: number): number {
  const power = 2 ** Math.floor(Math.log2(count));
  return power === count ? power / 2 : power;
}
