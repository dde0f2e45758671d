/** Bytes encrypted at rest: AES-256-GCM under a key derived from the master key, bound to what they are. */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { PlatformError } from '../errors.ts';
import { drawBytes } from '../random.ts';
import { deriveSecret } from './derive.ts';

const version = 1;
const firstByte = Buffer.of(version);
const ivBytes = 12;
const tagBytes = 16;

// Deriving costs more than sealing, and every decision with attributes seals. Gone with the master key.
const keys = new WeakMap<Buffer, KeyObject>();

function keyUnder(masterKey: Buffer): KeyObject {
  let key = keys.get(masterKey);
  if (key === undefined) {
    key = createSecretKey(deriveSecret(masterKey, 'envelope'));
    keys.set(masterKey, key);
  }
  return key;
}

/** Encrypts `bytes`. The label says what they are and must be given again to open them: an envelope moved elsewhere stays shut. */
export function seal(masterKey: Buffer, label: string, bytes: Uint8Array, random = drawBytes): Buffer {
  const iv = random(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyUnder(masterKey), iv);
  cipher.setAAD(Buffer.from(label, 'utf8'));
  const sealed = [cipher.update(bytes), cipher.final()];
  return Buffer.concat([firstByte, iv, cipher.getAuthTag(), ...sealed]);
}

/** Opens what `seal` made. Throws `cannot-unseal` for another master key, another label, or changed bytes. */
export function unseal(masterKey: Buffer, label: string, envelope: Uint8Array): Buffer {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  const start = 1 + ivBytes + tagBytes;
  try {
    if (bytes[0] !== version || bytes.length < start) throw new Error('not an envelope of this version');
    const decipher = createDecipheriv('aes-256-gcm', keyUnder(masterKey), bytes.subarray(1, 1 + ivBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(label, 'utf8'));
    decipher.setAuthTag(bytes.subarray(1 + ivBytes, start));
    return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]);
  } catch (cause) {
    throw new PlatformError(
      'unavailable',
      'cannot-unseal',
      `Encrypted data (${label}) does not open: it was sealed under another key-encryption key, or it was changed.`,
      { cause },
    );
  }
}
