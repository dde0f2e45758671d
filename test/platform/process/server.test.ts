import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { listen } from '../../../platform/process/listen.ts';
import { closeServer, createServer, onlyTelemetry, serve } from '../../../platform/process/server.ts';
import { waitFor } from '../../support/platform/web.ts';

const open: Server[] = [];
const agent = new Agent({ keepAlive: true });
afterEach(async () => {
  agent.destroy();
  for (const server of open.splice(0)) await closeServer(server, 0);
});

async function aServer(handle?: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer();
  open.push(server);
  const port = await listen(server, { asked: 0, default: 4000, host: '127.0.0.1' });
  if (handle !== undefined) serve(server, handle);
  return { server, url: `http://127.0.0.1:${port}` };
}

/** Over a connection that is kept open; undefined when it was cut. */
function ask(url: string): Promise<{ status: number; text: string } | undefined> {
  return new Promise((resolve) => {
    get(url, { agent }, (response: IncomingMessage) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', () => resolve(undefined));
    }).on('error', () => resolve(undefined));
  });
}

describe('the server of the process', () => {
  it('says that it is starting until there is an application', async () => {
    const { server, url } = await aServer();
    expect(await ask(url)).toEqual({ status: 503, text: 'Wayleave is starting. Try again in a few seconds.\n' });
    serve(server, (_request, response) => response.end('here'));
    expect(await ask(url)).toEqual({ status: 200, text: 'here' });
  });

  it('lets the request that is under way finish before it closes, and takes no other', async () => {
    const arrived = Promise.withResolvers<void>();
    const { server, url } = await aServer((_request, response) => {
      arrived.resolve();
      void pause(200).then(() => response.end('in time'));
    });
    const underWay = ask(url);
    await arrived.promise;
    const closed = closeServer(server, 60_000);
    expect(await underWay).toEqual({ status: 200, text: 'in time' });
    await closed;
    expect(await ask(url)).toBeUndefined();
  });

  it('is not kept open by a caller that goes on asking over its connection', async () => {
    const { server, url } = await aServer((_request, response) => void pause(5).then(() => response.end('again')));
    let answered = 0;
    const asking = (async () => {
      while ((await ask(url)) !== undefined) answered += 1;
    })();
    await waitFor(() => answered > 0);
    const before = answered;
    await closeServer(server, 60_000);
    await asking;
    expect(answered - before).toBeLessThanOrEqual(2);
  });

  it('cuts a request that does not end in time', async () => {
    const arrived = Promise.withResolvers<void>();
    const { server, url } = await aServer(() => arrived.resolve());
    const endless = ask(url);
    await arrived.promise;
    await closeServer(server, 100);
    expect(await endless).toBeUndefined();
  });

  it('of a process for jobs answers only what machines ask about it', async () => {
    const { url } = await aServer(onlyTelemetry((request, response) => response.end(request.url)));
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect(await ask(url + path)).toEqual({ status: 200, text: path });
    }
    for (const path of ['/', '/healthz/more', '/oidc/token']) {
      expect(await ask(url + path)).toMatchObject({ status: 503, text: expect.stringContaining('serves nobody') });
    }
  });
});
