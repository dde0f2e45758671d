import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { endPost } from '../../directory/people/end_post.ts';
import { acceptCredentials } from '../../idp/credentials/accept_credentials.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { aPost, aStaffedAgency, aTeam, gateshead, load, northumbria } from '../support/directory/directory.ts';
import {
  type Answer,
  beginAuthorization,
  createBrowser,
  discover,
  openWorld,
  passSignIn,
  type Person,
  signIn,
  tokenRequest,
  type World,
} from '../support/idp/idp.ts';
import * as client from 'openid-client';

let world: World;
const police = aTeam({ name: 'Response' });
beforeAll(async () => {
  world = await openWorld();
  await load(
    world.ground.log,
    aStaffedAgency([], { code: northumbria, kind: 'police', name: 'Northumbria Police', teams: [police] }),
  );
});
afterAll(() => world.close());

/** Gives somebody a further post in Gateshead. */
async function addPost(person: Person, role = 'team-manager'): Promise<string> {
  const post = aPost({ practitioner: person.id, team: world.team, role, from: 1_704_067_200 });
  await load(world.ground.log, aStaffedAgency([], { teams: [], posts: [post] }));
  return post.id ?? '';
}

async function addPolicePost(person: Person): Promise<string> {
  const post = aPost({ practitioner: person.id, team: police.id, role: 'police-officer' });
  await load(
    world.ground.log,
    aStaffedAgency([], { code: northumbria, kind: 'police', name: 'Northumbria Police', teams: [], posts: [post] }),
  );
  return post.id ?? '';
}

async function signInPage(person: Person): Promise<Answer> {
  const browser = createBrowser(world.baseUrl);
  const { url } = await beginAuthorization(world.issuer, world.partner);
  return passSignIn(browser, await browser.open(url), person);
}

const choices = (page: Answer) => [...page.text.matchAll(/type="radio" value="([^"]+)"/g)].map(([, id]) => id);

describe('choosing the post to act in', () => {
  test('somebody with two posts chooses one, and only that one is told to the partner system', async () => {
    const person = await world.addPerson();
    const manager = await addPost(person);
    const page = await signInPage(person);
    expect(choices(page)).toHaveLength(2);
    expect(page.text).toContain('Team manager, Gateshead Council');
    const other = await world.addPerson();
    const chosen = await addPost(other);
    const tokens = await signIn(world.issuer, world.partner, other, { post: chosen });
    expect(tokens.claims()).toMatchObject({ post: chosen, role: 'team-manager' });
    expect(JSON.stringify(tokens.claims())).not.toContain('social-worker');
    expect(manager).not.toBe(chosen);
  });

  test('nothing chosen, and a post of somebody else, are refused in words', async () => {
    const person = await world.addPerson();
    await addPost(person);
    const foreign = await addPost(await world.addPerson());
    const browser = createBrowser(world.baseUrl);
    const { url } = await beginAuthorization(world.issuer, world.partner);
    const page = await passSignIn(browser, await browser.open(url), person);
    const nothing = await browser.submit(page, '/post');
    expect([nothing.status, nothing.text.includes('Choose the post that you are acting in')]).toEqual([422, true]);
    for (const post of [foreign, uuidv7(), "' or 1=1 --"]) {
      const refused = await browser.submit(nothing, '/post', { post });
      expect([refused.status, refused.text.includes('Choose another')]).toEqual([422, true]);
    }
  });

  test('somebody with many posts gets a filter, which works without JavaScript', async () => {
    const person = await world.addPerson();
    for (const role of ['team-manager', 'housing-officer', 'youth-worker', 'care-navigator', 'senior-social-worker']) {
      await addPost(person, role);
    }
    for (let more = 0; more < 3; more += 1) await addPost(person, 'family-support-worker');
    const browser = createBrowser(world.baseUrl);
    const { url } = await beginAuthorization(world.issuer, world.partner);
    const page = await passSignIn(browser, await browser.open(url), person);
    expect(choices(page)).toHaveLength(9);
    const some = await browser.open(`${page.url}?filter=housing%20gateshead`);
    expect(choices(some)).toHaveLength(1);
    const none = await browser.open(`${page.url}?filter=${encodeURIComponent('"><b>nobody')}`);
    expect(none.text).toContain('No post fits those words');
    expect(none.text).not.toContain('"><b>nobody');
  });

  test('somebody without an active post is told so, and what to do', async () => {
    const person = await world.addPerson();
    await world.asOwner('update post set ends_at = now() where practitioner = $1', [person.id]);
    const page = await signInPage(person);
    expect(page.status).toBe(403);
    expect(page.text).toContain('There is no post that you can act in');
  });

  test('the choice is made for each partner system of a session', async () => {
    const person = await world.addPerson();
    const manager = await addPost(person);
    const other = await world.addPartner();
    const first = await signIn(world.issuer, world.partner, person, { post: manager });
    const page = await first.browser.open((await beginAuthorization(world.issuer, other)).url);
    const social = choices(page).find((id) => id !== manager) ?? '';
    const second = await signIn(world.issuer, other, person, { browser: first.browser, post: social });
    expect([first.claims()?.post, second.claims()?.post]).toEqual([manager, social]);
  });
});

