/** How a data subject is known here: by a keyed pseudonym and by nothing else. */
import { createHmac, createSecretKey } from 'node:crypto';
import { deriveSecret } from '../../../platform/keys/derive.ts';
import { readNumber } from '../../../platform/typed.ts';

/** A named identifier, such as an NHS number or a unique pupil number; `system` is the URI of the scheme. */
export type DataSubject = { system: string; value: string };
export type Pseudonymise = (subject: DataSubject) => string;
/** Who is shown a pseudonym: a partner system, or the officers of an agency. */
export type Reader = { client: string } | { agency: string };

/**
 * Makes the function that turns an identifier into its pseudonym: HMAC-SHA-256, base64url. The same identifier written
 * with spaces, hyphens or small letters is the same person. Without the master key it can be neither reversed nor guessed.
 */
export function createPseudonym(masterKey: Buffer): Pseudonymise {
  // As a key object: given bytes, node:crypto makes one for every call, which costs ten times the hash.
  const key = createSecretKey(deriveSecret(masterKey, 'data-subject-pseudonym'));
  return ({ system, value }) =>
    createHmac('sha256', key)
      .update(`${normalSystem(system)}|${normalValue(value)}`)
      .digest('base64url');
}

/**
 * The pseudonym that one reader is shown in place of the service's own: always the same one, and another than anybody else is
 * shown, so that two who lay their records side by side cannot tell that they are about the same person.
 */
export function pseudonymFor(masterKey: Buffer, reader: Reader, subject: string): string {
  const key = deriveSecret(masterKey, `data-subject-pseudonym of ${JSON.stringify(reader)}`);
  return createHmac('sha256', key).update(subject).digest('base64url');
}

/** Whether two identifiers have one pseudonym. */
export function samePerson(one: DataSubject, other: DataSubject): boolean {
  return normalSystem(one.system) === normalSystem(other.system) && normalValue(one.value) === normalValue(other.value);
}

// Keeps the separator out of the first part: (a|b, c) and (a, b|c) are two people.
const normalSystem = (system: string): string => system.normalize('NFKC').trim().toLowerCase().replaceAll('|', '%7c');
const normalValue = (value: string): string => readNumber(value).toUpperCase();
