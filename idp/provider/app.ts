/** The issuer as an application of its own, to be mounted at `/oidc`. */
import Koa from 'koa';
import { ServiceError } from '../../platform/errors.ts';
import { isSecure } from '../../platform/web/pipeline.ts';
import type { IdentityContext } from '../context.ts';
import type { Providers } from './providers.ts';

/** Every request first catches up with what was revoked, then goes to the provider of the present keys. */
export function createIssuer(context: IdentityContext, providers: Providers): Koa {
  const app = new Koa();
  const secure = isSecure(context.config.baseUrl);
  app.use(answerFailures(context));
  app.use(async (ctx, next) => {
    await context.log.fence.catchUp();
    const { provider, handle } = await providers.current(needsFreshKeys(ctx));
    // TLS may end at a proxy in front, so that this process sees http: the base URL says what browsers see.
    if (secure) Object.defineProperty(ctx.request, 'protocol', { value: 'https', configurable: true });
    // The library sets some of its cookies through the outer application, which has no keys to sign them with.
    ctx.cookies = provider.createContext(ctx.req, ctx.res).cookies;
    ctx.cookies.secure = secure;
    await handle(ctx, next);
  });
  return app;
}

/** Another process may have rotated a moment ago: who asks for the keys, or brings a token signed by us, must not meet old ones. */
function needsFreshKeys(ctx: Koa.Context): boolean {
  return ctx.path === '/jwks' || ctx.query.id_token_hint !== undefined;
}

/**
 * The library answers what it did not foresee with 500 and no word. Pages leave that to the web kit, which knows a
 * database that is away from a mistake; programs get OAuth's own form.
 */
function answerFailures(context: IdentityContext): Koa.Middleware {
  return async (ctx, next) => {
    const failure = await next().then(
      () => ctx.state.identityFailure as Error | undefined,
      (error: Error) => error,
    );
    if (failure === undefined) return;
    if (ctx.response.is('html') || ctx.accepts('json', 'html') === 'html') throw failure;
    const away = failure instanceof ServiceError && failure.kind === 'unavailable';
    if (!away)
      context.logger.error({ requestId: ctx.state.requestId as string, err: failure }, 'issuer request failed');
    ctx.status = away ? 503 : 500;
    if (away) ctx.set('Retry-After', '1');
    ctx.body = away
      ? { error: 'temporarily_unavailable', error_description: failure.message }
      : { error: 'server_error', error_description: 'Something went wrong on our side. It has been recorded.' };
  };
}
