/** Methods that nobody serves, by both ways into the service: refused, with what is served, and without an error in the log. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { memoryLogger, send, serve, testApi, testPipeline } from '../../support/platform/web.ts';

let service: RunningApplication;
beforeAll(async () => void (service = await startApplication()));
afterAll(() => service.close());

const methods = ['TRACE', 'PROPFIND', 'PURGE', 'MKCOL', 'SEARCH', 'QUERY'];
const known = ['/', '/directory', '/sign-in', '/healthz', '/access/v1/evaluation', '/openapi.json', '/demo/codes'];
const others = ['/oidc/auth', '/oidc/token', '/oidc/nothing', '/nothing', '/access/v1/nothing', '/assets/nothing'];

it.each(methods)('%s is refused wherever it is sent, and told what is served where anything is', async (method) => {
  for (const path of [...known, ...others]) {
    const { status, headers } = await send(service.baseUrl + path, { method });
    const { allow } = headers;
    expect({ path, status, refused: [404, 405, 501].includes(status) }).toMatchObject({ path, refused: true });
    if (known.includes(path)) expect({ path, status, allow }).toEqual({ path, status: 501, allow: expect.any(String) });
  }
});

it('fills the log with no error', async () => {
  const { logger, lines } = memoryLogger('info');
  const pages = testPipeline({ logger });
  pages.use((ctx, next) => (ctx.path === '/page' ? void (ctx.body = 'a page') : next()));
  const operation = { method: 'get' as const, path: '/x/v1/one', summary: '', tag: '', responses: {}, handlers: [] };
  const served = await serve(testApi([operation], { logger }, pages));
  for (const method of methods)
    for (const path of ['/page', '/nothing', '/x/v1/one', '/x/v1/nothing']) await send(served.url + path, { method });
  await served.close();
  expect(lines.map((line) => JSON.parse(line) as { level: string }).filter(({ level }) => level === 'error')).toEqual(
    [],
  );
});
