/** An HTTP server around an application: with time limits, and an end that lets running requests finish. */
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type Koa from 'koa';

export type ListenOptions = { port: number; host?: string; tls?: { cert: Buffer; key: Buffer } };

export type Listening = {
  port: number;
  /** Takes no more requests, waits for the running ones, and cuts what is left after `patience` milliseconds. */
  close(patience?: number): Promise<void>;
};

/** Listens, or throws the system's error (`EADDRINUSE`, `EACCES`) unchanged for the caller to put into words. */
export async function listen(app: Koa, { port, host, tls }: ListenOptions): Promise<Listening> {
  const callback = app.callback();
  const handle: RequestListener = (request, response) => void callback(request, response);
  const server: Server = tls === undefined ? createHttpServer(handle) : createHttpsServer(tls, handle);
  // A body may be slow, not endless; keep-alive outlives the idle time of common proxies (60 s), which else see resets.
  server.requestTimeout = 30_000;
  server.headersTimeout = 15_000;
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async (patience = 2_500) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await Promise.race([closed, delay(patience, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}
