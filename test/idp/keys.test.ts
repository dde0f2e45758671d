import type { KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CryptoKey,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  jwtVerify,
  SignJWT,
} from 'jose';
import { getToken, type IdentityInstance, openWorld, signIn, type World } from '../support/idp/idp.ts';

let world: World;
let replica: IdentityInstance;
beforeAll(async () => {
  world = await openWorld();
  replica = await world.anotherInstance();
});
afterAll(() => world.close());

const jwks = (at: IdentityInstance) => createRemoteJWKSet(new URL(`${at.baseUrl}/oidc/jwks`), { cooldownDuration: 0 });

describe('rotating the signing keys', () => {
  test('needs no restart anywhere: old tokens stay valid, new ones are signed with the new key and verify in every process', async () => {
    const person = await world.addPerson();
    const before = await signIn(world.issuer, world.partner, person, { scope: 'openid post decisions' });
    const [fresh, freshRsa] = [
      await world.ground.keys.rotate('oidc', 'ES256'),
      await world.ground.keys.rotate('oidc', 'RS256'),
    ];

    const after = await signIn(world.issuer, world.partner, person, {
      scope: 'openid post decisions',
      browser: before.browser,
    });
    expect(decodeProtectedHeader(after.access_token).kid).toBe(fresh.kid);
    expect(decodeProtectedHeader(after.id_token ?? '').kid).toBe(freshRsa.kid);
    for (const at of [replica, world]) {
      for (const { access_token: token, id_token: idToken } of [before, after]) {
        expect(await at.identity.findPresence(token)).toMatchObject({ practitioner: person.id });
        await jwtVerify(token, jwks(at), { issuer: world.issuer });
        await jwtVerify(idToken ?? '', jwks(at), { issuer: world.issuer });
      }
    }
    // The other process signs with the new key once it has looked: asking it for the keys was such a look.
    const theirs = await getToken(`${replica.baseUrl}/oidc`, world.partner).catch(() => undefined);
    const direct = await fetch(`${replica.baseUrl}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'decisions' }),
      headers: {
        authorization: `Basic ${Buffer.from(`${world.partner.clientId}:${world.partner.secret}`).toString('base64')}`,
      },
    });
    const { access_token: token } = (await direct.json()) as { access_token: string };
    expect(decodeProtectedHeader(token).kid).toBe(fresh.kid);
    expect(theirs).toBeUndefined();
  });

  test('a sign-out link with an ID token of a key that this process has not seen yet works', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person);
    await replica.ground.keys.rotate('oidc', 'RS256');
    const theirs = await signIn(world.issuer, world.partner, person, { browser: tokens.browser });
    const page = await theirs.browser.open(`/oidc/session/end?id_token_hint=${theirs.id_token}`);
    expect(page.status).toBe(200);
  });

  test('the published keys hold nothing private', async () => {
    const text = await (await fetch(`${world.issuer}/jwks`)).text();
    for (const { d, p, q, k, priv } of (JSON.parse(text) as { keys: Record<string, unknown>[] }).keys) {
      expect([d, p, q, k, priv]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    }
  });
});

describe('presence', () => {
  test('is not given for tokens of another issuer, audience, type, algorithm or key, changed ones, or no token at all', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope: 'openid post decisions' });
    const claims = decodeJwt(tokens.access_token);
    const key = await world.ground.keys.current('oidc', 'ES256');
    const sign = (changes: object, header: object = {}, by: CryptoKey | KeyObject = key.privateKey) =>
      new SignJWT({ ...claims, ...changes })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header })
        .sign(by);
    expect(await world.identity.findPresence(await sign({}))).toBeDefined();
    const stranger = await generateKeyPair('ES256');
    const bad = [
      await sign({ iss: 'https://elsewhere.example' }),
      await sign({ aud: `${world.baseUrl}/api` }),
      await sign({}, { typ: 'JWT' }),
      await sign({}, { kid: 'unknown' }),
      await sign({}, {}, stranger.privateKey),
      await sign({ exp: Math.floor(Date.now() / 1000) - 1 }),
      await sign({ scope: 'openid' }),
      await sign({ sub: (await world.addPerson()).id }),
      await sign({ post: 'another' }),
      await sign({ grant: 'another' }),
      await sign({ sid: 'another' }),
      await sign({ client_id: 'another' }),
      await sign({ acr: 'urn:elsewhere:acr:9' }),
      tokens.id_token ?? '',
      tokens.access_token.slice(0, -4) + 'AAAA',
      tokens.access_token.split('.').slice(0, 2).join('.') + '.',
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${tokens.access_token.split('.')[1]}.`,
      'not a token',
      '',
      'a.b.c',
      "' or 1=1 --",
    ];
    for (const token of bad) expect([token, await world.identity.findPresence(token)]).toEqual([token, undefined]);
  });

  test('costs no query once it is warm', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope: 'openid post decisions' });
    await world.identity.findPresence(tokens.access_token);
    const { pool } = world.database.db;
    const query = pool.query.bind(pool);
    const connect = pool.connect.bind(pool);
    let asked = 0;
    pool.query = ((...args: unknown[]) => {
      asked += JSON.stringify(args).includes('change_feed') ? 0 : 1;
      return (query as (...all: unknown[]) => unknown)(...args);
    }) as typeof pool.query;
    pool.connect = ((...args: unknown[]) => {
      asked += 1;
      return (connect as (...all: unknown[]) => unknown)(...args);
    }) as typeof pool.connect;
    for (let round = 0; round < 20; round += 1)
      expect(await world.identity.findPresence(tokens.access_token)).toBeDefined();
    pool.query = query;
    pool.connect = connect;
    expect(asked).toBe(0);
  });
});
