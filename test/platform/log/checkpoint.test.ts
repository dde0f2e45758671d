import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { JWK } from 'jose';
import {
  type Checkpoint,
  checkpointText,
  parseCheckpointText,
  signCheckpoint,
  verifyCheckpoint,
} from '../../../platform/log/checkpoint.ts';
import { signNote, verifierKey, verifyNote } from '../../../platform/log/note.ts';

const key = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');

const checkpoint: Checkpoint = {
  origin: 'north-east.wayleave.example/log/main',
  size: 20_852_163,
  root: Buffer.alloc(32, 9),
  epoch: 17,
  register: '41:hash',
  time: 1_790_000_000.25,
};

/** The public key inside a verifier key, as C2SP tools write it. */
function keyOf(verifier: string): JWK {
  const bytes = Buffer.from(verifier.split('+').slice(2).join('+'), 'base64');
  return { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') };
}

describe('a signed note', () => {
  it('of the Go implementation verifies here', () => {
    const verifier = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const text =
      'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n';
    const note = `${text.replace('\u2019', "'")}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
    expect(verifyNote(note, 'PeterNeumann', [keyOf(verifier)])).toBe(text.replace('\u2019', "'"));
    expect(verifierKey('PeterNeumann', keyOf(verifier))).toBe(verifier);
    expect(verifyNote(note.replace('problem is', 'problem was'), 'PeterNeumann', [keyOf(verifier)])).toBeUndefined();
  });

  it('of the Elixir implementation verifies here', () => {
    const verifier = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    const note =
      'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    expect(verifyNote(note, 'example.com/foo', [keyOf(verifier)])).toBe('This is an example message.\n');
  });

  it('passes over the signatures of strangers, and is condemned by a false one under a known key', () => {
    const note = signNote('a\n', 'x/log', key);
    const line = note.split('\n').at(-2)!;
    const stranger = signNote('a\n', 'x/witness', other).split('\n').at(-2)!;
    expect(verifyNote(`a\n\n${stranger}\n${line}\n`, 'x/log', [key.publicKey])).toBe('a\n');
    expect(verifyNote(`a\n\n${stranger}\n`, 'x/log', [key.publicKey])).toBeUndefined();
    const signed = Buffer.from(line.split(' ')[2]!, 'base64');
    signed[20]! ^= 1;
    const forged = `\u2014 x/log ${signed.toString('base64')}`;
    expect(verifyNote(`a\n\n${line}\n${forged}\n`, 'x/log', [key.publicKey])).toBeUndefined();
    expect(verifyNote(note.replace('\u2014', '-'), 'x/log', [key.publicKey])).toBeUndefined();
    expect(verifyNote('', 'x/log', [key.publicKey])).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  it('is read back as it was signed', () => {
    const note = signCheckpoint(checkpoint, key);
    expect(note.split('\n').slice(0, 6)).toEqual([
      'north-east.wayleave.example/log/main',
      '20852163',
      checkpoint.root.toString('base64'),
      'epoch 17',
      'register 41:hash',
      'time 1790000000.25',
    ]);
    expect(verifyCheckpoint(note, key.publicKey)).toEqual(checkpoint);
    expect(verifyCheckpoint(note, [other.publicKey, key.publicKey.export({ format: 'jwk' }) as JWK])).toEqual(
      checkpoint,
    );
  });

  it('says nothing once any line of it was changed, or under a key that did not sign it', () => {
    const note = signCheckpoint(checkpoint, key);
    expect(verifyCheckpoint(note, other.publicKey)).toBeUndefined();
    for (const [was, is] of [
      ['20852163', '20852164'],
      ['epoch 17', 'epoch 16'],
      ['41:hash', '40:hash'],
      ['.25', '.5'],
      ['north', 'south'],
    ] as const) {
      expect(verifyCheckpoint(note.replaceAll(was, is), key.publicKey)).toBeUndefined();
    }
  });

  it('has one form only: leading zeros, other lines and missing lines are not it', () => {
    const text = checkpointText(checkpoint);
    expect(parseCheckpointText(text)).toEqual(checkpoint);
    expect(parseCheckpointText(checkpointText({ ...checkpoint, register: undefined }))?.register).toBeUndefined();
    for (const bad of [
      text.replace('\n2', '\n02'),
      `${text}more\n`,
      text.slice(0, -1),
      text.replace('epoch 17\n', ''),
      text.replace('time 1', 'time -1'),
    ]) {
      expect(parseCheckpointText(bad)).toBeUndefined();
    }
  });

  it('does not take a public key of another kind for its own', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(verifyCheckpoint(signCheckpoint(checkpoint, key), createPublicKey(rsa.privateKey))).toBeUndefined();
  });
});
