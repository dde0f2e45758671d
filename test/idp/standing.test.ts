import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { suspendPartner, restorePartner } from '../../directory/partners/suspend_partner.ts';
import {
  recordLeaving,
  restorePractitioner,
  suspendPractitioner,
} from '../../directory/people/suspend_practitioner.ts';
import { gateshead } from '../support/directory/directory.ts';
import {
  beginAuthorization,
  createBrowser,
  discover,
  type IdentityInstance,
  openWorld,
  passSignIn,
  type Person,
  signIn,
  type TestPartner,
  tokenRequest,
  type World,
} from '../support/idp/idp.ts';

const actor = { agency: gateshead, service: 'tests' };
let world: World;
let replica: IdentityInstance;
let person: Person;
beforeAll(async () => {
  world = await openWorld();
  replica = await world.anotherInstance();
});
afterAll(() => world.close());
beforeEach(async () => {
  person = await world.addPerson();
});

type Signed = Awaited<ReturnType<typeof signIn>>;

/** Everything a token is good for, at one process. */
async function uses(partner: TestPartner, plain: Signed, decisions: Signed, at: IdentityInstance) {
  const introspect = (token: string) => tokenRequest(`${at.baseUrl}/oidc`, partner, { token }, '/token/introspection');
  const userinfo = await fetch(`${at.baseUrl}/oidc/me`, { headers: { authorization: `Bearer ${plain.access_token}` } });
  return {
    userinfo: userinfo.status,
    accessTokenActive: (await introspect(plain.access_token)).body.active,
    refreshTokenActive: (await introspect(decisions.refresh_token ?? '')).body.active,
    presence: (await at.identity.findPresence(decisions.access_token)) !== undefined,
  };
}

const alive = { userinfo: 200, accessTokenActive: true, refreshTokenActive: true, presence: true };
const dead = { userinfo: 401, accessTokenActive: false, refreshTokenActive: false, presence: false };

async function signInTwice(partner: TestPartner): Promise<[Signed, Signed]> {
  const plain = await signIn(world.issuer, partner, person);
  return [
    plain,
    await signIn(world.issuer, partner, person, { browser: plain.browser, scope: 'openid post decisions' }),
  ];
}

describe('a suspended person', () => {
  for (const [word, take] of [
    ['suspended', suspendPractitioner],
    ['departed', recordLeaving],
  ] as const) {
    test(`loses every token at once in every process once ${word}, and the session with them`, async () => {
      const [plain, decisions] = await signInTwice(world.partner);
      for (const at of [world, replica]) expect(await uses(world.partner, plain, decisions, at)).toEqual(alive);
      await take(world.ground.log, actor, { practitioner: person.id, reason: 'test' });
      for (const at of [replica, world]) {
        await at.ground.log.fence.catchUp();
        expect(await uses(world.partner, plain, decisions, at)).toEqual(dead);
      }
      const refreshed = await tokenRequest(world.issuer, world.partner, {
        grant_type: 'refresh_token',
        refresh_token: decisions.refresh_token ?? '',
      });
      expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant']);
      const { url } = await beginAuthorization(world.issuer, world.partner);
      const page = await plain.browser.open(url);
      expect(page.text).toContain('Work e-mail address');
      // The session has ended for good: being active again does not bring it back.
      await restorePractitioner(world.ground.log, actor, { practitioner: person.id, reason: 'test' });
      expect(await uses(world.partner, plain, decisions, world)).toEqual(dead);
      const again = await beginAuthorization(world.issuer, world.partner);
      expect((await plain.browser.open(again.url)).text).toContain('Work e-mail address');
    });
  }

  test('is told after the right password and code, and not before', async () => {
    await suspendPractitioner(world.ground.log, actor, { practitioner: person.id, reason: 'test' });
    const browser = createBrowser(world.baseUrl);
    const { url } = await beginAuthorization(world.issuer, world.partner);
    const page = await browser.submit(await browser.open(url), '/email', { email: person.email });
    const wrong = await browser.submit(page, '/password', { password: 'something else' });
    expect(wrong.text).toContain('The e-mail address or the password is not right');
    const again = createBrowser(world.baseUrl);
    const stopped = await passSignIn(
      again,
      await again.open((await beginAuthorization(world.issuer, world.partner)).url),
      person,
    );
    expect([stopped.status, stopped.text.includes('Your access has been stopped')]).toEqual([403, true]);
  });

  test('gets nothing for a code that was on its way', async () => {
    const browser = createBrowser(world.baseUrl);
    const request = await beginAuthorization(world.issuer, world.partner);
    const done = await passSignIn(browser, await browser.open(request.url), person);
    await suspendPractitioner(world.ground.log, actor, { practitioner: person.id, reason: 'test' });
    await expect(request.redeem(done.location ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a suspended partner system', () => {
  test('is answered nothing from then on, at every endpoint and in every process', async () => {
    const partner = await world.addPartner();
    const [plain, decisions] = await signInTwice(partner);
    const clientId = partner.clientId;
    await suspendPartner(world.ground.log, actor, { clientId, reason: 'test' });
    for (const at of [replica, world]) {
      const issuer = `${at.baseUrl}/oidc`;
      for (const [endpoint, fields] of [
        ['/token', { grant_type: 'client_credentials', scope: 'decisions' }],
        ['/token', { grant_type: 'refresh_token', refresh_token: decisions.refresh_token ?? '' }],
        ['/token/introspection', { token: plain.access_token }],
        ['/token/revocation', { token: plain.access_token }],
        ['/request', { response_type: 'code' }],
      ] as const) {
        const answer = await tokenRequest(issuer, partner, fields, endpoint);
        expect([endpoint, answer.status, answer.body.error]).toEqual([endpoint, 401, 'invalid_client']);
      }
      const userinfo = await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${plain.access_token}` } });
      expect(userinfo.status).toBe(401);
    }
    const url = new URL(`${world.issuer}/auth`);
    url.search = new URLSearchParams({ client_id: clientId, response_type: 'code', scope: 'openid' }).toString();
    const page = await plain.browser.open(url.href);
    expect(page.text).toContain('That system is not known here');
    expect(page.location).toBeUndefined();
    await restorePartner(world.ground.log, actor, { clientId, reason: 'test' });
    const configuration = await discover(world.issuer, partner);
    expect(await client.fetchUserInfo(configuration, plain.access_token, person.id)).toMatchObject({ sub: person.id });
  });
});
