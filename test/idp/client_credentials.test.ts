import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { hashClientSecret } from '../../directory/partners/client_secret.ts';
import { getToken, openWorld, tokenRequest, type World } from '../support/idp/idp.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const grant = (fields: Record<string, string>) => ({ grant_type: 'client_credentials', ...fields });

describe('a partner system’s own token', () => {
  test('is a signed JWT for the audience of its scopes, for five minutes', async () => {
    const cases: [string, string | string[]][] = [
      ['decisions', `${world.baseUrl}/access`],
      ['directory.read', `${world.baseUrl}/api`],
      ['decisions directory.read', [`${world.baseUrl}/access`, `${world.baseUrl}/api`]],
    ];
    for (const [scope, aud] of cases) {
      const token = await getToken(world.issuer, world.partner, scope);
      expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
      const claims = decodeJwt(token);
      expect(claims).toMatchObject({
        iss: world.issuer,
        aud,
        scope,
        client_id: world.partner.clientId,
        sub: world.partner.clientId,
      });
      expect(Number(claims.exp) - Number(claims.iat)).toBe(300);
    }
  });

  test('for a named resource has that audience and its scopes only', async () => {
    const resource = `${world.baseUrl}/access`;
    const { body } = await tokenRequest(
      world.issuer,
      world.partner,
      grant({ scope: 'decisions directory.read', resource }),
    );
    expect(decodeJwt(String(body.access_token))).toMatchObject({ aud: resource, scope: 'decisions' });
  });

  test('is never presence', async () => {
    expect(await world.identity.findPresence(await getToken(world.issuer, world.partner))).toBeUndefined();
  });

  test('is refused for a wrong secret, an unknown client, a scope not registered, none at all, or a foreign resource', async () => {
    const cases: [Record<string, string>, { clientId?: string; secret?: string }, number, string][] = [
      [{ scope: 'decisions' }, { secret: 'wrong' }, 401, 'invalid_client'],
      [{ scope: 'decisions' }, { clientId: 'nobody' }, 401, 'invalid_client'],
      [{ scope: 'decisions' }, { clientId: "x' or '1'='1" }, 401, 'invalid_client'],
      [{ scope: 'scim' }, {}, 400, 'invalid_scope'],
      [{ scope: 'made-up' }, {}, 400, 'invalid_scope'],
      [{}, {}, 400, 'invalid_scope'],
      [{ scope: 'openid' }, {}, 400, 'invalid_scope'],
      [{ scope: 'decisions', resource: 'https://elsewhere.example/' }, {}, 400, 'invalid_target'],
    ];
    for (const [fields, changes, status, error] of cases) {
      const answer = await tokenRequest(world.issuer, { ...world.partner, ...changes }, grant(fields));
      expect([fields, changes, answer.status, answer.body.error]).toEqual([fields, changes, status, error]);
    }
  });

  test('needs the grant type in its registration', async () => {
    const partner = await world.addPartner({ scopes: ['openid', 'profile'] });
    const answer = await tokenRequest(world.issuer, partner, grant({ scope: 'decisions' }));
    expect(answer.status).toBe(400);
  });
});

describe('a secret', () => {
  test('with characters that need encoding works in its encoded form', async () => {
    const secret = 'p+l u%s&=/?';
    const partner = await world.addPartner({
      authentication: { method: 'client_secret_basic', secretHash: hashClientSecret(secret) },
    });
    const credentials = [partner.clientId, secret].map((part) => encodeURIComponent(part)).join(':');
    const response = await fetch(`${world.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams(grant({ scope: 'decisions' })),
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    });
    expect(response.status).toBe(200);
  });
});

describe('a partner system that signs its requests', () => {
  test.each<[number, number]>([
    [0, 200],
    [45, 200],
    [90, 401],
  ])('and whose clock is %i seconds ahead is answered %i', async (ahead, status) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] };
    const { clientId } = await world.addPartner({ authentication: { method: 'private_key_jwt', jwks } });
    const now = Math.floor(Date.now() / 1000) + ahead;
    const assertion = await new SignJWT({ jti: crypto.randomUUID(), iss: clientId, sub: clientId, aud: world.issuer })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + 60)
      .sign(privateKey);
    const body = new URLSearchParams({
      ...grant({ scope: 'decisions' }),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    expect((await fetch(`${world.issuer}/token`, { method: 'POST', body })).status).toBe(status);
  });

  test('gets a token with an assertion of its registered key, once', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] };
    const { clientId } = await world.addPartner({ authentication: { method: 'private_key_jwt', jwks } });
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(world.issuer)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
    const ask = () =>
      fetch(`${world.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...grant({ scope: 'decisions' }),
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }),
      });
    const answers = await Promise.all(Array.from({ length: 5 }, ask));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401]);
    expect((await ask()).status).toBe(401);
  });
});
