import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startCasebook, type Casebook } from '../../demo/casebook/casebook.ts';
import { createSessions, type SignedIn } from '../../demo/casebook/sessions.ts';
import {
  type Browser,
  clientId,
  clientSecret,
  listenLocally,
  openBrowser,
  type Page,
  permit,
  refusal,
  signIn,
  type StandIn,
  startStandIn,
} from '../support/application/casebook.ts';

let standIn: StandIn;
let casebook: Casebook;
let now = Date.now() / 1000;

beforeAll(async () => {
  for (const kind of ['info', 'warn'] as const) jest.spyOn(console, kind).mockImplementation(() => undefined);
  const server = createServer();
  standIn = await startStandIn(await listenLocally(server, '127.0.0.1'));
  const { url: wayleave, issuer } = standIn;
  casebook = await startCasebook({ server, wayleave, issuer, clientId, clientSecret, clock: () => now });
});
afterAll(async () => {
  await casebook.close();
  await standIn.close();
  jest.restoreAllMocks();
});
beforeEach(() => {
  standIn.answer = { status: 200, document: offering };
  standIn.asked.length = 0;
  standIn.acknowledged.length = 0;
  now = Date.now() / 1000;
});

const offer = { grounds: ['vital-interests'], fields: ['name', 'address'], minutes: 30 };
const [missing] = refusal.context.missing;
const offering = { ...refusal, context: { ...refusal.context, missing: [{ ...missing, override: offer }] } };
const review = '01941f29-7c00-7acf-b992-000000000001';
const opened = (until = Math.floor(now) + 1_800) => ({
  ...permit,
  context: {
    ...permit.context,
    reason: { code: 'permitted-by-override', text: 'Given.' },
    // Another clause would open more: sent again, the form must not use it.
    missing: offering.context.missing,
    override: { review, until },
  },
});
const reason = 'The mother rang: nobody has seen her since Tuesday.';
const record = '/cases/GC-1001?purpose=safeguarding-children';
const emergency = '/cases/GC-1001/emergency?purpose=safeguarding-children';
const token = (page: Page): string => /name="form_token" value="([^"]+)"/.exec(page.text)![1]!;
const overrides = (): unknown[] => standIn.asked.map(({ body }) => (body.context as { override?: unknown }).override);

async function refused(browser: Browser): Promise<Page> {
  const page = await signIn(browser, `${casebook.url}${record}`);
  expect(page.status).toBe(403);
  return page;
}

/** Sends the form of the page, without following where it leads. */
async function send(browser: Browser, page: Page, fields: Record<string, string>): Promise<Page> {
  const body = new URLSearchParams({ form_token: token(page), ...fields });
  return browser.visit(`${casebook.url}${emergency}`, { method: 'POST', body });
}
const stated = { ground: 'vital-interests', reason };

