/** A port that stands for a server that may go away and come back elsewhere, as a failover address does. */
import { connect, createServer, type Socket } from 'node:net';

export type Relay = {
  port: number;
  /** Where new connections go. */
  to(port: number): void;
  /** Ends every connection, and every new one, until `to`. */
  cut(): void;
  close(): Promise<void>;
};

/** Starts forwarding to that port of this machine, from a free one or from a socket file. */
export async function startRelay(target: number, socketFile?: string): Promise<Relay> {
  let current: number | undefined = target;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    if (current === undefined) return void near.destroy();
    const far = connect(current, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  const place = socketFile === undefined ? { port: 0, host: '127.0.0.1' } : { path: socketFile };
  await new Promise<void>((resolve) => server.listen(place, resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    to: (port) => void (current = port),
    cut: () => {
      current = undefined;
      for (const socket of open) socket.destroy();
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
