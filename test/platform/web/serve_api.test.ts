/** The pipeline of JSON operations, as its callers and operators see it. */
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { PlatformError } from '../../../platform/errors.ts';
import type { ApiOperation, ApiStep } from '../../../platform/web/api.ts';
import { queryOf } from '../../../platform/web/input.ts';
import type { Measured } from '../../../platform/web/request_log.ts';
import { WebError } from '../../../platform/web/web_error.ts';
import {
  memoryLogger,
  postJson,
  send,
  serve,
  type Served,
  testApi,
  testPipeline,
  waitFor,
} from '../../support/platform/web.ts';

const wait = { until: Promise.resolve() };
const Body = z.object({ how: z.enum(['well', 'unavailable', 'broken', 'late']) });
const operation: ApiOperation = {
  method: 'post',
  path: '/test/v1/answer',
  summary: 'Answers as it is told',
  tag: 'Test',
  body: Body,
  bodyOptions: { limit: 1024 },
  guards: [
    (ctx) => {
      if (ctx.get('Authorization') !== '') return;
      throw new WebError('unauthenticated', 'token-missing', 'Send a token.', {
        headers: { 'WWW-Authenticate': 'Bearer realm="wayleave"' },
      });
    },
  ],
  responses: { 200: { description: 'An answer' } },
  handlers: [
    async (ctx) => {
      const { how } = ctx.state.body as z.infer<typeof Body>;
      if (how === 'unavailable') throw new PlatformError('unavailable', 'no-database', 'Try again.');
      if (how === 'broken') throw new Error('the secret of Ann Smyth');
      if (how === 'late') await wait.until;
      ctx.body = { how };
    },
  ],
};

