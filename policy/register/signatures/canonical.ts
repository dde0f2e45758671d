/** The bytes that are signed: RFC 8785 canonical JSON, read back without any room for two readings. */
import { createHash } from 'node:crypto';
import { canonicalBytes, type Json, parseJsonStrict } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';

/** SHA-256 in base64url without padding: how texts, definitions and register events are named. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** The hash of a value's canonical bytes. */
export function hashOfJson(value: Json): string {
  return hashOf(canonicalBytes(value));
}

/**
 * Reads bytes that must be exactly the canonical form of what they say. Refuses duplicate keys, white space, another
 * order of keys, invalid UTF-8 (`not-canonical`, `duplicate-key`, `malformed-json`): one text has one set of bytes.
 */
export function readCanonical(bytes: Uint8Array): Json {
  const value = parseJsonStrict(decode(bytes));
  if (Buffer.compare(canonicalBytes(value), bytes) !== 0) {
    throw new PolicyError(
      'invalid',
      'not-canonical',
      'The text is not in the canonical form of RFC 8785. Sign and send the canonical bytes.',
    );
  }
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PolicyError('invalid', 'malformed-json', 'The text is not valid UTF-8.', { cause });
  }
}
