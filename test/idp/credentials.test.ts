import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { judgePassword } from '../../idp/credentials/password_rules.ts';
import { createPasswordCheck, hashPassword, needsRehash } from '../../idp/credentials/password_hash.ts';
import { acceptCredentials } from '../../idp/credentials/accept_credentials.ts';
import { enrolTotp } from '../../idp/credentials/enrol_totp.ts';
import { importCredentials } from '../../idp/credentials/import_credentials.ts';
import { setPassword } from '../../idp/credentials/set_password.ts';
import { makeTotpSecret, totpUri } from '../../idp/credentials/totp.ts';
import { sql } from '../../platform/database/sql.ts';
import { findHead } from '../../platform/log/head.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { gateshead, newcastle, northumbria, load, aStaffedAgency, aTeam } from '../support/directory/directory.ts';
import { beginAuthorization, createBrowser, openWorld, passSignIn, signIn, type World } from '../support/idp/idp.ts';

const cost = { memoryCost: 1024, timeCost: 1, parallelism: 1 };
const actor = { agency: gateshead, service: 'tests' };
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('a password', () => {
  const words = ['Asha Patel', 'asha.patel@gateshead.gov.uk', 'Gateshead Council'];
  const judge = (password: string) => judgePassword(password, { words });

  test('of eight characters is enough with a second factor, of fifteen alone', () => {
    expect(judge('kettle7')).toMatchObject({ ok: false, message: 'Use at least 8 characters' });
    expect(judge('kettlefo')).toEqual({ ok: true, sufficientAlone: false });
    expect(judge('kettle fog tram')).toEqual({ ok: true, sufficientAlone: true });
    expect(judge('ł'.repeat(3) + 'ettle fog trams')).toMatchObject({ ok: true });
    expect(judge('kettle fog tram '.repeat(20))).toMatchObject({ ok: false });
  });

  test('that attackers try first is refused, however it is dressed up', () => {
    for (const password of [
      'password',
      'Password1!',
      'P@ssw0rd2024',
      'letmein123',
      'Welcome2026!',
      'qwertyuiop',
      '12345678',
      '87654321',
      'abcdefgh',
      'Newcastle1',
      'sunderland!!',
      'Summer2026',
      'aaaaaaaa',
      'abababababababab',
      '19840312',
      'liverpool99',
      'administrator1',
    ]) {
      expect([password, judge(password).ok]).toEqual([password, false]);
    }
  });

  test('made of the person’s own details or the service’s name is refused', () => {
    for (const password of ['ashapatel1', 'AshaPatel2026', 'gateshead99', 'wayleave1!', 'Patel.Asha!Wayleave']) {
      expect([password, judge(password).ok]).toEqual([password, false]);
    }
  });

  test('needs no digits, capitals or signs, and may hold any character', () => {
    for (const password of ['tram ivory kettle', 'dŵr a thân glân', '雨が降っています長い文', 'purple-otter-lamp']) {
      expect([password, judge(password).ok]).toEqual([password, true]);
    }
  });

  test('typed in another Unicode form is the same password', async () => {
    const check = await createPasswordCheck(cost);
    const hash = await hashPassword('caf\u00e9 caf\u00e9 caf\u00e9', cost);
    expect(hash).toMatch(/^\$argon2id\$/);
    expect(await check(hash, 'cafe\u0301 cafe\u0301 cafe\u0301')).toBe(true);
    expect(await check(hash, 'cafe cafe cafe')).toBe(false);
    expect(await check(undefined, 'anything')).toBe(false);
  });

  test('hashed at an old cost is hashed again at the next sign-in', async () => {
    const person = await world.addPerson();
    const old = await hashPassword(person.password, { ...cost, timeCost: 2 });
    await world.asOwner(`update credential set secret = $1 where practitioner = $2 and kind = 'password'`, [
      old,
      person.id,
    ]);
    await signIn(world.issuer, world.partner, person);
    const [row] = await world.asOwner(`select secret from credential where practitioner = $1 and kind = 'password'`, [
      person.id,
    ]);
    expect(row?.secret).not.toBe(old);
    expect(needsRehash(String(row?.secret), cost)).toBe(false);
  });

  test('that was replaced no longer signs in, and the new one does', async () => {
    const person = await world.addPerson();
    const password = 'another set of words';
    await setPassword(world.ground.log, cost, actor, { practitioner: person.id, password, words });
    const browser = createBrowser(world.baseUrl);
    const page = await browser.open((await beginAuthorization(world.issuer, world.partner)).url);
    const old = await browser.submit(await browser.submit(page, '/email', { email: person.email }), '/password', {
      password: person.password,
    });
    expect(old.status).toBe(422);
    await expect(signIn(world.issuer, world.partner, { ...person, password })).resolves.toBeDefined();
    const weak = setPassword(world.ground.log, cost, actor, { practitioner: person.id, password: 'Password1', words });
    await expect(weak).rejects.toMatchObject({ code: 'weak-password' });
  });

  test('too short to stand alone, without a second factor, goes no further', async () => {
    const person = await world.addPerson({}, 'credentials');
    const password = 'kettlefo';
    await setPassword(world.ground.log, cost, actor, { practitioner: person.id, password, words: [] });
    const browser = createBrowser(world.baseUrl);
    const page = await browser.open((await beginAuthorization(world.issuer, world.partner)).url);
    const answer = await browser.submit(await browser.submit(page, '/email', { email: person.email }), '/password', {
      password,
    });
    expect([answer.status, answer.text.includes('You need a second way to prove who you are')]).toEqual([403, true]);
    await enrolTotp(world.ground.log, world.ground.config.masterKey, actor, {
      practitioner: person.id,
      secret: person.totpSecret,
    });
    const again = createBrowser(world.baseUrl);
    const first = await again.open((await beginAuthorization(world.issuer, world.partner)).url);
    expect((await passSignIn(again, first, { ...person, password })).location).toContain('code=');
  });
});

