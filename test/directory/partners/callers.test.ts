import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { callerOf, requireCaller } from '../../../directory/partners/require_caller.ts';
import { restorePartner, suspendPartner } from '../../../directory/partners/suspend_partner.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import type { KeyRing } from '../../../platform/keys/ring.ts';
import type { ApiOperation } from '../../../platform/web/api.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { aPartner, anImportedAgency, gateshead, load } from '../../support/directory/directory.ts';
import { testLog } from '../../support/platform/log.ts';
import { send, serve, type Served, testApi } from '../../support/platform/web.ts';

const baseUrl = 'http://localhost:4000';
const issuer = `${baseUrl}/oidc`;
const api = `${baseUrl}/api`;

let database: Awaited<ReturnType<typeof testLog>>;
let keys: KeyRing;
let served: Served;
let now = 0;

beforeAll(async () => {
  database = await testLog();
  await load(
    database.log,
    anImportedAgency({
      partners: [aPartner({ clientId: 'casebook' }), aPartner({ clientId: 'narrow', scopes: ['decisions'] })],
    }),
  );
  keys = openKeyRing(database.db, testMasterKey);
  await keys.ensure('oidc', ['ES256', 'RS256']);
  const ground = { config: { issuer, baseUrl }, db: database.db, keys, log: database.log, clock: () => now };
  const whoCalls = (path: string, scope: string): ApiOperation => ({
    method: 'get',
    path,
    summary: 'Who calls',
    tag: 'Test',
    guards: [requireCaller(ground, scope)],
    responses: {},
    handlers: [
      (ctx) => {
        const { clientId, scopes, partner } = callerOf(ctx);
        ctx.body = { clientId, scopes, agency: partner.agency };
      },
    ],
  });
  const operations = [whoCalls('/directory/v1/x', 'directory.read'), whoCalls('/access/v1/x', 'decisions')];
  served = await serve(testApi(operations));
});
afterAll(async () => {
  await served.close();
  await database.drop();
});
beforeEach(() => {
  now = Math.floor(Date.now() / 1000);
});

type Changes = {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: Parameters<SignJWT['sign']>[0];
};

/** A token as the identity provider would make it. */
async function token({ claims = {}, header = {}, key }: Changes = {}): Promise<string> {
  const signing = await keys.current('oidc', 'ES256');
  const payload = {
    iss: issuer,
    aud: api,
    sub: 'casebook',
    client_id: 'casebook',
    scope: 'directory.read',
    iat: now,
    exp: now + 300,
    jti: 'x',
    ...claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signing.kid, ...header })
    .sign(key ?? signing.privateKey);
}

const ask = (authorization?: string, path = '/directory/v1/x') =>
  send(`${served.url}${path}`, { headers: authorization === undefined ? {} : { Authorization: authorization } });
const askWith = async (changes: Changes, path?: string) => ask(`Bearer ${await token(changes)}`, path);

describe('a partner system gets through', () => {
  test('with a token of its own for this interface', async () => {
    const answer = await askWith({});
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ clientId: 'casebook', scopes: ['directory.read'], agency: gateshead });
  });

  test('with a token for both interfaces, at each of them', async () => {
    const claims = { aud: [`${baseUrl}/access`, api], scope: 'decisions directory.read' };
    expect((await askWith({ claims })).status).toBe(200);
    expect((await askWith({ claims }, '/access/v1/x')).status).toBe(200);
  });

  test('again and again with the same token, until it expires', async () => {
    const one = await token();
    for (let time = 0; time < 3; time += 1) expect((await ask(`Bearer ${one}`)).status).toBe(200);
    now += 300;
    const late = await ask(`bearer ${one}`);
    expect(late.status).toBe(401);
    expect(late.headers['www-authenticate']).toContain('it has expired');
  });
});

