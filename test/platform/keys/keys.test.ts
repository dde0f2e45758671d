import { sign, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { deriveSecret } from '../../../platform/keys/derive.ts';
import { seal, unseal } from '../../../platform/keys/envelope.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../../support/platform/database.ts';
import { anEvent, byHand, openTestLog } from '../../support/platform/log.ts';

const otherMasterKey = Buffer.alloc(32, 8);

describe('a derived secret', () => {
  it('follows from the master key and the label, and from nothing else', () => {
    expect(deriveSecret(testMasterKey, 'cookies')).toEqual(deriveSecret(testMasterKey, 'cookies'));
    expect(deriveSecret(testMasterKey, 'cookies')).not.toEqual(deriveSecret(testMasterKey, 'nonces'));
    expect(deriveSecret(testMasterKey, 'cookies')).not.toEqual(deriveSecret(otherMasterKey, 'cookies'));
    expect(deriveSecret(testMasterKey, 'cookies', 64)).toHaveLength(64);
  });

  it('is HKDF-SHA256: what was derived once must be derived for ever', () => {
    expect(deriveSecret(Buffer.alloc(32, 7), 'test').toString('hex')).toMatchInlineSnapshot(
      `"9226823ddf51955ffb38237a0abf52c485f3a339f020e871ebcf0a7d21655654"`,
    );
  });
});

describe('a sealed envelope', () => {
  const bytes = Buffer.from('a secret');

  it('opens under its key and label', () => {
    const envelope = seal(testMasterKey, 'totp/1', bytes);
    expect(envelope.includes(bytes)).toBe(false);
    expect(unseal(testMasterKey, 'totp/1', envelope)).toEqual(bytes);
    expect(seal(testMasterKey, 'totp/1', bytes)).not.toEqual(envelope);
  });

  it('stays shut under another key or label, and when any byte of it was changed or lost', () => {
    const envelope = seal(testMasterKey, 'totp/1', bytes);
    const refused = expect.objectContaining({ code: 'cannot-unseal' });
    expect(() => unseal(otherMasterKey, 'totp/1', envelope)).toThrow(refused);
    expect(() => unseal(testMasterKey, 'totp/2', envelope)).toThrow(refused);
    for (let at = 0; at < envelope.length; at += 1) {
      const changed = Buffer.from(envelope);
      changed[at]! ^= 1;
      expect(() => unseal(testMasterKey, 'totp/1', changed)).toThrow(refused);
    }
    for (const length of [0, 1, 12, 28, envelope.length - 1]) {
      expect(() => unseal(testMasterKey, 'totp/1', envelope.subarray(0, length))).toThrow(refused);
    }
  });
});

describe('the key ring', () => {
  let database: TestDatabase;
  let now = 1_000;
  const clock = () => now;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('makes the keys that are missing, once, however many processes ask at the same time', async () => {
    const processes = Array.from({ length: 4 }, () => openDatabase(database.url));
    await Promise.all(
      processes.map((db) => openKeyRing(db, testMasterKey).ensure('oidc', ['ES256', 'RS256', 'EdDSA'])),
    );
    await Promise.all(processes.map((db) => db.close()));
    const keys = await openKeyRing(database.db, testMasterKey).publicKeys('oidc');
    expect(keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256', 'EdDSA']);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(3);
  });

  it('gives public keys without their private parts, and private keys that fit them', async () => {
    const ring = openKeyRing(database.db, testMasterKey);
    for (const key of await ring.publicKeys('oidc')) {
      expect(key).not.toHaveProperty('d');
      expect(key).toMatchObject({ use: 'sig', kid: expect.any(String), alg: expect.any(String) });
    }
    for (const key of await ring.privateKeys('oidc')) expect(key).toHaveProperty('d');
    const { privateKey, publicKey } = await ring.current('oidc', 'EdDSA');
    expect(verify(null, Buffer.from('x'), publicKey, sign(null, Buffer.from('x'), privateKey))).toBe(true);
    expect((await ring.current('oidc')).alg).toBe('ES256');
  });

  it('keeps no private key readable in the database', async () => {
    const [private_] = await openKeyRing(database.db, testMasterKey).privateKeys('oidc');
    const rows = await database.db.query<{ text: string }>(
      sql`select encode(sealed, 'base64') as text from signing_key`,
    );
    for (const { text } of rows) {
      expect(Buffer.from(text, 'base64').includes(Buffer.from(private_!.d!, 'base64url'))).toBe(false);
    }
  });

  it('rotates: the new key signs, the old one still verifies until it is retired', async () => {
    const ring = openKeyRing(database.db, testMasterKey, clock);
    await ring.ensure('register', ['EdDSA']);
    const old = await ring.current('register');
    await expect(ring.retire('register', old.kid)).rejects.toMatchObject({ code: 'key-in-use' });
    const young = await ring.rotate('register', 'EdDSA');
    expect((await ring.current('register')).kid).toBe(young.kid);
    expect((await ring.publicKeys('register')).map(({ kid }) => kid)).toEqual([young.kid, old.kid]);
    await ring.retire('register', old.kid);
    expect((await ring.publicKeys('register')).map(({ kid }) => kid)).toEqual([young.kid]);
    expect(await ring.find('register', old.kid)).toBeUndefined();
  });

  it('follows another process: an unknown key id makes it look again, and a minute does as well', async () => {
    const mine = openKeyRing(database.db, testMasterKey, clock);
    const theirs = openKeyRing(database.db, testMasterKey, clock);
    const old = await mine.current('register');
    const young = await theirs.rotate('register', 'EdDSA');
    expect((await mine.current('register')).kid).toBe(old.kid);
    now += 3;
    expect((await mine.find('register', young.kid))?.kid).toBe(young.kid);

    const younger = await theirs.rotate('register', 'EdDSA');
    now += 61;
    await mine.current('register'); // starts the look, answers from what it has
    for (let tries = 0; tries < 100 && (await mine.current('register')).kid !== younger.kid; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect((await mine.current('register')).kid).toBe(younger.kid);
  });

  it('says in words that the master key is not the one of this database', async () => {
    await expect(openKeyRing(database.db, otherMasterKey).current('oidc')).rejects.toMatchObject({
      code: 'wrong-master-key',
      message: expect.stringContaining('KEY_ENCRYPTION_KEY'),
    });
  });

  it('does not take a key that was moved to another purpose by hand', async () => {
    await byHand(database, `update signing_key set purpose = 'log', current = false where purpose = 'register'`);
    expect(await openKeyRing(database.db, testMasterKey).publicKeys('log')).toEqual([]);
    await byHand(database, `delete from signing_key where purpose = 'log'`);
  });

  it('goes on with the good keys where one row is worthless, and says which once', async () => {
    const said: string[] = [];
    const ring = openKeyRing(database.db, testMasterKey, clock, ({ message }) => void said.push(message));
    const before = await ring.publicKeys('oidc');
    await byHand(
      database,
      `insert into signing_key (kid, purpose, alg, sealed, current) values ('mine', 'log', 'EdDSA', '', true), ('x', 'oidc', 'ES256', '\\x00', false)`,
    );
    await ring.reload();
    await ring.reload();
    expect(await ring.publicKeys('oidc')).toEqual(before);
    expect(said).toEqual([expect.stringContaining('mine'), expect.stringContaining('The signing key x (oidc)')]);
    // A worthless current key is no key: the next start makes one in its place.
    await ring.ensure('log', ['EdDSA']);
    expect((await ring.current('log')).kid).not.toBe('mine');
    await byHand(database, `delete from signing_key where purpose = 'log' or kid = 'x'`);
  });

  it('keeps a key that it knows when somebody damages its row, and the next start makes another', async () => {
    const ring = openKeyRing(database.db, testMasterKey, clock);
    const { kid } = await ring.current('oidc', 'ES256');
    await byHand(database, `update signing_key set sealed = '\\x00' where kid = '${kid}'`);
    await ring.reload();
    expect((await ring.current('oidc', 'ES256')).kid).toBe(kid);
    const next = openKeyRing(database.db, testMasterKey, clock);
    await next.ensure('oidc', ['ES256', 'RS256', 'EdDSA']);
    expect((await next.current('oidc', 'ES256')).kid).not.toBe(kid);
  });

  it('has no key where none was made', async () => {
    await expect(openKeyRing(database.db, testMasterKey).current('log')).rejects.toMatchObject({
      code: 'no-signing-key',
    });
  });

  it('lets the log be written on by a process that has not heard of the rotation yet', async () => {
    const first = await openTestLog(database);
    const second = await openTestLog(database);
    await first.append(anEvent());
    await second.append(anEvent());
    const ring = openKeyRing(database.db, testMasterKey);
    const young = await ring.rotate('log', 'EdDSA');
    const third = await openTestLog(database);
    await third.append(anEvent());
    expect(await first.append(anEvent())).toMatchObject({ outcome: 'recorded' });
    expect(await second.append(anEvent())).toMatchObject({ outcome: 'recorded' });
    // Having heard of it, they sign with the new key.
    await first.append(anEvent());
    await second.append(anEvent());
    await Promise.all([first.close(), second.close(), third.close()]);
    const check = await checkLog(
      database.db,
      (await ring.list('log')).filter(({ kid }) => kid === young.kid).map(({ publicKey }) => publicKey),
    );
    expect(check.problems).toEqual([]);
  });
});
