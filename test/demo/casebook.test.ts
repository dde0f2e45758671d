import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createAttempts } from '../../demo/casebook/attempts.ts';
import { listCases } from '../../demo/casebook/cases.ts';
import { startCasebook, type Casebook } from '../../demo/casebook/casebook.ts';
import { localPath } from '../../demo/casebook/sign_in.ts';
import {
  clientId,
  clientSecret,
  listenLocally,
  openBrowser,
  permit,
  refusal,
  signIn,
  type StandIn,
  startStandIn,
  stop,
} from '../support/application/casebook.ts';

let standIn: StandIn;
let casebook: Casebook;
let now = Date.now() / 1000;
const said: string[] = [];

beforeAll(async () => {
  // The stand-in's library tells at length that it is set up for trying out.
  for (const kind of ['info', 'warn'] as const) jest.spyOn(console, kind).mockImplementation(() => undefined);
  const server = createServer();
  const url = await listenLocally(server, '127.0.0.1');
  standIn = await startStandIn(url);
  casebook = await startCasebook({
    server,
    wayleave: standIn.url,
    issuer: standIn.issuer,
    clientId,
    clientSecret,
    clock: () => now,
    timeout: 30_000, // nothing is slow on purpose here
    say: (line) => void said.push(line),
  });
});
afterAll(async () => {
  await casebook.close();
  await standIn.close();
  jest.restoreAllMocks();
});
beforeEach(() => {
  standIn.answer = { status: 200, document: permit };
  standIn.asked.length = 0;
  now = Date.now() / 1000;
});

const record = '/cases/GC-1001?purpose=safeguarding-children';

