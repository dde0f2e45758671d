/** Checks one entry as an outsider would: its hash leads to the root of a checkpoint that the log's key signed. */
import type { Ground } from '../../platform/ground.ts';
import { verifyCheckpoint } from '../../platform/log/checkpoint.ts';
import { leafHash, verifyInclusion } from '../../platform/log/merkle.ts';
import { type InclusionProof, proveInclusion } from '../../platform/log/prove.ts';

type CheckedProof = InclusionProof & { verified: boolean };

/** The proof for an entry, and whether it holds; undefined when there is no such entry. */
export async function checkEntry(ground: Ground, id: string): Promise<CheckedProof | undefined> {
  const proof = await proveInclusion(ground.db, id);
  return proof && { ...proof, verified: await holds(ground, proof) };
}

async function holds(ground: Ground, proof: InclusionProof): Promise<boolean> {
  if (proof.checkpoint === undefined) return false;
  const checkpoint = verifyCheckpoint(proof.checkpoint, await ground.keys.publicKeys('log'));
  if (checkpoint === undefined || checkpoint.size !== proof.size) return false;
  const path = proof.path.map((hash) => Buffer.from(hash, 'base64'));
  return verifyInclusion(leafHash(proof.entry), proof.position, proof.size, path, checkpoint.root);
}