describe('opening a record in an emergency', () => {
  test('is offered where Wayleave offers it, and nowhere else', async () => {
    const browser = openBrowser();
    const page = await refused(browser);
    expect(page.text).toContain(`href="${emergency.replaceAll('&', '&amp;')}"`);
    const form = await browser.visit(`${casebook.url}${emergency}`);
    expect(form.text).toMatch(/Name.*Address.*An officer there reads your reason/s);
    expect(form.text).not.toContain('Prevention of serious crime');
    for (const other of [
      '/cases/GC-1001/emergency?purpose=early-help',
      '/cases/GC-1002/emergency?purpose=early-help',
    ]) {
      const { status, headers } = await browser.visit(`${casebook.url}${other}`);
      expect([status, headers.get('location')]).toEqual([303, other.replace('/emergency', '')]);
    }
    expect((await browser.visit(`${casebook.url}/cases/GC-9999/emergency`)).status).toBe(404);
  });

  test('needs the token of its page, a ground that is offered, and a reason; what was typed stays', async () => {
    const browser = openBrowser();
    const page = await refused(browser);
    standIn.asked.length = 0;
    expect((await send(browser, page, { ...stated, form_token: 'x' })).status).toBe(403);
    for (const wrong of [
      { ground: 'prevention-of-serious-crime', reason },
      { ...stated, reason: '  short  ' },
    ]) {
      const again = await send(browser, page, wrong);
      expect(again.status).toBe(400);
      expect(again.text).toContain('There is a problem');
      expect(again.text).toContain(wrong.reason.trim());
    }
    expect((await send(browser, page, { ...stated, reason: 'x'.repeat(2_001) })).status).toBe(400);
    expect(standIn.asked).toHaveLength(0);
  });

  test('asks once with ground and reason, and within its minutes with the review; sent again it opens no second', async () => {
    const browser = openBrowser();
    const page = await refused(browser);
    standIn.asked.length = 0;
    standIn.answer.document = opened();
    const shown = await send(browser, page, stated);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('Opened in an emergency');
    expect(shown.text).toContain('Maisie Robson');
    const again = await send(browser, page, stated);
    expect([again.status, again.headers.get('location')]).toEqual([303, record]);
    await browser.visit(`${casebook.url}${record}`);
    expect(overrides()).toEqual([stated, { review }]);
  });

  test('goes on under the review until its time, and not when Wayleave says that it is over', async () => {
    const browser = openBrowser();
    const page = await refused(browser);
    standIn.answer.document = opened(Math.floor(now) + 20);
    expect((await send(browser, page, stated)).status).toBe(200);
    now += 21;
    await browser.visit(`${casebook.url}${record}`);
    expect(overrides().at(-1)).toBeUndefined();
    now -= 21;
    await browser.visit(`${casebook.url}${record}`);
    expect(overrides().at(-1)).toEqual({ review });
    standIn.answer.document = offering;
    expect((await browser.visit(`${casebook.url}${record}`)).text).not.toContain('Maisie');
    await browser.visit(`${casebook.url}${record}`);
    expect(overrides().at(-1)).toBeUndefined();
  });

  test('shows nothing, and says why, when Wayleave does not take it', async () => {
    const browser = openBrowser();
    const page = await refused(browser);
    const text = 'The override asked for was not used: the ground stated is none of those that the clause takes.';
    standIn.answer.document = {
      ...offering,
      context: { ...offering.context, withheld: [], reason: { code: 'x', text } },
    };
    const shown = await send(browser, page, stated);
    expect(shown.text).toContain(text);
    expect(shown.text).not.toContain('Maisie');
    standIn.answer = { status: 503, document: {} };
    expect((await send(browser, page, stated)).status).toBe(503);
  });

  test('asks to sign in afresh after a minute', async () => {
    const browser = openBrowser();
    const page = await refused(browser);
    standIn.asked.length = 0;
    now += 60;
    const form = await browser.visit(`${casebook.url}${emergency}`);
    expect(form.text).toContain('Sign in again and go on');
    const away = await send(browser, page, stated);
    const there = new URL(away.headers.get('location')!);
    expect([away.status, there.searchParams.get('prompt'), there.searchParams.get('max_age')]).toEqual([
      303,
      'login',
      '60',
    ]);
    expect(standIn.asked).toHaveLength(0);
    now = Date.now() / 1000;
    const back = await signIn(browser, there.href);
    expect(back.url).toBe(`${casebook.url}${emergency}`);
    expect(back.text).toContain(reason);
    expect(back.text).toMatch(/value="vital-interests"[^>]* checked/);
  });
});

describe('a duty', () => {
  test('is told to Wayleave once, and only by the person before whom it stands', async () => {
    standIn.answer.document = permit;
    const [browser, other] = [openBrowser(), openBrowser()];
    const page = await signIn(browser, `${casebook.url}${record}`);
    expect(page.text).toContain('Tell the allocated worker today.');
    const done = { decision: permit.context.id, obligation: 'tell-worker' };
    const press = (who: Browser, from: Page, fields: object) =>
      who.send(`${casebook.url}/duties`, { form_token: token(from), ...fields });
    standIn.answer.document = offering;
    expect((await press(other, await refused(other), done)).status).toBe(404);
    expect((await press(browser, page, { ...done, obligation: 'x' })).status).toBe(404);
    expect((await press(browser, page, { ...done, form_token: 'x' })).status).toBe(403);
    expect(standIn.acknowledged).toEqual([]);
    expect((await press(browser, page, done)).text).toContain('Nothing is left to do.');
    await press(browser, page, done);
    expect(standIn.acknowledged).toEqual([permit.context.id]);
  });
});

describe('what somebody was in the middle of', () => {
  test('goes on after a new sign-in of the same person, and is forgotten at anybody else’s', () => {
    const sessions = createSessions(() => now);
    const somebody = (subject: string) => ({ subject, startedAt: now }) as SignedIn;
    const first = sessions.start(somebody('grace'));
    first.emergencies.set('GC-1001 x', { typed: stated });
    expect(sessions.start(somebody('grace'), first).emergencies.get('GC-1001 x')?.typed).toEqual(stated);
    const other = sessions.start(somebody('callum'), first);
    expect([other.emergencies.size, other.duties]).toEqual([0, []]);
  });
});
