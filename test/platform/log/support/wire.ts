/** A wire to PostgreSQL that can be cut: a proxy on loopback that sees what is sent. */
import net from 'node:net';

// ReadyForQuery outside a transaction.
const idle = 'Z\u0000\u0000\u0000\u0005I';

export type Wire = {
  /** The same database, over this wire. */
  url: string;
  /** Cuts every connection now and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  /** Lets the next statement that contains `text` reach the server, and cuts the connection before any answer comes back. */
  swallowAnswerTo(text: string): Promise<void>;
  close(): Promise<void>;
};

/** Lays a wire to the server that `url` names. */
export async function layWire(url: string): Promise<Wire> {
  const target = new URL(url);
  const open = new Set<net.Socket>();
  let isCut = false;
  let trap: { text: string; sprung: () => void } | undefined;

  const server = net.createServer((near) => {
    if (isCut) return void near.destroy();
    const far = net.connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    let deaf = false;
    near.on('data', (bytes) => {
      if (trap !== undefined && bytes.includes(trap.text)) {
        deaf = true;
        const { sprung } = trap;
        trap = undefined;
        far.write(bytes);
        // The server has done it once it is idle again; the client never learns.
        far.on('data', (answer) => {
          if (!answer.includes(idle)) return;
          near.destroy();
          sprung();
        });
      } else far.write(bytes);
    });
    far.on('data', (bytes) => void (deaf || near.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    cut: () => {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend: () => (isCut = false),
    swallowAnswerTo: (text) => new Promise((resolve) => (trap = { text, sprung: resolve })),
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
