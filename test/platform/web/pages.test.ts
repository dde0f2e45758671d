import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { createAssets } from '../../../platform/web/assets.ts';
import { render } from '../../../platform/web/render.ts';
import { createViews } from '../../../platform/web/views.ts';
import { postForm, send, serve, type Served } from '../../support/platform/web.ts';
import { sampleApp } from './sample.ts';

const nasty = '"><script>alert(1)</script>{{ 7777*7777 }}{% raw %}${7777*7777}\'<img src=x onerror=alert(1)>';
let served: Served;

beforeAll(async () => {
  served = await serve(
    sampleApp({}, (router) => {
      router.get('/show', (ctx) =>
        render(ctx, 'error.njk', {
          title: nasty,
          detail: nasty,
          status: 400,
          issues: [{ pointer: nasty, message: nasty }],
          note: undefined,
          layout: {
            account: { name: nasty, post: nasty, links: [{ text: nasty, href: '/sign-out' }] },
            banner: { tag: 'Demo', text: nasty },
          },
        }),
      );
    }),
  );
});
afterAll(() => served.close());

describe('a page', () => {
  test('renders template metacharacters inert, wherever they stand', async () => {
    const { text } = await send(`${served.url}/show`);
    expect(text).not.toMatch(/<script>alert|<img src=x/);
    expect(text).not.toContain('60481729');
    expect(text.match(/&quot;&gt;&lt;script&gt;alert\(1\)/g)?.length).toBeGreaterThanOrEqual(7);
  });

  test('keeps what was typed and says beside each field what is wrong', async () => {
    const first = await send(`${served.url}/sample`);
    const answer = await postForm(
      `${served.url}/sample`,
      { email: nasty, reason: nasty, role: 'teacher', _csrf: token(first.text) },
      cookies(first),
    );
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('<title>Error: A sample – Wayleave</title>');
    expect(answer.text).toContain('<a href="#email">Enter an e-mail address, like jo@agency.example</a>');
    expect(answer.text).toMatch(/id="email-error"[^]*Enter an e-mail address/);
    expect(answer.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)');
    expect(answer.text).toMatch(/<textarea[^>]*>&quot;&gt;&lt;script/);
    expect(answer.text).toContain('<option value="teacher" selected>');
    expect(answer.text).not.toContain('<script>alert');
  });

  test('has no crown, no GOV.UK logo and no GDS typeface', async () => {
    const { text } = await send(`${served.url}/sample`);
    expect(text).not.toMatch(/crown|GOV\.UK|govuk-logo|rebrand/i);
    const [style] = /\/assets\/[^"]*govuk-frontend\.css/.exec(text) ?? [''];
    const css = (await send(served.url, { path: style })).text;
    expect(css).not.toMatch(/GDS Transport|@font-face|crest|\/assets\//);
    expect(css).toContain('font-family:system-ui');
    expect(css.length).toBeGreaterThan(90_000);
  });

  test('allows its one inline script by hash, and has no other inline script, style or handler', async () => {
    const { text, headers } = await send(`${served.url}/sample`);
    const inline = [...text.matchAll(/<script>([^<]*)<\/script>/g)].map(([, script]) => script ?? '');
    expect(inline).toHaveLength(1);
    const digest = createHash('sha256').update(inline[0]!).digest('base64');
    expect(headers['content-security-policy']).toContain(`script-src 'self' 'sha256-${digest}'`);
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=/i);
  });

  test('with a name in its template that nobody gave is an error, not a gap', () => {
    const views = createViews({ assets: createAssets() });
    expect(() =>
      views.render('error.njk', { layout: {}, title: 'x', status: 404, issues: [], requestId: 'r' }),
    ).toThrow(/undefined/);
  });
});

describe('an asset', () => {
  const assets = createAssets();
  const get = (path: string, headers: Record<string, string> = {}) => send(served.url, { path, headers });

  test('is kept for ever, under a name that follows its content', async () => {
    const answer = await get(assets.url('wayleave.css'));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/css; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(assets.url('wayleave.css')).toMatch(/^\/assets\/[0-9a-f]{16}\/wayleave\.css$/);
  });

  test('is sent compressed where the browser can, and is the same', async () => {
    const plain = await get(assets.url('govuk-frontend.js'));
    const response = await fetch(`${served.url}${assets.url('govuk-frontend.js')}`, {
      headers: { 'Accept-Encoding': 'br' },
    });
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(await response.text()).toBe(plain.text);
    const raw = brotliDecompressSync(assets.find(assets.url('govuk-frontend.js'))!.brotli!);
    expect(raw.toString()).toBe(plain.text);
  });

  test('that the browser has already is not sent again', async () => {
    const first = await get(assets.url('wayleave.svg'));
    const again = await get(assets.url('wayleave.svg'), { 'If-None-Match': first.headers.etag as string });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
  });

  test.each([
    '/assets/../package.json',
    '/assets/0000000000000000/wayleave.css',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f..%2f..%2fetc%2fpasswd',
    '/assets//etc/passwd',
    '/assets/',
    '/assets/__proto__/constructor',
    '/assets/x/%00',
    '/assets/%ff',
    '/assets/fonts/light-94a07e06a1-v2.woff2',
  ])('%s does not exist', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/root:|"name"/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('of an unknown name cannot be linked', () => {
    expect(() => assets.url('nothing.css')).toThrow('There is no asset named nothing.css.');
  });
});

function token(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

function cookies(answer: { headers: Record<string, string | string[] | undefined> }): Record<string, string> {
  return {
    Cookie: [answer.headers['set-cookie'] ?? []]
      .flat()
      .map((cookie) => cookie.split(';')[0])
      .join('; '),
  };
}
