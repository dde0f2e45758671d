/** The Merkle tree of RFC 9162: hashes, and proofs that anybody can check with no database and no network. */
import { hash } from 'node:crypto';

const leafPrefix = Buffer.of(0);
const nodePrefix = Buffer.of(1);

/** Hash of one entry: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: string | Uint8Array): Buffer {
  // As UTF-8, U+0000 is the prefix.
  return hash('sha256', typeof entry === 'string' ? `\0${entry}` : Buffer.concat([leafPrefix, entry]), 'buffer');
}

/** Hash of two neighbours: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer');
}

/** Root of the tree without leaves. */
export function emptyRoot(): Buffer {
  return hash('sha256', Buffer.alloc(0), 'buffer');
}

/** Joins the roots of complete subtrees that stand side by side, largest first, into the root above them all. */
export function joinRoots(roots: readonly Buffer[]): Buffer {
  const last = roots.at(-1);
  if (last === undefined) return emptyRoot();
  return roots.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/**
 * The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), or undefined if the proof cannot belong to that leaf of a
 * tree of that size. Sizes and positions may pass 2^32, so no bit operators here.
 */
export function rootFromInclusion(
  leaf: Buffer,
  position: number,
  size: number,
  proof: readonly Buffer[],
): Buffer | undefined {
  if (!isCount(position) || !isCount(size) || position >= size) return undefined;
  let index = position;
  let last = size - 1;
  let root = leaf;
  for (const step of proof) {
    if (last === 0) return undefined;
    if (isOdd(index) || index === last) {
      root = nodeHash(step, root);
      while (!isOdd(index) && index !== 0) [index, last] = [half(index), half(last)];
    } else {
      root = nodeHash(root, step);
    }
    [index, last] = [half(index), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** True if the leaf stands at that position of the tree with that size and root. */
export function verifyInclusion(
  leaf: Buffer,
  position: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  return rootFromInclusion(leaf, position, size, proof)?.equals(root) ?? false;
}

/**
 * True if the tree of `newSize` and `newRoot` begins with exactly the leaves of the tree of `oldSize` and `oldRoot`
 * (RFC 9162, 2.1.4.2): nothing was changed or removed between two checkpoints. Every tree extends the empty one.
 */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  oldRoot: Buffer,
  newRoot: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize) return false;
  if (oldSize === 0) return proof.length === 0 && oldRoot.equals(emptyRoot());
  if (oldSize === newSize) return proof.length === 0 && oldRoot.equals(newRoot);
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  const [first, ...steps] = path;
  if (first === undefined) return false;
  let [index, last] = [oldSize - 1, newSize - 1];
  while (isOdd(index)) [index, last] = [half(index), half(last)];
  let [older, newer] = [first, first];
  for (const step of steps) {
    if (last === 0) return false;
    if (isOdd(index) || index === last) {
      [older, newer] = [nodeHash(step, older), nodeHash(step, newer)];
      while (!isOdd(index) && index !== 0) [index, last] = [half(index), half(last)];
    } else {
      newer = nodeHash(newer, step);
    }
    [index, last] = [half(index), half(last)];
  }
  return last === 0 && older.equals(oldRoot) && newer.equals(newRoot);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}
