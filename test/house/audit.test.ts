/** The audit of dependencies in continuous integration: red for a known fault, never for a registry that keeps no list of them. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';

const script = path.resolve(import.meta.dirname, '../../scripts/audit.mjs');

async function audit(registry: RequestListener): Promise<{ code: number | null; said: string }> {
  const server = createServer(registry).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // npm keeps what it heard of a fault: nothing invented may reach the cache of this machine.
  const cache = await mkdtemp(path.join(os.tmpdir(), 'wayleave-audit-'));
  const env = { ...process.env, npm_config_registry: address, npm_config_cache: cache };
  const child = spawn(process.execPath, [script], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  server.closeAllConnections();
  server.close();
  await rm(cache, { recursive: true });
  return { code, said };
}

const answer =
  (status: number, body = ''): RequestListener =>
  (request, response) => {
    const bulk = request.url?.endsWith('/advisories/bulk') === true;
    response.writeHead(bulk ? status : 404, { 'Content-Type': 'application/json' }).end(bulk ? body : '{}');
  };
const hangUp: RequestListener = (request) => void request.socket.destroy();
const fault = (severity: string) => ({ id: 1, url: 'https://a.example/1', title: 'A fault', severity });
const faultOf = (severity: string) => JSON.stringify({ koa: [{ ...fault(severity), vulnerable_versions: '*' }] });

it.each<[string, RequestListener]>([
  ['does not take the question', answer(405)],
  ['knows no such address', answer(404)],
  ['fails', answer(500)],
  ['answers nonsense', answer(200, 'nonsense')],
  ['hangs up', hangUp],
])('a registry that %s is said so, and turns nothing red', async (_what, registry) => {
  const { code, said } = await audit(registry);
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('not looked up') });
});

it('nothing known is green, a high fault is red and named, a low one is counted', async () => {
  expect(await audit(answer(200, '{}'))).toEqual({ code: 0, said: expect.stringContaining('0 found') });
  expect(await audit(answer(200, faultOf('low')))).toEqual({
    code: 0,
    said: expect.stringMatching(/[1-9]\d* found, 0 high/),
  });
  expect(await audit(answer(200, faultOf('high')))).toEqual({
    code: 1,
    said: expect.stringMatching(/koa .*high[^]*FAILED/),
  });
});
