import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as client from 'openid-client';
import { lifetimes } from '../../idp/lifetimes.ts';
import { systemClock } from '../../platform/clock.ts';
import { gateshead } from '../support/directory/directory.ts';
import {
  beginAuthorization,
  createBrowser,
  discover,
  openWorld,
  passSignIn,
  signIn,
  tokenRequest,
  type World,
} from '../support/idp/idp.ts';

let world: World;
/** Seconds by which the service's clock is ahead of this test's. */
let ahead = 0;
beforeAll(async () => {
  world = await openWorld(() => systemClock() + ahead);
});
afterEach(() => void (ahead = 0));
afterAll(() => world.close());

describe('a sign-in', () => {
  test('tells the partner system who signed in, how, and in which post', async () => {
    const person = await world.addPerson({ name: 'Asha Patel' });
    const tokens = await signIn(world.issuer, world.partner, person);
    expect(tokens.claims()).toMatchObject({
      sub: person.id,
      name: 'Asha Patel',
      email: person.email,
      agency: { id: gateshead, name: 'Gateshead Council', kind: 'council', code: gateshead, code_system: 'gss' },
      role: 'social-worker',
      identity_level: { level: 2, checked_by: 'Gateshead Council', checked_at: 1_780_000_000 },
      acr: 'urn:wayleave:acr:2',
      amr: ['pwd', 'otp', 'mfa'],
      vot: 'Cl.Cm.P2',
    });
    const configuration = await discover(world.issuer, world.partner);
    const userinfo = await client.fetchUserInfo(configuration, tokens.access_token, person.id);
    expect(userinfo).toMatchObject({ name: 'Asha Patel', role: 'social-worker', post: tokens.claims()?.post });
  });

  test('with the scope decisions gives an access token for decisions that is presence', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope: 'openid post decisions' });
    const claims = decodeJwt(tokens.access_token);
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(claims).toMatchObject({
      aud: `${world.baseUrl}/access`,
      client_id: world.partner.clientId,
      scope: 'decisions',
      sid: tokens.claims()?.sid,
    });
    expect(await world.identity.findPresence(tokens.access_token)).toEqual({
      practitioner: person.id,
      post: tokens.claims()?.post,
      clientId: world.partner.clientId,
      session: claims.sid,
      authenticationLevel: 2,
      authenticatedAt: tokens.claims()?.auth_time,
      expiresAt: claims.exp,
    });
  });

  test('gives NHS partner systems claims of the shape that they know, for the acting post only', async () => {
    const person = await world.addPerson({
      registrations: [{ body: 'NMC', number: '05A1234E', source: 'tests' }],
    });
    const partner = await world.addPartner({
      scopes: ['openid', 'nationalrbacaccess', 'associatedorgs', 'professionalmemberships', 'selectedrole'],
    });
    const scope = 'openid nationalrbacaccess associatedorgs professionalmemberships selectedrole';
    const claims = (await signIn(world.issuer, partner, person, { scope })).claims();
    expect(claims).toMatchObject({
      nhsid_useruid: person.id,
      nhsid_nrbac_roles: [{ person_roleid: claims?.selected_roleid, org_code: gateshead, role_code: 'social-worker' }],
      nhsid_user_orgs: [{ org_name: 'Gateshead Council', org_code: gateshead }],
      nmc_id: '05A1234E',
      idassurancelevel: '2',
      authentication_assurance_level: '2',
    });
    expect(claims).not.toHaveProperty('email');
  });

  test('a password alone, long enough, is level 1, and an acr that needs more is refused by name', async () => {
    const person = await world.addPerson({}, 'totp');
    const browser = createBrowser(world.baseUrl);
    const request = await beginAuthorization(world.issuer, world.partner);
    const page = await browser.submit(await browser.open(request.url), '/email', { email: person.email });
    const done = await browser.submit(page, '/password', { password: person.password });
    expect((await request.redeem(done.location ?? '')).claims()).toMatchObject({
      acr: 'urn:wayleave:acr:1',
      amr: ['pwd'],
    });
    const more = await beginAuthorization(world.issuer, world.partner, {
      parameters: { acr_values: 'urn:wayleave:acr:2' },
    });
    const again = await browser.submit(await browser.open(more.url), '/email', { email: person.email });
    const refused = await browser.submit(again, '/password', { password: person.password });
    expect(refused.location).toContain('error=unmet_authentication_requirements');
  });
});

