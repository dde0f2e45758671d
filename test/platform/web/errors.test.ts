import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PlatformError } from '../../../platform/errors.ts';
import type { ApiOperation } from '../../../platform/web/api.ts';
import { memoryLogger, postJson, send, serve, type Served, testApi, waitFor } from '../../support/platform/web.ts';
import { operations, sampleApp, samplePages } from './sample.ts';

let served: Served;
const { logger, lines } = memoryLogger();
const browser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

beforeAll(async () => {
  const bigint: ApiOperation = {
    method: 'get',
    path: '/bigint',
    summary: 'What JSON cannot hold',
    tag: 'sample',
    responses: {},
    handlers: [(ctx) => void (ctx.body = { n: 1n })],
  };
  const pages = samplePages({ logger }, (router) => {
    router.get('/boom/:id', () => {
      throw new Error('no row for jo.smith@gateshead.example');
    });
    router.get('/pg', () => {
      throw Object.assign(new Error('duplicate key: (email)=(jo@x.example)'), {
        code: '23505',
        severity: 'ERROR',
        constraint: 'one_email',
      });
    });
    router.get('/gone', () => {
      throw new PlatformError(
        'unavailable',
        'database-unavailable',
        'The database cannot be reached. Try again in a moment.',
      );
    });
    router.get('/decision-down', (ctx) => {
      ctx.state.errorNote = {
        heading: 'This is not "you may not share"',
        text: 'If someone may come to serious harm, ring the duty desk now.',
        desk: { name: 'Duty desk, Gateshead', phone: '0191 000 0000', hours: 'day and night' },
      };
      throw new PlatformError('unavailable', 'decision-unavailable', 'No decision can be given at the moment.');
    });
    router.get('/quiet', (ctx) => void (ctx.status = 409));
    router.get('/template', (ctx) => {
      (ctx.state.views as { render(name: string, model: object): string }).render('layout.njk', {});
    });
    router.get('/thrown', (ctx) => ctx.throw(403, 'words for developers'));
  });
  served = await serve(testApi([...operations, bigint], { logger }, pages));
});
afterAll(() => served.close());

const get = (path: string, headers: Record<string, string> = {}) => send(served.url, { path, headers });

describe('an error', () => {
  test('is a page for a browser, with the request id', async () => {
    const answer = await get('/nowhere', browser);
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.text).toContain('<h1 class="govuk-heading-l">Not found</h1>');
    expect(answer.text).toContain(answer.headers['x-request-id']);
  });

  test('is a problem document for everybody else, and on API paths always', async () => {
    const plain = await get('/nowhere', { Accept: '*/*' });
    expect(plain.json()).toEqual({
      type: 'urn:wayleave:problem:not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is nothing at this address.',
      instance: `urn:wayleave:request:${plain.headers['x-request-id'] as string}`,
    });
    for (const path of [
      '/sample/v1/nowhere',
      '/scim/v2/x',
      '/fhir/R4/Nothing',
      '/readyz/x',
      '/agencies/E08000021/jwks',
    ]) {
      expect((await get(path, browser)).headers['content-type']).toBe('application/problem+json');
    }
  });

  test('nobody foresaw tells the caller nothing and the log the place, without the person', async () => {
    const answer = await get('/boom/7');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/row|jo\.smith/);
    const line = lines.find(
      (each) => each.includes('request failed') && each.includes(answer.headers['x-request-id'] as string),
    );
    expect(line).toContain('no row for [e-mail]');
    expect(line).toContain('errors.test.ts');
    expect(line).not.toContain('jo.smith');
  });

  test('of PostgreSQL is logged by code and constraint, never by its quoted values', async () => {
    expect((await get('/pg')).status).toBe(500);
    const line = lines.find((each) => each.includes('23505'));
    expect(line).toContain('one_email');
    expect(lines.join('')).not.toContain('jo@x.example');
  });

  test('of the database being away is 503 with Retry-After', async () => {
    const answer = await get('/gone', browser);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.text).toContain('The database cannot be reached');
    // A commit whose answer was lost may have happened.
    expect(answer.text).not.toContain('Nothing was changed');
    expect(answer.text).toContain('it was done wholly or not at all');
  });

  test('page of a decision carries the note and the duty desk', async () => {
    const page = await get('/decision-down', browser);
    expect(page.text).toContain('This is not &quot;you may not share&quot;');
    expect(page.text).toContain('0191 000 0000');
    const document = (await get('/decision-down')).json() as { note: string };
    expect(document.note).toContain('ring the duty desk');
  });

  test('set as a bare status gets its words', async () => {
    expect((await get('/quiet')).json()).toMatchObject({ status: 409, type: 'urn:wayleave:problem:conflict' });
    expect((await get('/thrown')).json()).toMatchObject({ status: 403, detail: 'Not allowed.' });
  });

  test('in writing the answer is an answer too', async () => {
    expect((await get('/bigint')).json()).toMatchObject({ status: 500 });
    const template = await get('/template', browser);
    expect(template.status).toBe(500);
    expect(template.text).toContain('Something went wrong');
  });

  test('of a wrong method is 405 and says which are right', async () => {
    const answer = await get('/sample/v1/people');
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST');
    expect((await send(`${served.url}/sample/v1/people`, { method: 'PURGE' })).status).toBe(501);
  });
});

