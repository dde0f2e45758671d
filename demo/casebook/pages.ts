/** Casebook's pages: templates, and the headers that keep them from being framed, cached or extended with scripts. */
import path from 'node:path';
import type Koa from 'koa';
import nunjucks from 'nunjucks';
import { CasebookError } from './errors.ts';
import type { Settings } from './options.ts';

export type Render = (ctx: Koa.Context, template: string, model: Record<string, unknown> & { title: string }) => void;

export function createRender(settings: Settings, version: string): Render {
  const views = new nunjucks.Environment(new nunjucks.FileSystemLoader(path.join(import.meta.dirname, 'views')), {
    autoescape: true,
    throwOnUndefined: false,
    trimBlocks: true,
    lstripBlocks: true,
  });
  return (ctx, template, model) => {
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = views.render(template, { agency: settings.agency, session: ctx.state.session, version, ...model });
  };
}

/** No scripts at all. Forms may end at Wayleave, where signing out goes on. */
export function securityHeaders(settings: Settings): Koa.Middleware {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    'img-src data:',
    `form-action 'self' ${new URL(settings.issuer).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', policy);
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Referrer-Policy', 'same-origin');
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('X-Frame-Options', 'DENY');
    ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
    ctx.set('Cross-Origin-Resource-Policy', 'same-origin');
    ctx.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
    await next();
  };
}

/** Turns whatever went wrong into a page in words; an outage comes with the duty desk. */
export function problems(settings: Settings, render: Render): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw notFound();
    } catch (error) {
      const problem = error instanceof CasebookError ? error : unexpected(error);
      if (problem.status >= 500) settings.say(`Casebook: ${problem.title} (${reasonOf(problem.cause)})`);
      ctx.status = problem.status;
      render(ctx, 'problem.njk', {
        title: problem.title,
        message: problem.message,
        desk: problem.failure === 'outage' ? settings.dutyDesk : undefined,
        link: linkOf(ctx, problem),
      });
    }
  };
}

export function notFound(): CasebookError {
  return new CasebookError(
    'not-found',
    'There is no such page',
    'Casebook has no page or case at this address. Check the reference.',
  );
}

function linkOf(ctx: Koa.Context, problem: CasebookError): { href: string; text: string } {
  if (problem.failure === 'sign-in') return { href: '/sign-in', text: 'Sign in' };
  if (problem.failure === 'outage' && ctx.method === 'GET' && ctx.path !== '/callback')
    return { href: ctx.url, text: 'Try again' };
  return { href: '/', text: 'Go to the start of Casebook' };
}

function unexpected(cause: unknown): CasebookError {
  return new CasebookError(
    'outage',
    'Something went wrong in Casebook',
    'Nothing was shown and nothing was changed. Try again in a minute.',
    cause,
  );
}

// The kind of failure only: its message might quote somebody's data.
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no further detail';
  const inner = cause.cause instanceof Error ? cause.cause : cause;
  return (inner as { code?: string }).code ?? inner.name;
}
