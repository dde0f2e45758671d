/** Checkpoints: the log's size and root at a moment, as a C2SP signed note that an outsider can keep and hold against us. */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import type { JWK } from 'jose';

/** `time` is the log's own clock (epoch seconds); `register` is the head of the signed register, if there was one. */
export type Checkpoint = {
  origin: string;
  size: number;
  root: Buffer;
  epoch: number;
  register: string | undefined;
  time: number;
};

/**
 * The note's text (c2sp.org/tlog-checkpoint): origin, size and root, then three extension lines of ours, so that the
 * signature covers the epoch and clock that revocation rests on and the register that decisions were made under.
 */
export function checkpointText(checkpoint: Checkpoint): string {
  const { origin, size, root, epoch, register, time } = checkpoint;
  return `${origin}\n${size}\n${root.toString('base64')}\nepoch ${epoch}\nregister ${register ?? '-'}\ntime ${time}\n`;
}

/** Reads a note's text, or undefined if it is not a checkpoint of this form. */
export function parseCheckpointText(text: string): Checkpoint | undefined {
  const match =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\nepoch (\d+)\nregister (\S+)\ntime (\d+(?:\.\d+)?)\n$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, origin, size, root, epoch, register, time] = match as unknown as string[];
  return {
    origin: origin!,
    size: Number(size),
    root: Buffer.from(root!, 'base64'),
    epoch: Number(epoch),
    register: register === '-' ? undefined : register,
    time: Number(time),
  };
}

/** Signs a checkpoint with an Ed25519 key (c2sp.org/signed-note); the key's name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, key: { privateKey: KeyObject; publicKey: KeyObject }): string {
  const text = checkpointText(checkpoint);
  const signature = sign(null, Buffer.from(text, 'utf8'), key.privateKey);
  const line = Buffer.concat([keyId(checkpoint.origin, key.publicKey), signature]).toString('base64');
  return `${text}\n\u2014 ${checkpoint.origin} ${line}\n`;
}

/**
 * The checkpoint in a note, if one of these keys signed exactly it; otherwise undefined. Signatures by others (witnesses,
 * retired keys) are passed over; a line that claims one of these keys and does not verify condemns the note.
 */
export function verifyCheckpoint(
  note: string,
  keys: JWK | KeyObject | readonly (JWK | KeyObject)[],
): Checkpoint | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || note.length > 65_536) return undefined;
  const text = note.slice(0, end + 1);
  const checkpoint = parseCheckpointText(text);
  if (checkpoint === undefined) return undefined;
  const trusted = [keys].flat().map((key) => publicKeyOf(key as JWK | KeyObject));
  const lines = parseSignatures(note.slice(end + 2));
  let signed = false;
  for (const line of lines ?? []) {
    const key = trusted.find((one) => line.name === checkpoint.origin && keyId(line.name, one).equals(line.keyId));
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), key, line.signature)) return undefined;
    signed = true;
  }
  return signed ? checkpoint : undefined;
}

/** A key as C2SP tools take it: `<name>+<key id>+<base64(0x01 ‖ public key)>`. */
export function verifierKey(origin: string, key: JWK | KeyObject): string {
  const publicKey = publicKeyOf(key);
  const encoded = Buffer.concat([Buffer.of(1), rawKey(publicKey)]).toString('base64');
  return `${origin}+${keyId(origin, publicKey).toString('hex')}+${encoded}`;
}

function parseSignatures(block: string): { name: string; keyId: Buffer; signature: Buffer }[] | undefined {
  const lines = block.split('\n');
  if (lines.pop() !== '' || lines.length > 100) return undefined;
  const parsed = lines.map((line) => /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line));
  if (parsed.some((match) => match === null)) return undefined;
  return parsed.map((match) => {
    const bytes = Buffer.from(match![2]!, 'base64');
    return { name: match![1]!, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
  });
}

function keyId(name: string, key: KeyObject): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(1)).update(rawKey(key)).digest().subarray(0, 4);
}

function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function publicKeyOf(key: JWK | KeyObject): KeyObject {
  return 'asymmetricKeyType' in key ? (key as KeyObject) : createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
}