describe('a request', () => {
  const measured: Measured[] = [];
  const { logger, lines } = memoryLogger();
  let served: Served;
  let url = '';
  const headers = { Authorization: 'Bearer x' };

  beforeAll(async () => {
    const measure = (request: Measured): void => void measured.push(request);
    served = await serve(testApi([operation], { logger, measure, baseUrl: 'https://wayleave.example' }));
    url = `${served.url}/test/v1/answer`;
  });

  afterAll(() => served.close());

  test('is answered with the caller’s own request id, or with one that is made', async () => {
    const own = await postJson(url, { how: 'well' }, { ...headers, 'X-Request-ID': 'request-7' });
    expect(own).toMatchObject({ status: 200, text: '{"how":"well"}' });
    expect(own.headers).toMatchObject({ 'x-request-id': 'request-7', 'x-content-type-options': 'nosniff' });
    expect(own.headers['strict-transport-security']).toBe('max-age=63072000');
    const made = await postJson(url, { how: 'well' }, { ...headers, 'X-Request-ID': 'forged\tline' });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each<[string, unknown, Record<string, string>, number, string, Record<string, string>]>([
    ['no token', { how: 'well' }, {}, 401, 'token-missing', { 'www-authenticate': 'Bearer realm="wayleave"' }],
    ['no database', { how: 'unavailable' }, headers, 503, 'no-database', { 'retry-after': '1' }],
    ['something nobody foresaw', { how: 'broken' }, headers, 500, 'something-went-wrong', {}],
    ['too long a body', { how: 'x'.repeat(2000) }, headers, 413, 'body-too-large', {}],
    ['wrong input', { how: 'badly' }, headers, 400, 'invalid-input', {}],
  ])('with %s is a problem document, a measurement and a line without its content', async (...row) => {
    const [, body, sent, status, code, expected] = row;
    measured.length = lines.length = 0;
    const answer = await postJson(url, body, { ...sent, 'X-Request-ID': 'request-8' });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    expect(answer.headers).toMatchObject({ 'x-request-id': 'request-8', ...expected });
    expect(answer.json()).toMatchObject({ status, type: `urn:wayleave:problem:${code}` });
    expect(answer.text).not.toContain('Smyth');
    await waitFor(() => measured.length > 0 && lines.length > 0);
    expect(measured).toEqual([{ method: 'POST', route: operation.path, status, seconds: expect.any(Number) }]);
    expect(lines.join('')).toContain('request-8');
  });

  test('is measured when it was answered', async () => {
    measured.length = 0;
    await postJson(url, { how: 'well' }, headers);
    await waitFor(() => measured.length > 0);
    expect(measured).toEqual([{ method: 'POST', route: operation.path, status: 200, seconds: expect.any(Number) }]);
  });

  test('keeps the connection for the next, unless the caller wants it closed', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports: (number | undefined)[] = [];
    const ask = (extra: Record<string, string>): Promise<string | undefined> =>
      new Promise((resolve, reject) => {
        const all = { 'Content-Type': 'application/json', ...headers, ...extra };
        const outgoing = httpRequest(url, { agent, method: 'POST', headers: all }, (incoming) => {
          ports.push(outgoing.socket?.localPort);
          incoming.resume().on('end', () => resolve(incoming.headers.connection));
        });
        outgoing.on('error', reject).end('{"how":"well"}');
      });
    expect([await ask({}), await ask({}), await ask({ Connection: 'close' })]).toEqual([
      'keep-alive',
      'keep-alive',
      'close',
    ]);
    expect(new Set(ports).size).toBe(1);
    agent.destroy();
  });

  test('that its caller gives up, in the middle of the body or before the answer, harms nobody else', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wait.until = promise;
    const head = `POST ${operation.path} HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\nContent-Type: application/json\r\n`;
    for (const rest of ['Content-Length: 500\r\n\r\n{"how"', 'Content-Length: 14\r\n\r\n{"how":"late"}']) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => undefined).write(head + rest);
      await delay(50);
      socket.destroy();
    }
    await delay(50);
    resolve();
    expect((await postJson(url, { how: 'well' }, headers)).status).toBe(200);
  });

  test('that its caller gives up while a guard speaks has an end all the same', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const seen: Measured[] = [];
    const guarded: ApiOperation = { ...operation, guards: [() => promise] };
    const slow = await serve(testApi([guarded], { measure: (request) => void seen.push(request) }));
    const socket = connect(Number(new URL(slow.url).port), '127.0.0.1');
    const head = `POST ${operation.path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    socket.on('error', () => undefined).write(`${head}Content-Length: 500\r\n\r\n{"how"`);
    await delay(50);
    socket.destroy();
    await delay(50);
    resolve();
    await delay(100);
    await slow.close();
    expect(seen).toMatchObject([{ method: 'POST', route: operation.path, status: 400 }]);
  });

  test('that is unusual is answered all the same', async () => {
    const typed = { ...headers, 'Content-Type': 'application/json; charset=utf-8' };
    expect(await send(url, { method: 'POST', headers: typed, body: '{"how":"well"}' })).toMatchObject({ status: 200 });
    expect(await postJson(`${url}?x=1`, { how: 'well' }, headers)).toMatchObject({ status: 200 });
    expect(await send(url)).toMatchObject({ status: 405, headers: { allow: expect.stringContaining('POST') } });
    const squeezed = { ...headers, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    expect(await send(url, { method: 'POST', headers: squeezed, body: 'x' })).toMatchObject({ status: 415 });
  });
});

describe('an operation', () => {
  let served: Served;
  const { logger, lines } = memoryLogger();
  const answers = { responses: { 200: { description: 'An answer' } }, tag: 'x', summary: 'x' };
  beforeAll(async () => {
    const guard: ApiStep = (ctx) => {
      if (ctx.get('Authorization') === '') {
        throw new WebError('unauthenticated', 'token-needed', 'An access token is needed.', {
          headers: { 'WWW-Authenticate': 'Bearer' },
        });
      }
    };
    const setThing: ApiOperation = {
      ...answers,
      method: 'put',
      path: '/x/v1/things/{id}',
      guards: [guard],
      parameters: z.strictObject({ id: z.uuid() }),
      body: z.strictObject({ on: z.boolean() }),
      bodyOptions: { types: ['application/scim+json', 'application/json'], limit: 200 },
      handlers: [(ctx) => void (ctx.status = 204)],
    };
    const Named = z.strictObject({ name: z.string(), q: z.string().optional() });
    const find: ApiOperation = {
      ...answers,
      method: 'get',
      path: '/x/v1/named/{name}',
      parameters: Named,
      handlers: [(ctx) => void (ctx.body = queryOf(ctx, Named))],
    };
    const say: ApiOperation = {
      ...answers,
      method: 'get',
      path: '/.well-known/said.txt',
      quiet: true,
      handlers: [
        (ctx) => {
          ctx.set('Content-Type', 'text/plain; charset=utf-8');
          ctx.body = 'said';
        },
      ],
    };
    const pages = testPipeline();
    pages.use((ctx) => void (ctx.body = 'a page'));
    served = await serve(testApi([setThing, find, say], { logger }, pages));
  });
  afterAll(() => served.close());

  const ask = (path: string, method = 'GET', headers: Record<string, string> = {}) =>
    send(served.url, { path, method, headers });
  const put = (body: string, headers: Record<string, string> = {}) =>
    send(`${served.url}/x/v1/things/0190a0a0-0000-7000-8000-000000000000`, {
      method: 'PUT',
      body,
      headers: { 'Content-Type': 'application/scim+json', Authorization: 'Bearer t', ...headers },
    });

  test('asks who is there before it reads what was sent', async () => {
    const answer = await put('not json at all', { Authorization: '' });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({ type: 'urn:wayleave:problem:token-needed', title: 'Sign-in is needed' });
  });

  test('takes the media types and the length that it declares', async () => {
    expect((await put('{"on":true}')).status).toBe(204);
    expect((await put('{"on":true}', { 'Content-Type': 'application/merge-patch+json' })).status).toBe(415);
    expect((await put(`{"on":true${' '.repeat(300)}}`)).status).toBe(413);
  });

  test('reads no cookie and needs no CSRF token', async () => {
    const answer = await put('{"on":false}', { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' });
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('may answer with nothing, or with text of its own type', async () => {
    const nothing = await put('{"on":true}');
    expect([nothing.text, nothing.headers['content-type'], nothing.headers['content-length']]).toEqual([
      '',
      undefined,
      undefined,
    ]);
    const said = await ask('/.well-known/said.txt');
    expect([said.text, said.headers['content-type']]).toEqual(['said', 'text/plain; charset=utf-8']);
  });

  test.each([
    ['/x/v1/named/jo%20%2F%20b?q=1', { name: 'jo / b', q: '1' }],
    ['/X/v1/Named/Jo/', { name: 'Jo' }],
    ['/x/v1/named/100%?', { name: '100%' }],
    ['http://wayleave.example/x/v1/named/jo?q=a', { name: 'jo', q: 'a' }],
  ])('is found at %s', async (path, expected) => {
    const answer = await ask(path);
    expect([answer.status, answer.json()]).toEqual([200, expected]);
  });

  test('that reads answers HEAD with the headers alone', async () => {
    const [get, head] = [await ask('/x/v1/named/jo'), await ask('/x/v1/named/jo', 'HEAD')];
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
  });

  test.each([
    ['PUT', '/x/v1/named/jo', 405, 'HEAD, GET'],
    ['GET', '/x/v1/things/7', 405, 'PUT'],
    ['POST', '/.well-known/said.txt', 405, 'HEAD, GET'],
    ['OPTIONS', '/x/v1/named/jo', 200, 'HEAD, GET'],
    ['PURGE', '/x/v1/named/jo', 501, 'HEAD, GET'],
    ['PURGE', '/x/v1/nothing', 501, undefined],
    ['GET', '/x/v1/nothing', 404, undefined],
    ['OPTIONS', '/x/v1', 404, undefined],
    ['GET', '/x/v1/named/a/b', 404, undefined],
  ])('%s %s is answered %i, never with a page', async (method, path, status, allow) => {
    const answer = await ask(path, method, { Accept: 'text/html' });
    expect([answer.status, answer.headers.allow]).toEqual([status, allow]);
    if (status === 200) return expect(answer.text).toBe('');
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ status });
  });

  test.each(['/x', '/x/v', '/y/v1/named/jo', '/xx/v1', '/named/v1'])('leaves %s to the pages', async (path) => {
    expect((await ask(path)).text).toBe('a page');
  });

  test('is a line in the log, unless its lines would drown the rest and it succeeds', async () => {
    lines.length = 0;
    await ask('/.well-known/said.txt');
    await ask('/x/v1/named/jo', 'GET', { 'X-Request-ID': 'request-9' });
    await ask('/x/v1/named/jo?r=1', 'GET', { 'X-Request-ID': 'request-10' });
    await waitFor(() => lines.length >= 2);
    const route = '/x/v1/named/{name}';
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'info', msg: 'request', requestId: 'request-9', method: 'GET', route, status: 200 },
      {
        level: 'info',
        msg: 'request',
        requestId: 'request-10',
        method: 'GET',
        route,
        status: 400,
        code: 'invalid-input',
      },
    ]);
  });
});