describe('signing in at Casebook', () => {
  test('leads back to the page that was asked for, as the person in their post', async () => {
    const page = await signIn(openBrowser(), `${casebook.url}/cases`);
    expect(page.url).toBe(`${casebook.url}/cases`);
    expect(page.text).toContain('Grace &lt;b&gt;O’Neill&lt;/b&gt;');
    expect(page.text).toContain('Health visitor, Gateshead Health NHS Foundation Trust');
  });

  test('shows references on the list of cases and nothing of anybody', async () => {
    const page = await signIn(openBrowser(), `${casebook.url}/cases`);
    for (const { reference, values } of listCases(now)) {
      expect(page.text).toContain(reference);
      for (const value of Object.values(values)) if (value.length > 12) expect(page.text).not.toContain(value);
    }
    expect(standIn.asked).toHaveLength(0);
  });

  test('sets a cookie that scripts cannot read and that holds no token', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}/cases`);
    expect(browser.cookies(new URL(casebook.url).host).get('casebook_session')).toMatch(/^[\w-]{43}$/);
    const { headers } = await openBrowser().visit(`${casebook.url}/sign-in`);
    expect(headers.get('set-cookie')).toMatch(
      /^casebook_attempt=[\w-]+\.\.[\w-]{16}\.[\w-]{100,}\.[\w-]{22}; path=\/; samesite=lax; httponly$/,
    );
  });

  test('refuses a code that comes back to another browser, and one that comes back twice', async () => {
    const mine = openBrowser();
    const away = await mine.visit(`${casebook.url}/sign-in`);
    const state = new URL(away.headers.get('location')!).searchParams.get('state');
    const stranger = await openBrowser().visit(`${casebook.url}/callback?code=abc&state=${state}`);
    expect(stranger.status).toBe(400);
    expect(stranger.text).toContain('not begun in this browser');
    const wrongState = await mine.visit(`${casebook.url}/callback?code=abc&state=other`);
    expect(wrongState.status).toBe(400);
    const again = await mine.visit(`${casebook.url}/callback?code=abc&state=${state}`);
    expect(again.status).toBe(400);
    expect((await mine.visit(`${casebook.url}/cases`)).status).toBe(302);
  });

  test('that is under way is lost to nobody, however many others begin one, and is taken by its own browser for a while', async () => {
    let at = now;
    const attempts = createAttempts(() => at);
    const mine = { state: 's', nonce: 'n', verifier: 'v', returnTo: '/cases', startedAt: now };
    const sealed = await attempts.seal(mine);
    for (let other = 0; other < 10_001; other += 1) await attempts.seal({ ...mine, state: String(other) });
    expect(await attempts.open(sealed)).toEqual(mine);
    expect(await createAttempts(() => at).open(sealed)).toBeUndefined();
    for (const forged of [undefined, '', 'x', `${sealed}x`, sealed.slice(0, -1)]) {
      expect(await attempts.open(forged)).toBeUndefined();
    }
    at += 15 * 60;
    expect(await attempts.open(sealed)).toBeUndefined();
  });

  test('goes to paths of Casebook only', () => {
    expect(localPath('/cases/GC-1001?purpose=early-help')).toBe('/cases/GC-1001?purpose=early-help');
    for (const elsewhere of [
      '/.//evil.example',
      'https://evil.example/',
      '//evil.example/x',
      '/\\evil.example',
      'cases',
      undefined,
      ['/a'],
    ]) {
      expect(localPath(elsewhere)).toBe('/cases');
    }
  });
});

describe('opening a record', () => {
  test('asks for a purpose before it asks for a decision', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}/cases`);
    const page = await browser.visit(`${casebook.url}/cases/GC-1001`);
    expect(page.text).toContain('What do you need it for?');
    const unknown = await browser.visit(`${casebook.url}/cases/GC-1001?purpose=nosiness`);
    expect(unknown.text).toContain('What do you need it for?');
    expect(standIn.asked).toHaveLength(0);
    for (const { text } of [page, unknown]) expect(text).not.toContain('Maisie');
  });

  test('asks with a token of its own and the token of the person’s sign-in', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}${record}`);
    const [question] = standIn.asked;
    expect(question?.authorization).toMatch(/^Bearer .{20,}/);
    expect(question?.body).toMatchObject({
      subject: { type: 'practitioner', id: '01941f29-7c00-7acf-b992-a3426507f1d0' },
      action: { name: 'read' },
      resource: {
        type: 'child-record',
        id: 'GC-1001',
        properties: { agency: 'E08000037', age_years: 4, case_status: 'open', address_protected: false },
      },
      context: { purpose: 'safeguarding-children' },
    });
    const userToken = question?.body.context.user_token ?? '';
    expect(await standIn.provider.AccessToken.find(userToken)).toBeDefined();
    expect(question?.authorization).not.toContain(userToken);
  });

  test('shows the fields of the answer and no other, with duties, clauses and the way to the decision', async () => {
    const page = await signIn(openBrowser(), `${casebook.url}${record}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Maisie Robson');
    expect(page.text).toContain('Asthma');
    const given = new Set(['name', 'health_needs']);
    for (const [field, value] of Object.entries(listCases(now)[0]!.values)) {
      if (!given.has(field)) expect(page.text).not.toContain(value);
    }
    expect(page.text).toContain('Tell the allocated worker today.');
    expect(page.text).toContain('No clause gives this field to this role for this purpose.');
    expect(page.text).toContain(`${standIn.url}/protocols/safeguarding-children/1`);
    expect(page.text).toContain(`${standIn.url}/decisions/${permit.context.id}`);
    expect(page.text).toContain('0191 498 0999');
    expect(page.text).toContain('is not “you may not share”');
  });

  test('shows nothing when the answer is no, whatever fields stand beside it', async () => {
    standIn.answer.document = { ...refusal, context: { ...refusal.context, fields: ['name', 'address'] } };
    const page = await signIn(openBrowser(), `${casebook.url}${record}`);
    expect(page.text).toContain('Nothing is shown');
    expect(page.text).toContain('No confirmed involvement is recorded.');
    expect(page.text).toContain('In an emergency this can be overridden');
    expect(page.text).toContain('0191 498 0999');
    for (const value of Object.values(listCases(now)[0]!.values))
      if (value.length > 12) expect(page.text).not.toContain(value);
  });

  test('asks again each time: an answer is for one use', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}${record}`);
    const page = await browser.visit(`${casebook.url}${record}`);
    expect(standIn.asked).toHaveLength(2);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('renews its own token once when it is refused', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}/cases`);
    standIn.answer.status = 401;
    const page = await browser.visit(`${casebook.url}${record}`);
    expect(standIn.asked).toHaveLength(2);
    expect(new Set(standIn.asked.map(({ authorization }) => authorization)).size).toBe(2);
    expect(page.status).toBe(503);
  });

  test.each([
    ['Wayleave says that it is not available', 503, {}],
    ['Wayleave fails', 500, 'oops'],
    ['the answer cannot be read', 200, { decision: 'yes', context: {} }],
    ['the answer is empty', 200, ''],
  ])('shows nothing but the duty desk when %s', async (_what, status, document) => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}/cases`);
    standIn.answer = { status, document };
    const page = await browser.visit(`${casebook.url}${record}`);
    expect(page.status).toBe(503);
    expect(page.text).toContain('Casebook cannot ask Wayleave at the moment');
    expect(page.text).toContain('is not “you may not share”');
    expect(page.text).toContain('0191 498 0522');
    expect(page.text).not.toContain('Maisie');
    expect(said.join('\n')).not.toContain('Maisie');
  });

  test('signs in again by itself when the person’s token has run out', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}/cases`);
    now += 295;
    const page = await browser.follow(`${casebook.url}${record}`);
    expect(page.url).toBe(`${casebook.url}${record}`);
    expect(page.text).toContain('Maisie Robson');
  });

  test('knows no other case', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}/cases`);
    for (const reference of ['GC-9999', 'gc-1001', '..%2f..%2fetc', '%00']) {
      expect((await browser.visit(`${casebook.url}/cases/${reference}`)).status).toBe(404);
    }
  });
});

describe('signing out of Casebook', () => {
  const token = (text: string) => /name="form_token" value="([^"]+)"/.exec(text)![1]!;

  test('ends the session here and goes on to Wayleave', async () => {
    const browser = openBrowser();
    const page = await signIn(browser, `${casebook.url}/cases`);
    const out = await browser.visit(`${casebook.url}/sign-out`, {
      method: 'POST',
      body: new URLSearchParams({ form_token: token(page.text) }),
    });
    expect(out.status).toBe(303);
    const there = new URL(out.headers.get('location')!);
    expect(there.origin).toBe(standIn.url);
    expect(there.searchParams.get('post_logout_redirect_uri')).toBe(`${casebook.url}/signed-out`);
    expect([...there.searchParams.keys()].sort()).toEqual(['client_id', 'post_logout_redirect_uri']);
    expect((await browser.visit(`${casebook.url}/cases`)).status).toBe(302);
  });

  test('needs the token of the page: another site’s form does nothing', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}/cases`);
    for (const fields of [{}, { form_token: 'x' }]) {
      const out = await browser.visit(`${casebook.url}/sign-out`, {
        method: 'POST',
        body: new URLSearchParams(fields),
      });
      expect(out.status).toBe(403);
    }
    expect((await browser.visit(`${casebook.url}/cases`)).status).toBe(200);
    expect((await browser.visit(`${casebook.url}/sign-out`)).status).toBe(404);
  });

  test('happens at once when Wayleave says that the sign-in has ended', async () => {
    const browser = openBrowser();
    const page = await signIn(browser, `${casebook.url}/cases`);
    const other = openBrowser();
    await signIn(other, `${casebook.url}/cases`);
    const away = await browser.visit(`${casebook.url}/sign-out`, {
      method: 'POST',
      body: new URLSearchParams({ form_token: token(page.text) }),
    });
    // Signed in again here, then signed out at the provider: it tells Casebook by itself.
    await signIn(browser, `${casebook.url}/cases`);
    const confirm = await browser.follow(away.headers.get('location')!);
    const action = /action="([^"]+)"/.exec(confirm.text)![1]!;
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(confirm.text)![1]!;
    await browser.visit(action, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) });
    expect((await browser.visit(`${casebook.url}/cases`)).status).toBe(302);
    expect((await other.visit(`${casebook.url}/cases`)).status).toBe(200);
  });

  test('is not brought about by a token that is not a logout token', async () => {
    const browser = openBrowser();
    await signIn(browser, `${casebook.url}${record}`);
    const { body } = standIn.asked[0]!;
    const away = await browser.visit(`${casebook.url}/sign-in?return=/cases`);
    const idToken = await latestIdToken(browser, away.headers.get('location')!);
    for (const logoutToken of ['', 'x.y.z', body.context.user_token as string, idToken]) {
      const answer = await openBrowser().visit(`${casebook.url}/backchannel-logout`, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: logoutToken }),
      });
      expect(answer.status).toBe(400);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect((await browser.visit(`${casebook.url}/cases`)).status).toBe(200);
  });

  async function latestIdToken(browser: ReturnType<typeof openBrowser>, start: string): Promise<string> {
    const page = await browser.follow(start);
    const out = await browser.visit(`${casebook.url}/sign-out`, {
      method: 'POST',
      body: new URLSearchParams({ form_token: token(page.text) }),
    });
    const hint = new URL(out.headers.get('location')!).searchParams.get('id_token_hint')!;
    await signIn(browser, `${casebook.url}/cases`);
    return hint;
  }
});

