import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { suspendPractitioner } from '../../directory/people/suspend_practitioner.ts';
import { createFetch } from '../../idp/provider/outgoing.ts';
import { startWorker } from '../../platform/jobs/worker.ts';
import { listEntries } from '../../platform/log/read.ts';
import { gateshead } from '../support/directory/directory.ts';
import { beginAuthorization, openWorld, signIn, tokenRequest, type World } from '../support/idp/idp.ts';
import { memoryLogger, waitFor } from '../support/platform/web.ts';

let ahead = 0;
const clock = () => Date.now() / 1000 + ahead;
let world: World;
beforeAll(async () => {
  world = await openWorld(clock);
});
afterEach(() => {
  ahead = 0;
});
afterAll(() => world.close());

const minutes = 60;
const scope = 'openid post decisions';
type Tokens = Awaited<ReturnType<typeof signIn>>;
const sessionOf = (tokens: Tokens) => tokens.claims()?.sid as string;

const asksToSignIn = async (tokens: Tokens): Promise<boolean> => {
  const { url } = await beginAuthorization(world.issuer, world.partner, { scope });
  return (await tokens.browser.open(url)).text.includes('Work e-mail address');
};
const refresh = (token: string | undefined) =>
  tokenRequest(world.issuer, world.partner, { grant_type: 'refresh_token', refresh_token: token ?? '' });

describe('a session', () => {
  test('ends after 30 minutes without use, and its refresh tokens with it', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson(), { scope });
    ahead = 29 * minutes;
    expect(await asksToSignIn(tokens)).toBe(false);
    ahead = 58 * minutes;
    expect(await asksToSignIn(tokens)).toBe(false);
    ahead = 89 * minutes;
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
    expect(await world.identity.continueSession(sessionOf(tokens))).toBe(false);
    expect(await asksToSignIn(tokens)).toBe(true);
  });

  test('goes on while a partner system renews its tokens or the web application is used, but for 12 hours at most', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson(), { scope });
    let token = tokens.refresh_token;
    for (ahead = 25 * minutes; ahead < 12 * 60 * minutes; ahead += 50 * minutes) {
      const { status, body } = await refresh(token);
      expect([ahead, status]).toEqual([ahead, 200]);
      token = body.refresh_token as string;
      const now = ahead;
      ahead = now + 25 * minutes;
      expect([ahead, await world.identity.continueSession(sessionOf(tokens))]).toEqual([
        ahead,
        ahead < 12 * 60 * minutes,
      ]);
      ahead = now;
    }
    ahead = 12 * 60 * minutes + 1;
    expect((await refresh(token)).status).toBe(400);
    expect(await world.identity.continueSession(sessionOf(tokens))).toBe(false);
    expect(await asksToSignIn(tokens)).toBe(true);
  });

  test('that nobody began does not go on', async () => {
    for (const uid of ['', 'nobody', "' or 1=1 --"]) expect(await world.identity.continueSession(uid)).toBe(false);
  });
});

describe('a presence', () => {
  test('ends with its token after five minutes', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson(), { scope });
    ahead = 4.9 * minutes;
    expect(await world.identity.findPresence(tokens.access_token)).toBeDefined();
    ahead = 5.1 * minutes;
    expect(await world.identity.findPresence(tokens.access_token)).toBeUndefined();
  });
});

describe('a code', () => {
  test('is worth nothing after a minute', async () => {
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, world.partner, person, { scope });
    const request = await beginAuthorization(world.issuer, world.partner, { scope });
    const { location } = await tokens.browser.open(request.url);
    ahead = 61;
    await expect(request.redeem(location ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('when the directory says that somebody is suspended', () => {
  let server: Server;
  const notices: string[] = [];
  let refuse = 1;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        refuse -= 1;
        if (refuse < 0) notices.push(body);
        response.statusCode = refuse < 0 ? 200 : 500;
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  test('their sessions end without being asked for, and partner systems are told until they have heard it', async () => {
    const { port } = server.address() as AddressInfo;
    const partner = await world.addPartner({ backchannelLogoutUri: `http://127.0.0.1:${port}/logout` });
    const person = await world.addPerson();
    const tokens = await signIn(world.issuer, partner, person, { scope });
    await signIn(world.issuer, world.partner, person, { scope, browser: tokens.browser });
    const worker = await startWorker({
      url: world.database.url,
      tasks: world.identity.tasks,
      logger: memoryLogger().logger,
    });
    await suspendPractitioner(
      world.ground.log,
      { agency: gateshead, service: 'tests' },
      { practitioner: person.id, reason: 'test' },
    );
    await waitFor(() => notices.length > 0, 20_000);
    await worker.stop();
    expect(notices).toHaveLength(1);
    const notice = decodeJwt(new URLSearchParams(notices[0]).get('logout_token') ?? '');
    expect(notice).toMatchObject({ sub: person.id, sid: sessionOf(tokens), aud: partner.clientId });
    const { entries } = await listEntries(world.database.db, { reading: 'audit' }, { subject: person.id });
    const ended = entries.filter(({ event }) => event === 'sign-out');
    expect(ended).toHaveLength(1);
    expect(ended[0]?.content).toMatchObject({ reason: 'no-longer-active', session: sessionOf(tokens) });
  });
});

describe('cleaning', () => {
  test('removes what has run out and nothing else', async () => {
    const tokens = await signIn(world.issuer, world.partner, await world.addPerson(), { scope });
    const count = async () => {
      const [row] = await world.asOwner(
        `select (select count(*) from oidc_payload)::int as payloads, (select count(*) from sign_in)::int as attempts,
                (select count(*) from grant_post)::int as posts, (select count(*) from sign_in_throttle)::int as counters`,
      );
      return row as Record<string, number>;
    };
    await world.identity.tasks['clean-identity']?.({});
    expect(await world.identity.findPresence(tokens.access_token)).toBeDefined();
    expect((await count()).payloads).toBeGreaterThan(0);
    ahead = 40 * 60 * minutes;
    await world.identity.tasks['clean-identity']?.({});
    expect(await count()).toMatchObject({ payloads: 0, attempts: 0, posts: 0 });
  });
});

describe('requests that go out', () => {
  test('lose the guard against private addresses only for the exact address that was registered', async () => {
    const sent: (object | undefined)[] = [];
    const send = createFetch((url) => url === 'http://10.0.0.5/logout', (async (_url: string, options?: object) => {
      sent.push(options);
      return new Response();
    }) as typeof fetch);
    const guard = { dispatcher: 'guard', method: 'POST' } as never;
    for (const url of [
      'http://10.0.0.5/logout',
      'http://10.0.0.5/logout/other',
      'http://10.0.0.5:8080/logout',
      'http://169.254.169.254/',
    ]) {
      await send(url, guard);
    }
    expect(sent.map((options) => options !== undefined && 'dispatcher' in options)).toEqual([false, true, true, true]);
  });
});
