/** The headers that keep a browser from running, framing or leaking what it should not. */
import { createHash } from 'node:crypto';
import type Koa from 'koa';
import helmet from 'koa-helmet';
import { readGovukTemplate } from './govuk.ts';

/** Sets the security headers of every page; HSTS only where the service is reached over https. */
export function securityHeaders(options: { secure: boolean }): Koa.Middleware {
  const headers = listSecurityHeaders(options.secure);
  return async (ctx, next) => {
    for (const [name, value] of headers) ctx.res.setHeader(name, value);
    await next();
  };
}

/** What helmet would set, asked once: its headers are the same for every request, and a decision has no time to spare. */
export function listSecurityHeaders(secure: boolean): [string, string][] {
  const headers = new Map<string, string>();
  const recorder = {
    setHeader: (name: string, value: string) => void headers.set(name, value),
    removeHeader: (name: string) => void headers.delete(name),
  };
  const ask = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: contentPolicy() },
    strictTransportSecurity: secure ? { maxAge: 63_072_000, includeSubDomains: false } : false,
    // `no-referrer` would make browsers send `Origin: null` with our own forms, which the CSRF check refuses.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // For browsers long gone.
    xDownloadOptions: false,
    xDnsPrefetchControl: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  void ask({ req: {}, res: recorder } as unknown as Koa.ParameterizedContext, async () => undefined);
  headers.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self)');
  headers.set('Cache-Control', 'no-store');
  return [...headers];
}

/**
 * Lets the one form of a page go to another origin, and on from there: browsers hold every redirect that follows a form to
 * `form-action`, and which ones follow only the other side knows. For pages that hold nothing but that form.
 */
export function allowFormTo(ctx: Koa.Context, url: string): void {
  const policy = ctx.response.get('Content-Security-Policy');
  ctx.set('Content-Security-Policy', policy.replace("form-action 'self'", `form-action ${new URL(url).protocol}`));
}

function contentPolicy(): Record<string, string[]> {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...inlineScriptHashes(readGovukTemplate())],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:'],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ["'none'"],
  };
}

/** CSP sources for the inline scripts of a template: its hash, so that pages need no nonce and stay the same for all. */
function inlineScriptHashes(template: string): string[] {
  return [...template.matchAll(/<script[^>]*>([^<]+)<\/script>/g)].map(
    ([, script]) =>
      `'sha256-${createHash('sha256')
        .update(script ?? '')
        .digest('base64')}'`,
  );
}
