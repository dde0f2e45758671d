import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { postForm, send, serve, type Answer, type Served } from '../../support/platform/web.ts';
import { sampleApp } from './sample.ts';

let served: Served;
let secure: Served;
beforeAll(async () => {
  served = await serve(sampleApp({ baseUrl: 'http://localhost:4000' }));
  secure = await serve(sampleApp({ baseUrl: 'https://wayleave.example' }));
});
afterAll(async () => {
  await served.close();
  await secure.close();
});

const fields = { email: 'jo@agency.example', role: 'teacher' };
type Opened = { token: string; cookie: string; setCookie: string };

async function open(headers: Record<string, string> = {}, on = served): Promise<Opened> {
  const answer = await send(`${on.url}/sample`, { headers });
  const setCookie = [answer.headers['set-cookie'] ?? ''].flat()[0] ?? '';
  return {
    token: /name="_csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? '',
    cookie: setCookie.split(';')[0] ?? '',
    setCookie,
  };
}

const post = (token: string | undefined, headers: Record<string, string>, on = served): Promise<Answer> =>
  postForm(`${on.url}/sample`, token === undefined ? fields : { ...fields, _csrf: token }, headers);

describe('a form', () => {
  test('with its token, its cookie and its own origin is taken', async () => {
    const { token, cookie } = await open();
    for (const headers of [{}, { Origin: 'http://localhost:4000' }, { 'Sec-Fetch-Site': 'same-origin' }]) {
      const answer = await post(token, { Cookie: cookie, ...(headers as Record<string, string>) });
      expect(answer.status).toBe(302);
      expect(answer.headers.location).toBe('/done');
    }
  });

  test('open in two tabs is taken from both', async () => {
    const { token, cookie } = await open();
    const second = await send(`${served.url}/sample`, { headers: { Cookie: cookie } });
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.text).toContain(token);
  });

  test.each([
    ['no token', () => ({ token: undefined })],
    ['an empty token', () => ({ token: '' })],
    ['no cookie', () => ({ cookie: '' })],
    ['a forged pair of cookie and token', () => ({ token: 'evil.evil', cookie: 'wayleave-csrf=evil.evil' })],
    [
      'a token changed in one character',
      (real: Opened) => ({ token: `${real.token.slice(0, -1)}${real.token.endsWith('A') ? 'B' : 'A'}` }),
    ],
    ['a pair without a signature', () => ({ token: 'abc.', cookie: 'wayleave-csrf=abc.' })],
  ])('with %s is refused, in words', async (_what, change) => {
    const real = await open();
    const { token, cookie } = { ...real, ...(change(real) as Partial<Opened>) };
    const answer = await post(token, { Cookie: cookie, Accept: 'text/html' });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('This form is too old');
    expect(answer.text).toContain('Nothing was changed');
  });

  test('with the token of somebody else, planted with its cookie, is refused in my session', async () => {
    const attacker = await open({ 'X-Session': 'attacker' });
    const answer = await post(attacker.token, { Cookie: attacker.cookie, 'X-Session': 'victim' });
    expect(answer.status).toBe(403);
    expect((await post(attacker.token, { Cookie: attacker.cookie, 'X-Session': 'attacker' })).status).toBe(302);
  });

  test('of before sign-in is not good after it', async () => {
    const before = await open();
    expect((await post(before.token, { Cookie: before.cookie, 'X-Session': 'mine' })).status).toBe(403);
  });

  test.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ 'Sec-Fetch-Site': 'none' }],
    [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost:4000' }],
    [{ Origin: 'http://127.0.0.1:4001' }],
    [{ Origin: 'http://localhost:4001' }],
    [{ Origin: 'null' }],
    [{ Origin: 'http://localhost:4000.evil.example' }],
  ])('that a browser says comes from elsewhere (%j) is refused even with a token', async (headers) => {
    const { token, cookie } = await open();
    const answer = await post(token, { Cookie: cookie, ...(headers as Record<string, string>) });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('cross-site-request');
  });

  test('sent as JSON or text is refused', async () => {
    const { token, cookie } = await open();
    for (const type of ['application/json', 'text/plain']) {
      const body = JSON.stringify({ ...fields, _csrf: token });
      const answer = await send(`${served.url}/sample`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': type, Cookie: cookie },
      });
      expect(answer.status).toBe(415);
    }
  });

  test('with 2 MB in it is 413', async () => {
    const { token, cookie } = await open();
    const answer = await postForm(
      `${served.url}/sample`,
      { ...fields, reason: 'a'.repeat(2_000_000), _csrf: token },
      { Cookie: cookie },
    );
    expect(answer.status).toBe(413);
  });
});

describe('the cookie', () => {
  test('in development has a plain name, and no script can read it', async () => {
    expect((await open()).setCookie).toMatch(/^wayleave-csrf=[^;]+; path=\/; samesite=lax; httponly$/);
  });

  test('over https only this host can have set, also behind a proxy that ends TLS', async () => {
    const opened = await open({}, secure);
    expect(opened.setCookie).toMatch(/^__Host-wayleave-csrf=[^;]+; path=\/; samesite=lax; secure; httponly$/);
    expect(
      (await post(opened.token, { Cookie: opened.cookie, Origin: 'https://wayleave.example' }, secure)).status,
    ).toBe(302);
    const plain = opened.cookie.replace('__Host-', '');
    expect((await post(opened.token, { Cookie: plain }, secure)).status).toBe(403);
  });
});