describe('everybody else is refused, in words', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  test.each<[string, Changes, string]>([
    ['an expired token', { claims: { exp: 1_000_000 } }, 'it has expired'],
    ['a token of another issuer', { claims: { iss: 'https://evil.example' } }, 'not issued by this service'],
    ['a token for decisions only', { claims: { aud: `${baseUrl}/access` } }, 'it is not for http://localhost:4000/api'],
    ['a token for somebody else’s interface', { claims: { aud: 'https://other.example' } }, 'it is not for'],
    ['an ID token', { header: { typ: 'JWT' } }, 'not issued by this service'],
    ['a token without an expiry', { claims: { exp: undefined } }, 'not issued by this service'],
    ['a token that names no client', { claims: { client_id: undefined } }, 'not issued by this service'],
    ['a person’s token', { claims: { sub: '0199c000-0000-7000-8000-000000000000' } }, 'it belongs to a person'],
    ['a token bound to a key', { claims: { cnf: { jkt: 'x' } } }, 'it is bound to a key'],
    ['a token of an unknown client', { claims: { client_id: 'ghost', sub: 'ghost' } }, 'its client is not registered'],
    ['a forged signature', { key: stranger }, 'its signature is wrong'],
    ['a key that is not ours', { header: { kid: 'made-up' }, key: stranger }, 'its key is not known'],
    ['no key id at all', { header: { kid: undefined } }, 'its key is not known'],
  ])('%s: 401 with the reason', async (_, changes, why) => {
    const answer = await askWith(changes);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(answer.headers['www-authenticate']).toContain(why);
    expect(answer.json()).toMatchObject({ type: 'urn:wayleave:problem:token-not-valid', status: 401 });
  });

  test('tokens signed with another algorithm, or with none, do not count', async () => {
    const rsa = await keys.current('oidc', 'RS256');
    const other = await askWith({ header: { alg: 'RS256', kid: rsa.kid }, key: rsa.privateKey });
    expect(other.status).toBe(401);
    const [, payload] = (await token()).split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`;
    expect((await ask(`Bearer ${none}`)).status).toBe(401);
    const { publicJwk, kid } = await keys.current('oidc', 'ES256');
    const confused = await askWith({ header: { alg: 'HS256', kid }, key: Buffer.from(JSON.stringify(publicJwk)) });
    expect(confused.status).toBe(401);
  });

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic Y2FzZWJvb2s6eA==', 'Bearer a b', `Bearer ${'x'.repeat(3000)}`])(
    'Authorization %j: 401',
    async (header) => {
      const answer = await ask(header);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="wayleave", scope="directory.read"/);
    },
  );

  test('a token in the query does not count', async () => {
    expect((await ask(undefined, `/directory/v1/x?access_token=${await token()}`)).status).toBe(401);
  });

  test('a scope that the token or the registration lacks: 403', async () => {
    for (const claims of [
      { scope: 'audit.read' },
      { scope: 'directory.readers' },
      { scope: undefined },
      { client_id: 'narrow', sub: 'narrow' },
    ]) {
      const answer = await askWith({ claims });
      expect(answer.status).toBe(403);
      expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
      expect(answer.json()).toMatchObject({ type: 'urn:wayleave:problem:scope-missing' });
    }
  });

  test('a partner system is stopped by its suspension, though its token still verifies, and goes on when restored', async () => {
    const one = await token();
    const actor = { agency: gateshead, service: 'tests' };
    expect((await ask(`Bearer ${one}`)).status).toBe(200);
    await suspendPartner(database.log, actor, { clientId: 'casebook', reason: 'breach' });
    const answer = await ask(`Bearer ${one}`);
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ type: 'urn:wayleave:problem:partner-suspended' });
    await restorePartner(database.log, actor, { clientId: 'casebook', reason: 'resolved' });
    expect((await ask(`Bearer ${one}`)).status).toBe(200);
  });

  test('a token whose key was retired does not count, though it verified before', async () => {
    const one = await token();
    const old = await keys.current('oidc', 'ES256');
    expect((await ask(`Bearer ${one}`)).status).toBe(200);
    await keys.rotate('oidc', 'ES256');
    expect((await ask(`Bearer ${one}`)).status).toBe(200);
    await keys.retire('oidc', old.kid);
    expect((await ask(`Bearer ${one}`)).status).toBe(401);
  });
});
