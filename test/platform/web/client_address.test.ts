/** Whose request it is: one reading of addresses, for everything that counts by them. */
import { describe, expect, it, test } from '@jest/globals';
import { clientAddress, isThisMachine } from '../../../platform/web/client_address.ts';
import { sampleApp } from './sample.ts';
import { send, serve } from '../../support/platform/web.ts';

const proxy = '10.0.0.1';
const from = (forwarded: string | undefined, proxies = 1, remoteAddress: string | undefined = proxy) =>
  clientAddress(
    { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } },
    proxies,
  );

describe('one caller is one address', () => {
  it.each([
    '203.0.113.8',
    '203.0.113.8:50000',
    '203.0.113.8:50001',
    '"203.0.113.8"',
    '"203.0.113.8:443"',
    '[203.0.113.8]:443',
    ' 203.0.113.8\t',
    '::ffff:203.0.113.8',
    '::FFFF:cb00:7108',
    '[::ffff:203.0.113.8]:50000',
    '64:ff9b::203.0.113.8',
    '::ffff:0:203.0.113.8',
    '2002:cb00:7108:1::1',
    '2002:cb00:7108:ffff::2',
  ])('whether a proxy writes %s', (written) => {
    expect(from(written)).toBe('203.0.113.8');
  });

  it.each([
    '2001:db8:0:7::1',
    '2001:DB8:0:7:ffff:ffff:ffff:ffff',
    '2001:0db8:0000:0007:0:0:0:1',
    '[2001:db8:0:7::1]',
    '[2001:db8:0:7::1]:443',
    '"[2001:db8:0:7::2]:443"',
    '2001:db8:0:7::1%eth0',
    '[2001:db8:0:7::3%eth0]:1',
  ])('whichever address of its network it takes: %s', (written) => {
    expect(from(written)).toBe('2001:db8:0:7::/64');
  });

  it('and other networks are others', () => {
    const others = ['2001:db8:0:7::1', '2001:db8:0:8::1', '2001:db9:0:7::1', '203.0.113.8', '203.0.113.9'];
    expect(new Set(others.map((one) => from(one))).size).toBe(others.length);
  });
});

describe('what anybody can write', () => {
  it.each([
    'unknown',
    '_hidden',
    '',
    ',',
    'localhost',
    '203.0.113.8:x',
    '203.0.113',
    '0313.0.113.8',
    '0xcb007108',
    '3405803784',
    '[2001:db8::1',
    '2001:db8::1]:443',
    '[]',
    '[]:1',
    'for=203.0.113.8',
    '٢٠٣.٠.١١٣.٨',
    `${'1'.repeat(10_000)}:1`,
    `[${'['.repeat(10_000)}`,
  ])('and is no address counts as the proxy it came by: %p', (written) => {
    expect(from(written)).toBe(proxy);
  });

  it('is not believed without a proxy', () => {
    expect(from('203.0.113.8', 0)).toBe(proxy);
    expect(from('203.0.113.8', 0, '::ffff:198.51.100.7')).toBe('198.51.100.7');
  });

  it('stands left of what our own proxies wrote, however many entries and headers there are', () => {
    expect(from('198.51.100.1, 203.0.113.8')).toBe('203.0.113.8');
    expect(from('198.51.100.1, 203.0.113.8, 10.0.0.2', 2)).toBe('203.0.113.8');
    expect(from('198.51.100.1,,203.0.113.8,10.0.0.2', 2)).toBe('203.0.113.8');
    expect(from('198.51.100.1, unknown, 10.0.0.2', 2)).toBe('10.0.0.2');
    expect(from('203.0.113.8', 3)).toBe('203.0.113.8');
    expect(from(undefined, 2)).toBe(proxy);
  });

  it('counts together where nothing can be read, such as on a socket file', () => {
    expect(from(undefined, 0, '')).toBe('unknown');
    expect(clientAddress({ headers: {}, socket: {} }, 1)).toBe('unknown');
  });
});

test.each([
  [0, '127.0.0.1'],
  [1, '203.0.113.9'],
  [2, '2001:db8:0:7::/64'],
])('with %i proxies in front, a page sees %s', async (trustedProxies, address) => {
  const app = await serve(
    sampleApp({ trustedProxies }, (router) => router.get('/ip', (ctx) => void (ctx.body = ctx.ip))),
  );
  const headers = {
    'X-Forwarded-For': ['198.51.100.1', '[2001:db8:0:7::9]:443, 203.0.113.9:50000'] as never,
    Forwarded: 'for=192.0.2.43',
  };
  expect((await send(`${app.url}/ip`, { headers })).text).toBe(address);
  await app.close();
});

test.each([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.5', false],
  ['::ffff:192.0.2.1', false],
  ['127.0.0.1.evil', false],
  ['', false],
  [undefined, false],
])('%p is of this machine: %p', (address, here) => {
  expect(isThisMachine(address)).toBe(here);
});
