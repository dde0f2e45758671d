import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { send } from '../support/platform/web.ts';
import { beginAuthorization, createBrowser, openWorld, signIn, tokenRequest, type World } from '../support/idp/idp.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const authorize = async (changes: Record<string, string>) => {
  const url = new URL((await beginAuthorization(world.issuer, world.partner)).url);
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  return createBrowser(world.baseUrl).open(url.href);
};

describe('a request that cannot go back to its partner system', () => {
  test('from an unknown client gets a page in words', async () => {
    const page = await authorize({ client_id: 'nobody' });
    expect([page.status, page.location]).toEqual([400, undefined]);
    expect(page.text).toContain('That system is not known here');
  });

  test('with a return address that is not registered stays here', async () => {
    for (const address of [
      'https://evil.example/callback',
      'http://127.0.0.1:4001/callback/../elsewhere',
      'http://127.0.0.1:4001/callback?x=1',
      'javascript:alert(1)',
    ]) {
      const page = await authorize({ redirect_uri: address });
      expect([address, page.status, page.location]).toEqual([address, 400, undefined]);
      expect(page.text).toContain('wrong return address');
      expect(page.text).not.toContain(address);
    }
  });

  test('never shows what was sent as markup', async () => {
    const hostile = '"><script>alert(1)</script>{{7777777*7777777}}';
    for (const name of [
      'client_id',
      'redirect_uri',
      'scope',
      'state',
      'prompt',
      'response_type',
      'login_hint',
      'acr_values',
      'resource',
    ]) {
      const page = await authorize({ [name]: hostile });
      expect([name, page.text.includes('<script>alert(1)')]).toEqual([name, false]);
      // What random letters of a reference cannot say by chance.
      expect([name, page.text.includes(String(7_777_777 ** 2))]).toEqual([name, false]);
    }
  });

  test('has no other address in what it is told than the configured one, whatever the Host header says', async () => {
    const answer = await send(`${world.baseUrl}/oidc/.well-known/openid-configuration`, {
      headers: { host: 'evil.example' },
    });
    expect(answer.text).not.toContain('evil.example');
    expect(answer.json()).toMatchObject({ issuer: world.issuer, token_endpoint: `${world.issuer}/token` });
  });
});

describe('the metadata', () => {
  test('offers what is there and nothing else', async () => {
    const metadata = (await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    expect(metadata).toMatchObject({
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      acr_values_supported: ['urn:wayleave:acr:1', 'urn:wayleave:acr:2'],
      backchannel_logout_supported: true,
      pushed_authorization_request_endpoint: `${world.issuer}/request`,
    });
    for (const absent of ['device_authorization_endpoint', 'registration_endpoint'])
      expect(metadata).not.toHaveProperty(absent);
  });

  test('library endpoints that are switched off are not there', async () => {
    for (const path of ['/reg', '/device', '/backchannel', '/interaction/x']) {
      expect((await fetch(`${world.issuer}${path}`, { method: 'POST' })).status).toBe(404);
    }
  });
});

describe('while the database is away', () => {
  test('pages say so with 503, programs get OAuth’s own form, and afterwards everything goes on', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person);
    const { pool } = world.database.db;
    const query = pool.query.bind(pool);
    const connect = pool.connect.bind(pool);
    const { url } = await beginAuthorization(world.issuer, world.partner);
    const refused = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    pool.query = refused;
    pool.connect = refused as typeof pool.connect;
    const page = await createBrowser(world.baseUrl).open(url);
    const token = await tokenRequest(world.issuer, world.partner, {
      grant_type: 'client_credentials',
      scope: 'decisions',
    });
    const userinfo = await fetch(`${world.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    pool.query = query;
    pool.connect = connect;
    expect([page.status, page.text.includes('Out of service for the moment')]).toEqual([503, true]);
    expect([token.status, token.body.error]).toEqual([503, 'temporarily_unavailable']);
    expect(userinfo.status).toBe(503);
    expect((await createBrowser(world.baseUrl).open(url)).text).toContain('Work e-mail address');
  });
});