describe('whose credential', () => {
  test('a post in an agency that did not vouch for the sign-in cannot be chosen until that agency accepts it by name', async () => {
    const person = await world.addPerson();
    const officer = await addPolicePost(person);
    const before = await signIn(world.issuer, world.partner, person);
    expect(before.claims()?.role).toBe('social-worker');
    await acceptCredentials(world.ground.log, { agency: northumbria, service: 'tests' }, { vouchedBy: gateshead });
    const after = await signIn(world.issuer, world.partner, person, { post: officer, now: Date.now() / 1000 + 30 });
    expect(after.claims()).toMatchObject({ role: 'police-officer', agency: { id: northumbria } });
    await world.asOwner('delete from credential_acceptance');
  });
});

describe('changing the post', () => {
  test('prompt=select_post shows the choice again; another post ends the tokens of the one before', async () => {
    const person = await world.addPerson();
    const manager = await addPost(person);
    const scope = 'openid post decisions';
    const before = await signIn(world.issuer, world.partner, person, { post: manager, scope });
    expect(await world.identity.findPresence(before.access_token)).toMatchObject({ post: manager });

    const request = await beginAuthorization(world.issuer, world.partner, {
      scope,
      parameters: { prompt: 'select_post' },
    });
    const page = await before.browser.open(request.url);
    const social = choices(page).find((id) => id !== manager) ?? '';
    const done = await before.browser.submit(page, '/post', { post: social });
    const after = await request.redeem(done.location ?? '');
    expect(await world.identity.findPresence(after.access_token)).toMatchObject({ post: social });
    expect(await world.identity.findPresence(before.access_token)).toBeUndefined();
    const refreshed = await tokenRequest(world.issuer, world.partner, {
      grant_type: 'refresh_token',
      refresh_token: before.refresh_token ?? '',
    });
    expect(refreshed.status).toBe(400);
  });

  test('the same post again keeps the tokens', async () => {
    const person = await world.addPerson();
    const manager = await addPost(person);
    const scope = 'openid post decisions';
    const before = await signIn(world.issuer, world.partner, person, { post: manager, scope });
    const request = await beginAuthorization(world.issuer, world.partner, {
      scope,
      parameters: { prompt: 'select_post' },
    });
    const done = await before.browser.submit(await before.browser.open(request.url), '/post', { post: manager });
    await request.redeem(done.location ?? '');
    expect(await world.identity.findPresence(before.access_token)).toBeDefined();
  });
});

describe('a post that ends', () => {
  test('ends tokens, refresh tokens and presence at once, while the session goes on to the other post', async () => {
    const person = await world.addPerson();
    const manager = await addPost(person);
    const tokens = await signIn(world.issuer, world.partner, person, { post: manager, scope: 'openid post decisions' });
    const plain = await world.addPartner();
    const simple = await signIn(world.issuer, plain, person, { browser: tokens.browser, post: manager });
    const configuration = await discover(world.issuer, plain);
    expect(await client.fetchUserInfo(configuration, simple.access_token, person.id)).toMatchObject({ post: manager });

    await endPost(world.ground.log, { agency: gateshead, service: 'tests' }, { post: manager, reason: 'moved' });

    expect(await world.identity.findPresence(tokens.access_token)).toBeUndefined();
    await expect(client.fetchUserInfo(configuration, simple.access_token, person.id)).rejects.toThrow();
    const refreshed = await tokenRequest(world.issuer, world.partner, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });
    expect([refreshed.status, refreshed.body.error]).toEqual([400, 'invalid_grant']);
    const again = await signIn(world.issuer, world.partner, person, { browser: tokens.browser });
    expect(again.claims()?.role).toBe('social-worker');
    expect(decodeJwt(again.id_token ?? '').sid).toBe(decodeJwt(tokens.id_token ?? '').sid);
  });
});