describe('a credential', () => {
  test('belongs to the agency that vouched for it: another can neither read nor replace it', async () => {
    const person = await world.addPerson();
    await load(
      world.ground.log,
      aStaffedAgency([], { code: northumbria, kind: 'police', name: 'Northumbria Police', teams: [aTeam()] }),
    );
    const foreign = { agency: northumbria, service: 'tests' };
    const set = setPassword(world.ground.log, cost, foreign, {
      practitioner: person.id,
      password: 'words of the attacker',
      words: [],
    });
    await expect(set).rejects.toMatchObject({ code: 'vouched-by-another-agency' });
    const enrol = enrolTotp(world.ground.log, world.ground.config.masterKey, foreign, {
      practitioner: person.id,
      secret: makeTotpSecret(),
    });
    await expect(enrol).rejects.toMatchObject({ code: 'second-factor-exists' });
    for (const scope of [{}, { agency: northumbria }, { reading: 'directory' as const }]) {
      expect(await transaction(world.database.db, scope, (tx) => tx.query(sql`select 1 from credential`))).toEqual([]);
    }
    await expect(signIn(world.issuer, world.partner, person)).resolves.toBeDefined();
  });

  test('of an authenticator app is sealed: the database does not hold its secret', async () => {
    const person = await world.addPerson();
    const rows = await world.asOwner('select secret from credential where practitioner = $1', [person.id]);
    expect(rows).toHaveLength(2);
    for (const { secret } of rows) expect(secret).not.toContain(person.totpSecret);
    expect(totpUri(person.totpSecret, person.email)).toContain(`secret=${person.totpSecret}`);
  });

  test('moved by hand to another person’s row opens nothing', async () => {
    const [victim, attacker] = [await world.addPerson(), await world.addPerson()];
    await world.asOwner(
      `update credential set secret = (select secret from credential where practitioner = $1 and kind = 'totp')
       where practitioner = $2 and kind = 'totp'`,
      [attacker.id, victim.id],
    );
    const browser = createBrowser(world.baseUrl);
    const page = await browser.open((await beginAuthorization(world.issuer, world.partner)).url);
    const answer = await passSignIn(browser, page, { ...victim, totpSecret: attacker.totpSecret });
    expect(answer.location).toBeUndefined();
    expect(answer.status).toBe(503);
  });

  test('an import is all or nothing', async () => {
    const [one, two] = [await world.addPerson({}, 'credentials'), await world.addPerson({}, 'credentials')];
    const people = (password: string) => [
      { practitioner: one.id, password: 'tram ivory kettle fog' },
      { practitioner: two.id, password },
    ];
    const config = world.ground.config;
    await expect(importCredentials(world.ground.log, config, actor, people('kettlefo'))).rejects.toMatchObject({
      code: 'weak-password',
    });
    await importCredentials(world.ground.log, config, actor, [people('')[0]!]);
    const again = importCredentials(world.ground.log, config, actor, people('tram ivory kettle fog'));
    await expect(again).rejects.toMatchObject({ code: 'credential-exists' });
    expect(await world.asOwner('select 1 from credential where practitioner = $1', [two.id])).toEqual([]);
  });
});

describe('an agency vouches', () => {
  const log = () => world.ground.log;
  const size = async (): Promise<number> => (await findHead(world.ground.db, 'main'))!.size;
  const [practitioner, password] = [uuidv7(), 'kettle fog tram'];

  test('for nobody who is not in the directory', async () => {
    const refused = { name: 'DirectoryError', code: 'practitioner-not-found' };
    const secret = makeTotpSecret();
    await expect(setPassword(log(), cost, actor, { practitioner, password, words: [] })).rejects.toMatchObject(refused);
    await expect(
      enrolTotp(log(), world.ground.config.masterKey, actor, { practitioner, secret }),
    ).rejects.toMatchObject(refused);
    await expect(
      importCredentials(log(), world.ground.config, actor, [{ practitioner, password }]),
    ).rejects.toMatchObject(refused);
  });

  test('through its administrators alone', async () => {
    const nobody = { agency: gateshead, practitioner };
    await expect(setPassword(log(), cost, nobody, { practitioner, password, words: [] })).rejects.toMatchObject({
      code: 'not-administrator',
    });
    await expect(acceptCredentials(log(), nobody, { vouchedBy: northumbria })).rejects.toMatchObject({
      code: 'not-administrator',
    });
  });

  test('once for another agency, and for no agency that does not exist', async () => {
    await load(log(), aStaffedAgency([], { code: newcastle, name: 'Newcastle City Council' }));
    const before = await size();
    await acceptCredentials(log(), actor, { vouchedBy: newcastle });
    await acceptCredentials(log(), actor, { vouchedBy: newcastle });
    await acceptCredentials(log(), actor, { vouchedBy: gateshead });
    expect(await size()).toBe(before + 1);
    await expect(acceptCredentials(log(), actor, { vouchedBy: 'E99999999' })).rejects.toMatchObject({
      code: 'agency-not-found',
    });
  });
});
