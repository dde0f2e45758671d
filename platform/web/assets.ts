/** Styles, scripts and pictures, held in memory under names that change with their content, so that browsers keep them for ever. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type Koa from 'koa';
import { PlatformError } from '../errors.ts';
import { readGovukScript, readGovukStyles } from './govuk.ts';

type Asset = { type: string; body: Buffer; brotli?: Buffer };

export type Assets = {
  /** The address of an asset by its plain name; throws for a name that does not exist. */
  url(name: string): string;
  find(path: string): Asset | undefined;
};

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

/** Reads govuk-frontend's assets, our own, and the files of further folders; names must not collide. */
export function createAssets(folders: string[] = []): Assets {
  const urls = new Map<string, string>();
  const byPath = new Map<string, Asset>();
  const add = (name: string, body: Buffer): void => {
    const type = types[extname(name)];
    if (type === undefined) return;
    if (urls.has(name)) throw new PlatformError('conflict', 'asset-twice', `Two assets are named ${name}. Rename one.`);
    const url = `/assets/${createHash('sha256').update(body).digest('hex').slice(0, 16)}/${name}`;
    urls.set(name, url);
    byPath.set(url, { type, body, ...compressed(type, body) });
  };
  const url = (name: string): string => {
    const found = urls.get(name);
    if (found === undefined) throw new PlatformError('not-found', 'asset-unknown', `There is no asset named ${name}.`);
    return found;
  };
  add('govuk-frontend.css', Buffer.from(readGovukStyles()));
  add('govuk-frontend.js', Buffer.from(readGovukScript()));
  add('start.js', Buffer.from(`import { initAll } from '${url('govuk-frontend.js')}';\ninitAll();\n`));
  for (const folder of [join(import.meta.dirname, 'assets'), ...folders]) {
    for (const name of readdirSync(folder)) add(name, readFileSync(join(folder, name)));
  }
  return { url, find: (path) => byPath.get(path) };
}

/** Answers GET and HEAD under /assets/ from memory; the path is a key, never a file name, so there is nothing to traverse. */
export function serveAssets(assets: Assets): Koa.Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/assets/') || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    ctx.state.route = '/assets/{hash}/{name}';
    ctx.state.quiet = true;
    const asset = assets.find(ctx.path);
    if (asset === undefined) return;
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.vary('Accept-Encoding');
    const brotli = asset.brotli !== undefined && ctx.acceptsEncodings('br', 'identity') === 'br';
    if (brotli) ctx.set('Content-Encoding', 'br');
    ctx.type = asset.type;
    ctx.body = brotli ? asset.brotli : asset.body;
  };
}

function compressed(type: string, body: Buffer): { brotli?: Buffer } {
  if (body.length < 1024 || type === 'image/png') return {};
  return { brotli: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }) };
}
