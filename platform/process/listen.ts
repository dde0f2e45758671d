/** Takes a port: the one asked for or none, or the default or the next free one after it. */
import type { Server } from 'node:net';
import { PlatformError } from '../errors.ts';

type ListenOptions = {
  /** This port, or fail. 0: any free one. */
  asked?: number | undefined;
  /** Without `asked`: this port, or the first free one of the twenty after it. */
  default: number;
  /** Only connections from this address, such as 127.0.0.1; by default from anywhere. */
  host?: string;
  /** What listens, and the environment variable that asks for its port: for the message. */
  name?: string;
  variable?: string;
};

/**
 * Listens and returns the port. Throws `port-in-use` when the port asked for is held, which `main.ts` prints before it
 * ends with code 1, and `port-refused` when it may not be used.
 */
export async function listen(server: Server, options: ListenOptions): Promise<number> {
  if (options.asked !== undefined) return attempt(server, options.asked, options);
  for (let port = options.default; port < options.default + 20; port += 1) {
    try {
      return await attempt(server, port, options);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'port-in-use') throw error;
    }
  }
  const range = `${options.default} to ${options.default + 19}`;
  throw new PlatformError(
    'conflict',
    'port-in-use',
    `${options.name ?? 'The service'} found no free port from ${range}. Set ${options.variable ?? 'PORT'} to a free one.`,
  );
}

function attempt(server: Server, port: number, { host, ...options }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(explain(error, port, options));
    server.once('error', onError);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

type Named = Pick<ListenOptions, 'name' | 'variable'>;

function explain(cause: NodeJS.ErrnoException, port: number, { name = 'The service', variable }: Named): PlatformError {
  if (cause.code === 'EADDRINUSE') {
    const another = variable === undefined ? 'ask for another port' : `set ${variable} to another port`;
    const message = `${name} cannot listen on port ${port}: another program holds it. Stop that program, or ${another}.`;
    return new PlatformError('conflict', 'port-in-use', message, { cause });
  }
  return new PlatformError(
    'forbidden',
    'port-refused',
    `${name} cannot listen on port ${port} (${cause.code ?? cause.message}).`,
    { cause },
  );
}