describe('acr_values', () => {
  test('a level that nobody can reach here, and one of another issuer, are refused before anybody types anything', async () => {
    for (const acr of ['urn:wayleave:acr:3', 'urn:mace:incommon:iap:silver']) {
      const request = await beginAuthorization(world.issuer, world.partner, { parameters: { acr_values: acr } });
      const answer = await createBrowser(world.baseUrl).open(request.url);
      expect(answer.location).toContain('error=unmet_authentication_requirements');
    }
  });

  test('a level that the session has is given without a page', async () => {
    const { browser } = await signIn(world.issuer, world.partner, await world.addPerson());
    const request = await beginAuthorization(world.issuer, world.partner, {
      parameters: { acr_values: 'urn:wayleave:acr:3 urn:wayleave:acr:2' },
    });
    const tokens = await request.redeem((await browser.open(request.url)).location ?? '');
    expect(tokens.claims()?.acr).toBe('urn:wayleave:acr:2');
  });
});

describe('one session', () => {
  test('opens a second partner system without another page, under the same session id', async () => {
    const person = await world.addPerson();
    const other = await world.addPartner();
    const first = await signIn(world.issuer, world.partner, person);
    const second = await signIn(world.issuer, other, person, { browser: first.browser });
    expect(second.claims()).toMatchObject({ sub: person.id, sid: first.claims()?.sid });
  });

  test('prompt=login and a max_age that has passed ask for everything again', async () => {
    const person = await world.addPerson();
    const { browser } = await signIn(world.issuer, world.partner, person);
    for (const parameters of [{ prompt: 'login' }, { max_age: '0' }]) {
      const request = await beginAuthorization(world.issuer, world.partner, { parameters });
      const page = await browser.open(request.url);
      expect(page.text).toContain('Work e-mail address');
    }
    const request = await beginAuthorization(world.issuer, world.partner, { parameters: { max_age: '3600' } });
    expect((await browser.open(request.url)).location).toContain('code=');
  });

  test('a second authentication gives a later auth_time and keeps the post', async () => {
    const person = await world.addPerson();
    const first = await signIn(world.issuer, world.partner, person);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const request = await beginAuthorization(world.issuer, world.partner, { parameters: { prompt: 'login' } });
    const page = await first.browser.open(request.url);
    const done = await passSignIn(first.browser, page, person, { now: Date.now() / 1000 + 30 });
    const claims = (await request.redeem(done.location ?? '')).claims();
    expect(Number(claims?.auth_time)).toBeGreaterThan(Number(first.claims()?.auth_time));
    expect(claims).toMatchObject({ sid: first.claims()?.sid, post: first.claims()?.post });
  });

  test('gives way to somebody else who signs in at the same browser, and ends', async () => {
    const [first, second] = [await world.addPerson(), await world.addPerson()];
    const before = await signIn(world.issuer, world.partner, first, { scope: 'openid post decisions' });
    const request = await beginAuthorization(world.issuer, world.partner, { parameters: { prompt: 'login' } });
    const page = await passSignIn(before.browser, await before.browser.open(request.url), second);
    const done = await before.browser.submit(page, '/session/end/confirm');
    const claims = (await request.redeem(done.location ?? '')).claims();
    expect(claims?.sub).toBe(second.id);
    expect(claims?.sid).not.toBe(before.claims()?.sid);
    expect(await world.identity.findPresence(before.access_token)).toBeUndefined();
  });

  test('prompt=none without a session answers login_required', async () => {
    const request = await beginAuthorization(world.issuer, world.partner, { parameters: { prompt: 'none' } });
    expect((await createBrowser(world.baseUrl).open(request.url)).location).toContain('error=login_required');
  });
});

