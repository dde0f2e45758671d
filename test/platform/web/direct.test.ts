/** The short way of the busiest routes: a caller cannot tell it from the general one. */
import { Agent, createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { PlatformError } from '../../../platform/errors.ts';
import { type ApiOperation, apiRouter } from '../../../platform/web/api.ts';
import { directFirst } from '../../../platform/web/direct.ts';
import type { Measured } from '../../../platform/web/request_log.ts';
import { WebError } from '../../../platform/web/web_error.ts';
import { memoryLogger, postJson, send, testPipeline, waitFor } from '../../support/platform/web.ts';

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
    async (ctx, next) => {
      if (ctx.get('Authorization') !== '') return next();
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

describe.each([
  ['straight from node:http', [operation]],
  ['through the general pipeline', []],
])('a request %s', (_way, direct) => {
  const measured: Measured[] = [];
  const { logger, lines } = memoryLogger();
  const server = createServer();
  let url = '';
  const headers = { Authorization: 'Bearer x' };

  beforeAll(async () => {
    const measure = (request: Measured): void => void measured.push(request);
    const app = testPipeline({ logger, measure });
    app.use(apiRouter([operation]));
    server.on('request', directFirst(direct, app.callback(), { logger, measure, secure: true }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/test/v1/answer`;
  });

  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  test('is answered with the caller’s own request id, or with one that is made', async () => {
    const own = await postJson(url, { how: 'well' }, { ...headers, 'X-Request-ID': 'request-7' });
    expect(own).toMatchObject({ status: 200, text: '{"how":"well"}' });
    expect(own.headers).toMatchObject({ 'x-request-id': 'request-7', 'x-content-type-options': 'nosniff' });
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

  test('that is unusual is answered all the same', async () => {
    const typed = { ...headers, 'Content-Type': 'application/json; charset=utf-8' };
    expect(await send(url, { method: 'POST', headers: typed, body: '{"how":"well"}' })).toMatchObject({ status: 200 });
    expect(await postJson(`${url}?x=1`, { how: 'well' }, headers)).toMatchObject({ status: 200 });
    expect(await send(url)).toMatchObject({ status: 405, headers: { allow: expect.stringContaining('POST') } });
    const squeezed = { ...headers, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    expect(await send(url, { method: 'POST', headers: squeezed, body: 'x' })).toMatchObject({ status: 415 });
  });
});
