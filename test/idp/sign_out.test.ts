import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { AdapterPayload } from 'oidc-provider';
import * as client from 'openid-client';
import { createContext } from '../../idp/context.ts';
import { createSessionStore } from '../../idp/provider/store/session_store.ts';
import { listEntries } from '../../platform/log/read.ts';
import {
  type Answer,
  type Browser,
  createBrowser,
  discover,
  type IdentityInstance,
  openWorld,
  signIn,
  tokenRequest,
  type World,
} from '../support/idp/idp.ts';

let world: World;
let replica: IdentityInstance;
beforeAll(async () => {
  world = await openWorld();
  replica = await world.anotherInstance();
});
afterAll(() => world.close());

type Tokens = Awaited<ReturnType<typeof signIn>>;
const scope = 'openid post decisions';

const sessionOf = (tokens: Tokens) => tokens.claims()?.sid as string;

/** Opens the partner system's "sign out" link. */
async function askToSignOut(tokens: Tokens, parameters: Record<string, string> = {}): Promise<Answer> {
  const configuration = await discover(world.issuer, world.partner);
  const url = client.buildEndSessionUrl(configuration, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: world.partner.postLogoutRedirectUri,
    state: 'kept',
    ...parameters,
  });
  return tokens.browser.open(url.href);
}

const confirm = (browser: Browser, page: Answer, everywhere = true) =>
  browser.submit(page, '/session/end/confirm', everywhere ? { logout: 'yes' } : {});

