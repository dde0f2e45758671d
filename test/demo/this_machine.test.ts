/** The demo's pages with passwords, codes and mail are for the machine that it runs on. */
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { onlyFromThisMachine } from '../../demo/this_machine.ts';
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
    const guard = onlyFromThisMachine(async () => void (shown = true));
    const headers = { 'x-forwarded-for': '127.0.0.1' };
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
