/** Casebook's stylesheets: govuk-frontend without the typeface, crown and crest that only gov.uk may carry, and its own. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type Koa from 'koa';

const systemFonts = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",arial,sans-serif';

/** Serves the two stylesheets from memory, under names that change with each start. */
export function serveStyles(): { middleware: Koa.Middleware; version: string } {
  const version = Date.now().toString(36);
  const sheets = new Map([
    [`/static/${version}/govuk.css`, readGovukStyles()],
    [`/static/${version}/casebook.css`, readFileSync(path.join(import.meta.dirname, 'assets', 'casebook.css'), 'utf8')],
  ]);
  const middleware: Koa.Middleware = async (ctx, next) => {
    const sheet = ctx.method === 'GET' || ctx.method === 'HEAD' ? sheets.get(ctx.path) : undefined;
    if (sheet === undefined) return next();
    ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
    ctx.type = 'text/css; charset=utf-8';
    ctx.body = sheet;
  };
  return { middleware, version };
}

function readGovukStyles(): string {
  const root = path.dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json'));
  return readFileSync(path.join(root, 'dist/govuk/govuk-frontend.min.css'), 'utf8')
    .replaceAll(/@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,arial,sans-serif', systemFonts)
    .replaceAll('url(/assets/images/govuk-crest.svg)', 'none')
    .replaceAll(/\/\*# sourceMappingURL=.*?\*\//g, '');
}