describe('every answer', () => {
  const paths = [
    '/sample',
    '/nowhere',
    '/boom/1',
    '/sample/v1/people/7',
    '/sample/v1/people/7?zz=1',
    '/assets/x/y.css',
    '/bigint',
  ];

  test.each(paths)('%s carries the security headers', async (path) => {
    for (const accept of ['text/html', 'application/json']) {
      const { headers } = await get(path, { Accept: accept });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('asks for https for two years where the service has https, and only there', async () => {
    const secure = await serve(sampleApp({ baseUrl: 'https://wayleave.example' }));
    const { headers } = await send(`${secure.url}/nowhere`);
    expect(headers['strict-transport-security']).toBe('max-age=63072000');
    await secure.close();
  });
});

describe('a request id', () => {
  test('that looks like one comes back unchanged', async () => {
    expect((await get('/nowhere', { 'X-Request-ID': 'bfe9eb29-ab87.4:x_1' })).headers['x-request-id']).toBe(
      'bfe9eb29-ab87.4:x_1',
    );
  });

  test.each(['a b', '<script>', 'x'.repeat(129), '"quoted"', '-'])(
    '%j comes back too, and in the log and the answer another stands for it',
    async (id) => {
      lines.length = 0;
      const answer = await get('/nowhere', { 'X-Request-ID': id, Accept: 'application/json' });
      expect(answer.headers['x-request-id']).toBe(id);
      expect((answer.json() as { instance: string }).instance).toMatch(/^urn:wayleave:request:[0-9a-f-]{36}$/);
      expect(lines.join()).not.toContain(JSON.stringify(id));
    },
  );

  test.each(['x'.repeat(257), 'tab\there'])('%j is replaced', async (id) => {
    expect((await get('/nowhere', { 'X-Request-ID': id })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the request log', () => {
  test('has the route, and no query, address, body, cookie or token', async () => {
    lines.length = 0;
    await get('/sample/v1/people/jo.smith@gateshead.example?q=Thompson', {
      Authorization: 'Bearer s3cr3t',
      Cookie: 'a=c00kie',
    });
    await postJson(`${served.url}/sample/v1/people`, { name: 'Winifred' });
    await get('/people/winifred-thompson', { 'User-Agent': 'Mozilla/5.0 (Winifred)' });
    await waitFor(() => lines.length >= 3);
    const text = lines.join('');
    expect(text).not.toMatch(/jo\.smith|Thompson|thompson|s3cr3t|c00kie|Winifred|winifred|127\.0\.0\.1/);
    const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(requests[0]).toMatchObject({
      level: 'info',
      msg: 'request',
      method: 'GET',
      route: '/sample/v1/people/{id}',
      status: 200,
    });
    expect(requests[1]).toMatchObject({ method: 'POST', route: '/sample/v1/people', status: 201 });
    expect(requests[2]).toMatchObject({ route: 'unmatched', status: 404 });
    expect(requests.every((line) => typeof line.ms === 'number' && typeof line.requestId === 'string')).toBe(true);
  });
});
