/** Checkpoints: the log's size and root at a moment, as a C2SP signed note that an outsider can keep and hold against us. */
import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { noteText, signNote, verifyNote } from './note.ts';

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

/** Signs a checkpoint with an Ed25519 key; the key's name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, key: { privateKey: KeyObject; publicKey: KeyObject }): string {
  return signNote(checkpointText(checkpoint), checkpoint.origin, key);
}

/** Reads a checkpoint's note without asking who signed it, or undefined if it is not one. */
export function parseCheckpoint(note: string): Checkpoint | undefined {
  return parseCheckpointText(noteText(note));
}

/** The checkpoint in a note, if one of these keys signed exactly it in the name of its origin; otherwise undefined. */
export function verifyCheckpoint(
  note: string,
  keys: JWK | KeyObject | readonly (JWK | KeyObject)[],
): Checkpoint | undefined {
  const checkpoint = parseCheckpoint(note);
  if (checkpoint === undefined) return undefined;
  return verifyNote(note, checkpoint.origin, [keys].flat()) === undefined ? undefined : checkpoint;
}
