/** The HTTP server of the process: with time limits, an answer while it starts, and an end that lets running requests finish. */
import { createServer as createHttpServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

/** A server that listens nowhere yet and answers 503 until `serve` gives it an application. */
export function createServer(tls?: { cert: Buffer; key: Buffer }): Server {
  const server =
    tls === undefined ? createHttpServer(starting) : createHttpsServer({ cert: tls.cert, key: tls.key }, starting);
  // A body may be slow, not endless; keep-alive outlives the idle time of common proxies (60 s), which else see resets.
  server.requestTimeout = 30_000;
  server.headersTimeout = 15_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

/** From here on requests are answered by the application. */
export function serve(server: Server, handle: (...request: Parameters<RequestListener>) => unknown): void {
  server.removeAllListeners('request');
  server.on('request', (request, response) => void handle(request, response));
}

/** Lets through what machines ask about a process, and nothing else: for one that works off jobs and serves nobody. */
export function onlyTelemetry(handle: (...request: Parameters<RequestListener>) => unknown): RequestListener {
  return (request, response) => {
    if (/^\/(healthz|readyz|metrics)$/.test(request.url ?? '')) void handle(request, response);
    else refuse(response, 'This process works off background jobs and serves nobody.');
  };
}

/** Takes no more connections, waits for the requests on those there are, and cuts what is left after `patience` milliseconds. */
export async function closeServer(server: Server, patience = 2_000): Promise<void> {
  // A busy caller would go on asking over the connection that it has.
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Those whose request ends only now are idle later.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await Promise.race([closed, delay(patience, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
  await closed;
}

const starting: RequestListener = (_request, response) =>
  refuse(response, 'Wayleave is starting. Try again in a few seconds.');

function refuse(response: ServerResponse, why: string): void {
  response.writeHead(503, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Retry-After': '2',
    'Cache-Control': 'no-store',
  });
  response.end(`${why}\n`);
}
