/** Real HTTP for tests: an application on a free port, its log lines, and requests that say exactly what goes out. */
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type Koa from 'koa';
import { mailViews } from '../../../platform/mail/demo_mail.ts';
import { createLogger, type Logger } from '../../../platform/telemetry/logger.ts';
import type { ApiOperation } from '../../../platform/web/api.ts';
import { createAssets } from '../../../platform/web/assets.ts';
import { createPipeline, type PipelineOptions } from '../../../platform/web/pipeline.ts';
import { serveApi } from '../../../platform/web/serve_api.ts';
import { createViews } from '../../../platform/web/views.ts';

export type Served = { url: string; port: number; close(): Promise<void> };

/** Serves an application, or whatever answers requests, on loopback. */
export async function serve(app: Koa | RequestListener): Promise<Served> {
  const server = createServer('callback' in app ? (app.callback() as RequestListener) : app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A logger whose lines a test can read. */
export function memoryLogger(level = 'info'): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { logger: createLogger({ logLevel: level }, sink), lines };
}

/** What a pipeline needs; `roots` adds folders of templates to the ground floor's own. */
function webOptions({ roots = [], ...rest }: Partial<PipelineOptions> & { roots?: string[] }): PipelineOptions {
  const assets = createAssets();
  return {
    baseUrl: 'http://localhost:4000',
    trustedProxies: 0,
    logger: memoryLogger().logger,
    views: createViews({ roots: [...roots, mailViews], assets }),
    assets,
    ...rest,
  };
}

/** A pipeline of pages. */
export function testPipeline(options: Partial<PipelineOptions> & { roots?: string[] } = {}): Koa {
  return createPipeline(webOptions(options));
}

/** Operations as the service answers them, before pages or before none. */
export function testApi(
  operations: ApiOperation[],
  options: Partial<PipelineOptions> = {},
  pages: Koa = testPipeline(options),
): RequestListener {
  return serveApi(operations, pages.callback(), webOptions(options));
}

export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json(): unknown;
};

/** Sends one request with node:http, which adds no headers of its own and does not tidy the path. */
export function send(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { hostname, port, pathname, search } = new URL(url);
  const path = options.path ?? `${pathname}${search}`;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            json: () => JSON.parse(text) as unknown,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

/** Posts JSON text as it stands. */
export function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(url, { method: 'POST', body: text, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** Posts form fields. */
export function postForm(
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = new URLSearchParams(fields).toString();
  return send(url, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  });
}

/** Waits until something is true, looking every 20 ms; fails after `milliseconds`. */
export async function waitFor(condition: () => boolean | Promise<boolean>, milliseconds = 60_000): Promise<void> {
  const until = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`Not true after ${milliseconds} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