describe('Casebook’s pages', () => {
  test('run no script, cannot be framed, and let forms end at Wayleave only', async () => {
    const { headers } = await openBrowser().visit(casebook.url);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('script-src');
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`form-action 'self' ${standIn.url}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('use neither the typeface nor the crown that only gov.uk may carry', async () => {
    const page = await openBrowser().visit(casebook.url);
    const css = await openBrowser().visit(`${casebook.url}${/\/static\/[^"]+govuk\.css/.exec(page.text)![0]}`);
    expect(css.status).toBe(200);
    expect(css.text.length).toBeGreaterThan(50_000);
    expect(css.text).not.toMatch(/@font-face|GDS Transport|crest/);
  });

  test('answer under their own address only', async () => {
    const { port } = new URL(casebook.url);
    expect(
      (
        await openBrowser()
          .visit(`http://localhost:${port}/`)
          .catch(() => ({ status: 421 }))
      ).status,
    ).toBe(421);
  });

  test('say in words what does not exist', async () => {
    const page = await openBrowser().visit(`${casebook.url}/nothing-here`);
    expect(page.status).toBe(404);
    expect(page.text).toContain('There is no such page');
  });

  test('come with the duty desk while Wayleave is not there at all', async () => {
    const server = createServer();
    const nobody = await listenLocally(server, '127.0.0.1');
    await stop(server);
    const alone = await startCasebook({ port: 0, wayleave: nobody, issuer: `${nobody}/oidc`, clientId, clientSecret });
    const page = await openBrowser().visit(`${alone.url}/cases`);
    expect(page.status).toBe(503);
    expect(page.text).toContain('0191 498 0522');
    await alone.close();
  });
});
