/** Secrets that follow from the one master key, so that only one thing has to be kept safe and shared by replicas. */
import { hkdfSync } from 'node:crypto';

/**
 * A secret of `length` bytes for one use, by HKDF-SHA256 (RFC 5869). The same master key and label always give the same
 * secret; secrets under different labels tell nothing about each other or the master key.
 */
export function deriveSecret(masterKey: Buffer, label: string, length = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, 'wayleave', label, length));
}