describe('what is refused', () => {
  test('a request without PKCE, or with the plain method', async () => {
    const { url } = await beginAuthorization(world.issuer, world.partner);
    const without = new URL(url);
    without.searchParams.delete('code_challenge');
    without.searchParams.delete('code_challenge_method');
    const plain = new URL(url);
    plain.searchParams.set('code_challenge_method', 'plain');
    for (const request of [without, plain]) {
      const answer = await createBrowser(world.baseUrl).open(request.href);
      expect(answer.location).toContain('error=invalid_request');
    }
  });

  test('a code without its verifier', async () => {
    const person = await world.addPerson();
    const browser = createBrowser(world.baseUrl);
    const request = await beginAuthorization(world.issuer, world.partner);
    const done = await passSignIn(browser, await browser.open(request.url), person);
    const code = new URL(done.location ?? '').searchParams.get('code') ?? '';
    const fields = { grant_type: 'authorization_code', code, redirect_uri: world.partner.redirectUri };
    for (const verifier of [{}, { code_verifier: 'x'.repeat(43) }]) {
      const answer = await tokenRequest(world.issuer, world.partner, { ...fields, ...verifier });
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
    }
  });

  test('a code that was used before, and then everything that came of it', async () => {
    const person = await world.addPerson();
    const browser = createBrowser(world.baseUrl);
    const request = await beginAuthorization(world.issuer, world.partner, { scope: 'openid post decisions' });
    const done = await passSignIn(browser, await browser.open(request.url), person);
    const tokens = await request.redeem(done.location ?? '');
    expect(await world.identity.findPresence(tokens.access_token)).toBeDefined();
    await expect(request.redeem(done.location ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await world.identity.findPresence(tokens.access_token)).toBeUndefined();
    const refreshed = await tokenRequest(world.issuer, world.partner, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });
    expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant']);
  });

  test('a code that is sent twice at the same moment: at most one gets tokens, and they end with the discovery', async () => {
    const person = await world.addPerson();
    const browser = createBrowser(world.baseUrl);
    const request = await beginAuthorization(world.issuer, world.partner, { scope: 'openid post decisions' });
    const done = await passSignIn(browser, await browser.open(request.url), person);
    const code = new URL(done.location ?? '').searchParams.get('code') ?? '';
    const fields = { grant_type: 'authorization_code', code, code_verifier: request.verifier };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        tokenRequest(world.issuer, world.partner, { ...fields, redirect_uri: world.partner.redirectUri }),
      ),
    );
    const given = answers.filter(({ status }) => status === 200);
    expect(given.length).toBeLessThanOrEqual(1);
    for (const { body } of given) expect(await world.identity.findPresence(String(body.access_token))).toBeUndefined();
  });

  test('a scope that the partner system is not registered for, and one that is for systems only', async () => {
    const unregistered = await beginAuthorization(world.issuer, world.partner, { scope: 'openid scim' });
    const refused = await createBrowser(world.baseUrl).open(unregistered.url);
    expect(refused.location).toContain('error=invalid_scope');
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope: 'openid post directory.read' });
    expect(tokens.scope).toBe('openid post');
  });

  test('a resource that is not ours', async () => {
    const request = await beginAuthorization(world.issuer, world.partner, {
      parameters: { resource: 'https://elsewhere.example/' },
    });
    expect((await createBrowser(world.baseUrl).open(request.url)).location).toContain('error=invalid_target');
  });
});

describe('refresh tokens', () => {
  const refresh = (token: string | undefined) =>
    tokenRequest(world.issuer, world.partner, { grant_type: 'refresh_token', refresh_token: token ?? '' });

  test('are changed at each use and keep post, session and level', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope: 'openid post decisions' });
    const { status, body } = await refresh(tokens.refresh_token);
    expect(status).toBe(200);
    expect(body.refresh_token).not.toBe(tokens.refresh_token);
    const before = decodeJwt(tokens.access_token);
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      sid: before.sid,
      post: before.post,
      acr: before.acr,
      auth_time: before.auth_time,
    });
    expect(await world.identity.findPresence(String(body.access_token))).toBeDefined();
  });

  test('used twice end the whole grant', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope: 'openid post decisions' });
    const first = await refresh(tokens.refresh_token);
    ahead += lifetimes.refreshGrace;
    const replayed = await refresh(tokens.refresh_token);
    expect([replayed.status, replayed.body.error]).toEqual([400, 'invalid_grant']);
    expect((await refresh(String(first.body.refresh_token))).status).toBe(400);
    expect(await world.identity.findPresence(String(first.body.access_token))).toBeUndefined();
  });

  test('used by one system several times at the same moment renew each time, and end nothing', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson(), {
      scope: 'openid post decisions',
    });
    const answers = await Promise.all(Array.from({ length: 4 }, () => refresh(tokens.refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(4);
    ahead += lifetimes.refreshGrace - 1;
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
    for (const { body } of answers) {
      expect(await world.identity.findPresence(String(body.access_token))).toBeDefined();
      expect((await refresh(String(body.refresh_token))).status).toBe(200);
    }
  });

  test('used again have their grace from the first use, not from the last', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson());
    const first = await refresh(tokens.refresh_token);
    ahead += lifetimes.refreshGrace - 1;
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
    ahead += 1;
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
    expect((await refresh(String(first.body.refresh_token))).status).toBe(400);
  });

  test('that were taken back stay so, however short ago they were used', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson());
    const { body } = await refresh(tokens.refresh_token);
    const revoked = await tokenRequest(
      world.issuer,
      world.partner,
      { token: String(body.refresh_token) },
      '/token/revocation',
    );
    expect(revoked.status).toBe(200);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
    expect((await refresh(String(body.refresh_token))).status).toBe(400);
  });

  test('of a session that ended stay worthless, however short ago they were used', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson());
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
    await world.identity.endSession(tokens.claims()?.sid as string);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
  });

  test('that were used end the whole grant at once when another partner system brings them', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson(), {
      scope: 'openid post decisions',
    });
    const { body } = await refresh(tokens.refresh_token);
    const other = await world.addPartner();
    const stolen = await tokenRequest(world.issuer, other, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });
    expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_grant']);
    expect((await refresh(String(body.refresh_token))).status).toBe(400);
    expect(await world.identity.findPresence(String(body.access_token))).toBeUndefined();
  });

  test('are worth nothing to another partner system', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson());
    const other = await world.addPartner();
    const stolen = await tokenRequest(world.issuer, other, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });
    expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_grant']);
  });
});

