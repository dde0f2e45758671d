/** The demo's pages with passwords, codes and mail are for the machine that it runs on. */
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { onlyFromThisMachine } from '../../demo/this_machine.ts';
import { send } from '../support/platform/web.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';

let service: RunningApplication;
beforeAll(async () => {
  service = await startApplication();
});
afterAll(() => service.close());

it('shows codes and mail to a caller on this machine', async () => {
  for (const page of ['/demo/codes', '/demo/mail']) {
    expect((await fetch(service.baseUrl + page, { headers: { Accept: 'text/html' } })).status).toBe(200);
  }
});

it.each(['10.0.0.5', '::ffff:192.0.2.1', '2001:db8::1', '127.0.0.1.evil', undefined])(
  'shows nothing to a caller at %s, whatever its headers claim',
  async (remoteAddress) => {
    let shown = false;
    const guard = onlyFromThisMachine(async () => void (shown = true), service.baseUrl);
    const headers = { 'x-forwarded-for': '127.0.0.1', host: 'localhost:4000' };
    const ctx = (path: string) => ({ path, req: { headers, socket: { remoteAddress } } }) as never;
    await expect(guard(ctx('/demo/codes'), async () => undefined)).rejects.toMatchObject({ code: 'this-machine-only' });
    await guard(ctx('/directory'), async () => undefined);
    expect(shown).toBe(false);
  },
);

it('shows nothing over the network', async () => {
  const outer = Object.values(networkInterfaces())
    .flat()
    .find((one) => one !== undefined && !one.internal && one.family === 'IPv4');
  // A machine without a network has nobody to show it to.
  if (outer === undefined) return;
  const page = await fetch(`http://${outer.address}:${new URL(service.baseUrl).port}/demo/codes`);
  expect(page.status).toBe(403);
});

const secrets = ['/demo/codes', '/demo/mail', '/demo/mail/x', '/demo/kit', '/demo/codes/', '/DEMO/codes'];
it.each([
  'rebound.example',
  'rebound.example:4000',
  'localhost.rebound.example',
  'localhost@rebound.example',
  '127.0.0.1.nip.example',
  '0.0.0.0',
  '2130706433.example',
  'not a name',
])('shows nothing under the name %s, which somebody else may have given this machine', async (host) => {
  for (const path of secrets) {
    const { status, text } = await send(service.baseUrl + path, { headers: { host, 'x-forwarded-host': 'localhost' } });
    expect({ path, refused: [400, 403].includes(status), password: text.includes('demo') && status === 200 }).toEqual({
      path,
      refused: true,
      password: false,
    });
  }
});

it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('answers to the name %s', async (name) => {
  const host = `${name}:${new URL(service.baseUrl).port}`;
  expect((await send(`${service.baseUrl}/demo/codes`, { headers: { host } })).status).toBe(200);
});