describe('signing out', () => {
  test('asks first, then ends the session, its tokens and presence in every process, and goes back', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope });
    const page = await askToSignOut(tokens);
    expect(page.text).toContain('Do you want to sign out everywhere?');
    expect(page.headers.get('content-security-policy')).toMatch(/form-action 'self'(?:;|$)/);
    expect(await world.identity.findPresence(tokens.access_token)).toBeDefined();
    expect(await replica.identity.findPresence(tokens.access_token)).toBeDefined();

    const done = await confirm(tokens.browser, page);
    expect(done.location).toBe('http://127.0.0.1:4001/?state=kept');
    expect(await world.identity.findPresence(tokens.access_token)).toBeUndefined();
    await replica.ground.log.fence.catchUp();
    expect(await replica.identity.findPresence(tokens.access_token)).toBeUndefined();
    const refreshed = await tokenRequest(world.issuer, world.partner, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });
    expect(refreshed.status).toBe(400);
    const { entries } = await listEntries(world.database.db, { reading: 'audit' }, { subject: person.id });
    expect(entries[0]).toMatchObject({
      event: 'sign-out',
      content: { reason: 'signed-out', clients: [world.partner.clientId] },
    });
    expect(entries.filter(({ event }) => event === 'grant.revoked')).toEqual([]);
  });

  test('of one partner system leaves the others signed in', async () => {
    const person = await world.addPerson();
    const other = await world.addPartner();
    const tokens = await signIn(world.issuer, world.partner, person, { scope });
    const kept = await signIn(world.issuer, other, person, { scope, browser: tokens.browser });
    await confirm(tokens.browser, await askToSignOut(tokens), false);
    expect(await world.identity.findPresence(tokens.access_token)).toBeUndefined();
    expect(await world.identity.findPresence(kept.access_token)).toBeDefined();
  });

  test('of another site’s making does nothing: the confirmation needs its own secret', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson(), { scope });
    await askToSignOut(tokens);
    const forged = await tokens.browser.send('/oidc/session/end/confirm', { xsrf: 'guessed', logout: 'yes' });
    expect(forged.status).toBe(400);
    expect(await world.identity.findPresence(tokens.access_token)).toBeDefined();
  });

  test('never sends anybody to an address that is not registered', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson());
    const page = await askToSignOut(tokens, { post_logout_redirect_uri: 'https://evil.example/' });
    expect(page.status).toBe(400);
    expect(page.text).not.toContain('href="https://evil.example');
    expect(page.location).toBeUndefined();
    expect(page.text).toMatch(/<h1[^>]*>You were not signed out<\/h1>/);
    expect(page.text).toContain('To sign out, open Wayleave and choose “Sign out”');
    expect(page.text).not.toContain('sign-in could not be started');
  });

  test('says that nobody was signed out, whatever was wrong with the request', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson());
    for (const parameters of [{ id_token_hint: 'x' }, { client_id: 'nobody' }, { client_id: 'x'.repeat(300) }]) {
      const page = await askToSignOut(tokens, parameters);
      expect([page.status, /<h1[^>]*>([^<]*)</.exec(page.text)?.[1]]).toEqual([400, 'You were not signed out']);
    }
    const late = await createBrowser(world.baseUrl).send('/oidc/session/end/confirm', { xsrf: 'x', logout: 'yes' });
    expect([late.status, /<h1[^>]*>([^<]*)</.exec(late.text)?.[1]]).toEqual([400, 'You were not signed out']);
  });

  test('by POST is asked and done like by a link, and no ID token stands in an address', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope });
    const page = await tokens.browser.open(
      '/oidc/session/end',
      new URLSearchParams({
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: world.partner.postLogoutRedirectUri,
        state: 'kept',
      }),
    );
    const { searchParams } = new URL(page.url);
    expect([...searchParams.keys()].sort()).toEqual(['client_id', 'post_logout_redirect_uri', 'state']);
    expect(searchParams.get('client_id')).toBe(world.partner.clientId);
    expect(page.text).toContain('Do you want to sign out everywhere?');
    const done = await confirm(tokens.browser, page);
    expect(done.location).toBe('http://127.0.0.1:4001/?state=kept');
    expect(await world.identity.findPresence(tokens.access_token)).toBeUndefined();
  });

  test('by POST with what is no ID token signs nobody out, and says so', async () => {
    for (const hint of ['x', 'a.b.c', 'e30.e30.x']) {
      const page = await createBrowser(world.baseUrl).send('/oidc/session/end', { id_token_hint: hint });
      expect([page.status, page.text.includes('You were not signed out')]).toEqual([400, true]);
    }
  });

  test('without a partner system ends on a page of our own', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson());
    const done = await confirm(tokens.browser, await tokens.browser.open('/oidc/session/end'));
    expect(done.text).toContain('You are signed out');
    expect((await createBrowser(world.baseUrl).open('/oidc/session/end/success')).status).toBe(200);
  });

  test('ends the session on the server: the old cookie is worth nothing, and a request under way cannot bring it back', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope });
    const stolen = tokens.browser.cookies();
    const uid = sessionOf(tokens);
    const [before] = await world.asOwner(`select id, payload from oidc_payload where model = 'Session' and uid = $1`, [
      uid,
    ]);
    await confirm(tokens.browser, await askToSignOut(tokens));
    const answer = await fetch(
      `${world.issuer}/auth?client_id=${world.partner.clientId}&response_type=code&scope=openid&prompt=none&redirect_uri=${encodeURIComponent(world.partner.redirectUri)}&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256`,
      {
        headers: { cookie: stolen },
        redirect: 'manual',
      },
    );
    expect(answer.headers.get('location')).toContain('error=login_required');
    const store = createSessionStore(createContext(world.ground));
    await expect(store.upsert(String(before?.id), before?.payload as AdapterPayload, 1800)).rejects.toMatchObject({
      code: 'session-ended',
    });
    expect(await store.find(String(before?.id))).toBeUndefined();
  });
});

describe('ending a session from elsewhere', () => {
  test('ends presence at once', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson(), { scope });
    await world.identity.endSession(sessionOf(tokens));
    expect(await world.identity.findPresence(tokens.access_token)).toBeUndefined();
  });
});

describe('a partner system that takes logout notices', () => {
  test('is told which session ended, signed, even on a private address that it registered', async () => {
    const notices: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        notices.push(body);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const partner = await world.addPartner({ backchannelLogoutUri: `http://127.0.0.1:${port}/logout` });
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, partner, person);
    await confirm(tokens.browser, await tokens.browser.open('/oidc/session/end'));
    await new Promise((resolve) => server.close(resolve));
    expect(notices).toHaveLength(1);
    const notice = decodeJwt(new URLSearchParams(notices[0]).get('logout_token') ?? '');
    expect(notice).toMatchObject({
      sub: person.id,
      sid: tokens.claims()?.sid,
      aud: partner.clientId,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
  });
});