describe('the database', () => {
  test('holds no code, access token or refresh token in clear', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person);
    const code = new URL(tokens.callback).searchParams.get('code') ?? '';
    const rows = await world.asOwner('select row_to_json(p)::text as row from oidc_payload p');
    const all = rows.map(({ row }) => String(row)).join('\n');
    for (const secret of [code, tokens.access_token, tokens.refresh_token ?? '']) expect(all).not.toContain(secret);
  });
});

describe('pushed and signed requests', () => {
  test('a pushed authorization request works once', async () => {
    const person = await world.addPerson();
    const configuration = await discover(world.issuer, world.partner);
    const verifier = client.randomPKCECodeVerifier();
    const url = await client.buildAuthorizationUrlWithPAR(configuration, {
      redirect_uri: world.partner.redirectUri,
      scope: 'openid post',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const browser = createBrowser(world.baseUrl);
    const done = await passSignIn(browser, await browser.open(url.href), person);
    expect(done.location).toContain('code=');
    const again = await browser.open(url.href);
    expect(again.location ?? again.text).toMatch(/invalid_request_uri/);
  });

  test('a request signed by the partner system works, a changed one does not', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] };
    const partner = await world.addPartner({ authentication: { method: 'private_key_jwt', jwks } });
    const request = await new SignJWT({
      client_id: partner.clientId,
      response_type: 'code',
      redirect_uri: partner.redirectUri,
      scope: 'openid post',
      state: 'kept',
      code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'oauth-authz-req+jwt' })
      .setIssuer(partner.clientId)
      .setAudience(world.issuer)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
    const urlOf = (jwt: string) => {
      const url = new URL(`${world.issuer}/auth`);
      url.search = new URLSearchParams({ client_id: partner.clientId, request: jwt }).toString();
      return url.href;
    };
    const browser = createBrowser(world.baseUrl);
    const done = await passSignIn(browser, await browser.open(urlOf(request)), await world.addPerson());
    expect(done.location).toMatch(/code=.*state=kept/);
    const [header, , signature] = request.split('.');
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(request), scope: 'openid decisions' })).toString(
      'base64url',
    );
    const refused = await createBrowser(world.baseUrl).open(urlOf(`${header}.${forged}.${signature}`));
    expect(refused.location ?? refused.text).toContain('invalid_request_object');
  });

  test('a token bound to a key (DPoP) is worth nothing without it', async () => {
    const person = await world.addPerson();
    const configuration = await discover(world.issuer, world.partner);
    const browser = createBrowser(world.baseUrl);
    const request = await beginAuthorization(world.issuer, world.partner);
    const done = await passSignIn(browser, await browser.open(request.url), person);
    const DPoP = client.getDPoPHandle(configuration, await client.randomDPoPKeyPair());
    const tokens = await client.authorizationCodeGrant(
      configuration,
      new URL(done.location ?? ''),
      {
        pkceCodeVerifier: request.verifier,
        expectedState: new URL(request.url).searchParams.get('state') ?? '',
        expectedNonce: new URL(request.url).searchParams.get('nonce') ?? '',
      },
      undefined,
      { DPoP },
    );
    expect(tokens.token_type).toBe('dpop');
    const userinfo = await client.fetchUserInfo(configuration, tokens.access_token, person.id, { DPoP });
    expect(userinfo.sub).toBe(person.id);
    const bare = await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(bare.status).toBe(401);
  });
});
