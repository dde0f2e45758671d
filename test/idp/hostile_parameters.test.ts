/** What no text can hold, in every parameter of every endpoint of the provider: refused as OAuth says, never a fault of ours. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openWorld, type World } from '../support/idp/idp.ts';
import { type Answer, send } from '../support/platform/web.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** As they stand in an address or a form. */
const hostile: Record<string, string> = {
  'U+0000': '%00',
  'U+0000 within': 'a%00b',
  'half of a surrogate pair': '%ED%A0%80',
  'a byte that UTF-8 never has': '%FF',
  'a character cut short': '%E2%82',
  'an overlong form of a character': '%C0%AF',
  'a lone percent sign': '100%',
  'a percent sign before no figures': '%zz',
  'more than any value needs': 'x'.repeat(9_000),
};

const ofRequest = [
  'client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'nonce', 'code_challenge', 'code_challenge_method', 'prompt',
  'login_hint', 'ui_locales', 'acr_values', 'max_age', 'claims', 'request', 'request_uri', 'response_mode', 'resource',
  'id_token_hint', 'display', 'unheard_of',
]; // prettier-ignore
const ofClient = ['client_id', 'client_assertion', 'client_assertion_type'];
const ofLogout = ['id_token_hint', 'post_logout_redirect_uri', 'state', 'ui_locales', 'client_id', 'logout_hint'];

const endpoints: [string, string, string[]][] = [
  ['GET', '/auth', ofRequest],
  ['POST', '/auth', ofRequest],
  ['GET', '/auth/unknown', ['anything']],
  ['POST', '/request', [...ofRequest, ...ofClient]],
  ['POST', '/token', [...ofClient, 'grant_type', 'code', 'redirect_uri', 'code_verifier', 'refresh_token', 'scope', 'resource']],
  ['POST', '/token/introspection', [...ofClient, 'token', 'token_type_hint']],
  ['POST', '/token/revocation', [...ofClient, 'token', 'token_type_hint']],
  ['GET', '/me', ['access_token']],
  ['POST', '/me', ['access_token']],
  ['GET', '/session/end', ofLogout],
  ['POST', '/session/end', ofLogout],
  ['POST', '/session/end/confirm', ['xsrf', 'logout']],
  ['GET', '/session/end/success', ['client_id']],
  ['GET', '/jwks', ['anything']],
  ['GET', '/.well-known/openid-configuration', ['anything']],
]; // prettier-ignore

type Headers = Record<string, string>;
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const json = { Accept: 'application/json' };
const basic = () => ({
  Authorization: `Basic ${Buffer.from(`${world.partner.clientId}:${world.partner.secret}`).toString('base64')}`,
});

function ask(method: string, path: string, pairs: string, headers: Headers = json): Promise<Answer> {
  return method === 'GET'
    ? send(`${world.issuer}/`, { path: `/oidc${path}?${pairs}`, headers })
    : send(`${world.issuer}/`, { method, path: `/oidc${path}`, headers: { ...form, ...headers }, body: pairs });
}

const failures = () => world.lines.filter((line) => line.includes('"level":"error"'));

describe.each(endpoints)('%s %s', (method, path, parameters) => {
  test.each(Object.entries(hostile))('answers 400 to %s, whichever parameter holds it', async (_name, value) => {
    for (const parameter of parameters) {
      const pairs = `${parameter === 'client_id' ? '' : `client_id=${world.partner.clientId}&`}${parameter}=${value}`;
      const plain = await ask(method, path, pairs);
      expect({ parameter, status: plain.status, body: plain.json() }).toMatchObject({
        parameter,
        status: 400,
        body: { error: 'invalid_request' },
      });
    }
    const page = await ask(method, path, `${parameters[0]}=${value}`, { ...basic(), Accept: 'text/html' });
    expect([page.status, page.text.includes('<h1')]).toEqual([400, true]);
    expect(failures()).toEqual([]);
  });

  test('answers 400 to a name that no parameter can have', async () => {
    for (const name of ['%00', 'a%00', '%FF', '%', 'x'.repeat(9_000)]) {
      expect([name, (await ask(method, path, `${name}=1`)).status]).toEqual([name, 400]);
    }
    expect(failures()).toEqual([]);
  });
});

