import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { discover, openWorld, signIn, type World } from '../support/idp.ts';
import { gateshead } from '../support/directory.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('the code flow', () => {
  test('a person signs in with password and code, and the partner system is told who they are and in which post', async () => {
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
    const userinfo = await client.fetchUserInfo(
      await discover(world.issuer, world.partner),
      tokens.access_token,
      person.id,
    );
    expect(userinfo).toMatchObject({
      sub: person.id,
      name: 'Asha Patel',
      role: 'social-worker',
      post: tokens.claims()?.post,
    });
  });

  test('with the scope decisions the access token is for decisions, and is presence', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope: 'openid post decisions' });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const claims = decodeJwt(tokens.access_token);
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
});
