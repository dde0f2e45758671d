import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { listen } from '../../../platform/process/listen.ts';

const open: Server[] = [];
const aServer = (): Server => {
  const server = createServer();
  open.push(server);
  return server;
};
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve));
});

describe('listening', () => {
  it('takes any free port when 0 is asked for', async () => {
    expect(await listen(aServer(), { asked: 0, default: 4000 })).toBeGreaterThan(0);
  });

  it('fails in words when the port asked for is held by another program', async () => {
    const port = await listen(aServer(), { asked: 0, default: 4000 });
    const second = listen(aServer(), { asked: port, default: 4000, name: 'Wayleave', variable: 'PORT' });
    await expect(second).rejects.toMatchObject({
      code: 'port-in-use',
      message: `Wayleave cannot listen on port ${port}: another program holds it. Stop that program, or set PORT to another port.`,
    });
  });

  it('takes the next free port when the default is held and none was asked for', async () => {
    const port = await listen(aServer(), { asked: 0, default: 4000 });
    const next = await listen(aServer(), { default: port });
    expect(next).toBeGreaterThan(port);
    expect(next).toBeLessThan(port + 20);
  });

  it('sees a program that holds the port on the loopback address only', async () => {
    const port = await listen(aServer(), { asked: 0, default: 4000, host: '127.0.0.1' });
    await expect(listen(aServer(), { asked: port, default: 4000 })).rejects.toMatchObject({
      code: 'port-in-use',
    });
  });

  it('says so when the address is not ours to listen on', async () => {
    await expect(listen(aServer(), { asked: 0, default: 4000, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'port-refused',
    });
  });
});