/** An unsigned token with these parts; nothing but its outside is right. */
const token = (payload: string, header = '{"alg":"ES256"}') =>
  [header, payload, 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');

describe('what is hidden inside a value', () => {
  const hidden = [
    '{"iss":"a\\u0000","sub":"a\\u0000","aud":"a\\u0000","jti":"a\\u0000","client_id":"a\\u0000"}',
    '{"iss":"\\ud800","sub":"\\ud800","aud":"\\ud800","jti":"\\ud800","client_id":"\\ud800"}',
    '{"sub":{"a":"\\u0000"},"aud":["\\u0000"]}',
  ];
  const places: [string, string, string, string][] = [
    ['a request object', 'GET', '/auth', 'request'],
    ['a pushed request object', 'POST', '/request', 'request'],
    ['an ID token as a hint', 'GET', '/auth', 'id_token_hint'],
    ['an ID token at the end of a session', 'GET', '/session/end', 'id_token_hint'],
    ['an assertion of a client', 'POST', '/token', 'client_assertion'],
    ['a token to be introspected', 'POST', '/token/introspection', 'token'],
    ['a token to be revoked', 'POST', '/token/revocation', 'token'],
  ];
  test.each(places)('%s is looked into', async (_name, method, path, parameter) => {
    for (const payload of hidden) {
      const pairs = `client_id=${world.partner.clientId}&${parameter}=${token(payload)}`;
      expect([payload, (await ask(method, path, pairs)).status]).toEqual([payload, 400]);
    }
    expect(failures()).toEqual([]);
  });

  test('claims that are asked for are looked into', async () => {
    for (const claims of ['{"userinfo":{"a\\u0000":null}}', '{"id_token":{"acr":{"value":"\\ud800"}}}']) {
      const { status } = await ask('GET', '/auth', `claims=${encodeURIComponent(claims)}`);
      expect([claims, status]).toEqual([claims, 400]);
    }
  });

  test('a header in which somebody proves who they are is never a fault of ours', async () => {
    const of = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;
    const credentials = ['\0:x', 'a:\0', '%00:x', 'a:%00', '%:x', '%FF:x', '%ED%A0%80:%ED%A0%80', ':', '', `${'x'.repeat(9_000)}:x`]; // prettier-ignore
    const headers: Headers[] = [
      ...[...credentials, Buffer.from([0xff, 0x3a, 0xfe])].map((text) => ({ Authorization: of(text) })),
      ...['Basic', 'Basic  ', 'Basic é', 'Bearer', 'Bearer é', 'DPoP x', `Bearer ${token(hidden[0]!)}`].map((text) => ({ Authorization: text })), // prettier-ignore
      ...hidden.map((payload) => ({ ...basic(), DPoP: token(payload) })),
      ...hidden.map((payload) => ({ ...basic(), DPoP: token('{}', payload) })),
    ];
    for (const path of ['/token', '/token/introspection', '/token/revocation', '/request', '/me']) {
      for (const header of headers) {
        const { status } = await ask('POST', path, 'grant_type=client_credentials&scope=decisions&token=x', {
          ...json,
          ...header,
        });
        expect({ path, header, status: status < 500 }).toEqual({ path, header, status: true });
      }
    }
    expect(failures()).toEqual([]);
  });

  test('cookies with what nobody set are as none', async () => {
    const names = ['wayleave-session', 'wayleave-sign-in', 'wayleave-resume', 'wayleave-csrf'];
    for (const value of ['%00', '%FF', '%', '\xff\xfe', '"', ';;=', 'x'.repeat(3_000)]) {
      const Cookie = names.flatMap((name) => [`${name}=${value}`, `${name}.sig=${value}`]).join('; ').slice(0, 12_000); // prettier-ignore
      for (const path of [
        '/oidc/auth?client_id=x',
        '/oidc/auth/x',
        '/oidc/session/end',
        '/sign-in/x',
        '/sign-in/x/code',
      ]) {
        const answer = await send(`${world.baseUrl}/`, { path, headers: { Cookie, Accept: 'text/html' } });
        expect([path, value, answer.status < 500]).toEqual([path, value, true]);
      }
    }
    expect(failures()).toEqual([]);
  });

  test.each(['/oidc/auth/', '/sign-in/'])('addresses below %s are never a fault of ours', async (path) => {
    for (const value of Object.values(hostile)) {
      const answer = await send(`${world.baseUrl}/`, { path: `${path}${value}`, headers: { Accept: 'text/html' } });
      expect([path, value, answer.status >= 400 && answer.status < 500]).toEqual([path, value, true]);
    }
    expect(failures()).toEqual([]);
  });
});

describe('what is right stays so', () => {
  test('any writing, and the longest values that are of use', async () => {
    const state = encodeURIComponent(`Zażółć 張偉 محمد 🚓 ${'x'.repeat(4_000)}`);
    const answer = await ask('GET', '/auth', `client_id=${world.partner.clientId}&redirect_uri=${encodeURIComponent(world.partner.redirectUri)}&response_type=code&scope=openid&prompt=none&state=${state}&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256`); // prettier-ignore
    expect(new URL(String(answer.headers.location)).searchParams.get('state')).toBe(decodeURIComponent(state));
  });

  test('forms that browsers write: blanks as plus signs, empty values, the same name twice where the standard allows it', async () => {
    const pairs = 'grant_type=client_credentials&scope=decisions+directory.read&empty=&alone&resource=';
    expect((await ask('POST', '/token', pairs, { ...json, ...basic() })).status).toBe(200);
  });
});
