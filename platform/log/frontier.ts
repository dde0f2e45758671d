/** The right edge of a growing Merkle tree: all that is needed to append, in O(log n). */
import { joinRoots, nodeHash } from './merkle.ts';

/** Roots of the complete subtrees whose sizes are the binary digits of `size`, largest first. */
export type Frontier = { size: number; roots: Buffer[] };

/** The root of a complete subtree of 256^level leaves, the `index`-th of its level: what proofs are read from. */
export type Tile = { level: number; index: number; hash: Buffer };

/** A tile stands for 2^tileHeight tiles of the level below, or leaves. */
export const tileHeight = 8;

/** Adds one leaf to the frontier, in place, and hands over each tile that this completes. */
export function appendLeaf(frontier: Frontier, leaf: Buffer, onTile: (tile: Tile) => void, height = tileHeight): void {
  let node = leaf;
  let rest = frontier.size;
  let joined = 0;
  while (rest % 2 === 1) {
    node = nodeHash(frontier.roots.pop()!, node);
    rest = (rest - 1) / 2;
    joined += 1;
    if (joined % height === 0) onTile({ level: joined / height, index: rest, hash: node });
  }
  frontier.roots.push(node);
  frontier.size += 1;
}

/** Root of the tree that ends at this frontier. */
export function frontierRoot(frontier: Frontier): Buffer {
  return joinRoots(frontier.roots);
}

/** The roots side by side, 32 bytes each, as the head row keeps them. */
export function encodeFrontier(frontier: Frontier): Buffer {
  return Buffer.concat(frontier.roots);
}

/** Reads what `encodeFrontier` wrote, or undefined if it cannot be the frontier of a tree of that size. */
export function decodeFrontier(size: number, bytes: Buffer): Frontier | undefined {
  if (bytes.length !== 32 * binaryDigits(size)) return undefined;
  const roots = Array.from({ length: bytes.length / 32 }, (_, index) => bytes.subarray(32 * index, 32 * (index + 1)));
  return { size, roots };
}

function binaryDigits(size: number): number {
  return size.toString(2).replaceAll('0', '').length;
}
