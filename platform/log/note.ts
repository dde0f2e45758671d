/** Signed notes (c2sp.org/signed-note): a text that anybody can read, with Ed25519 signatures below it. */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import type { JWK } from 'jose';

const ed25519 = Buffer.of(1);
const largestNoteLength = 65_536;
const mostSignatures = 100;

/** Signs `text`, which ends in a newline, in the name `name` (no spaces, no plus sign). */
export function signNote(text: string, name: string, key: { privateKey: KeyObject; publicKey: KeyObject }): string {
  const signature = sign(null, Buffer.from(text, 'utf8'), key.privateKey);
  const line = Buffer.concat([keyId(name, key.publicKey), signature]).toString('base64');
  return `${text}\n\u2014 ${name} ${line}\n`;
}

/**
 * The text of a note, if one of these keys signed it in that name; otherwise undefined. Signatures by others (witnesses,
 * retired keys) are passed over; a line that claims one of these keys and does not verify condemns the note.
 */
export function verifyNote(note: string, name: string, keys: readonly (JWK | KeyObject)[]): string | undefined {
  const text = noteText(note);
  const lines = parseSignatures(note.slice(text.length + 1));
  if (note.length > largestNoteLength || text === '' || lines === undefined) return undefined;
  const trusted = keys.map(publicKeyOf);
  let signed = false;
  for (const line of lines) {
    const key = line.name === name ? trusted.find((one) => keyId(name, one).equals(line.keyId)) : undefined;
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), key, line.signature)) return undefined;
    signed = true;
  }
  return signed ? text : undefined;
}

/** The text of a note without its signatures, unverified; empty if it has none. */
export function noteText(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}

/** A key as C2SP tools take it: `<name>+<key id>+<base64(0x01 ‖ public key)>`. */
export function verifierKey(name: string, key: JWK | KeyObject): string {
  const publicKey = publicKeyOf(key);
  return `${name}+${keyId(name, publicKey).toString('hex')}+${Buffer.concat([ed25519, rawKey(publicKey)]).toString('base64')}`;
}

function parseSignatures(block: string): { name: string; keyId: Buffer; signature: Buffer }[] | undefined {
  const lines = block.split('\n');
  if (lines.pop() !== '' || lines.length > mostSignatures) return undefined;
  const parsed = lines.map((line) => /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line));
  if (parsed.some((match) => match === null)) return undefined;
  return parsed.map((match) => {
    const bytes = Buffer.from(match![2]!, 'base64');
    return { name: match![1]!, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
  });
}

function keyId(name: string, key: KeyObject): Buffer {
  return createHash('sha256').update(`${name}\n`).update(ed25519).update(rawKey(key)).digest().subarray(0, 4);
}

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function publicKeyOf(key: JWK | KeyObject): KeyObject {
  return 'asymmetricKeyType' in key ? key : createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
}
