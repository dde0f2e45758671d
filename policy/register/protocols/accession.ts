/** The accession document: what an agency signs that joins a protocol later, and what the framework's host countersigns. */
import { z } from 'zod';
import { canonicalBytes } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';
import { readCanonical } from '../signatures/canonical.ts';
import { code, Party, sha256 } from './document.ts';
import { toIssue } from './read.ts';

/**
 * It names one text by its hash, so it never carries to another version. The party brings what every party of a protocol
 * states of itself: who answers for it, in which capacity its officer signs, and on what lawful basis it shares.
 */
export const Accession = z.strictObject({
  type: z.literal('wayleave-accession'),
  federation: z.string().min(1).max(128),
  protocol: sha256,
  id: code,
  version: z.int().min(1),
  party: Party,
});
export type Accession = z.infer<typeof Accession>;

/** The bytes that the acceding agency signs and the host countersigns: RFC 8785 canonical JSON. */
export function accessionBytes(accession: Accession): Uint8Array {
  return canonicalBytes(accession);
}

/** Reads the canonical bytes of an accession; throws `not-canonical` or `accession-malformed` with a pointer to each mistake. */
export function readAccession(bytes: Uint8Array): Accession {
  const parsed = Accession.safeParse(readCanonical(bytes));
  if (parsed.success) return parsed.data;
  throw new PolicyError(
    'invalid',
    'accession-malformed',
    'The accession does not have the form that its schema asks for.',
    { issues: parsed.error.issues.map(toIssue) },
  );
}
