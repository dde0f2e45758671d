/** The issuer as an application of its own, to be mounted at `/oidc`. */
import Koa from 'koa';
import { isSecure } from '../../platform/web/pipeline.ts';
import { type Failure, failureOf } from '../../platform/web/problem.ts';
import type { IdentityContext } from '../context.ts';
import { checkParameters } from './check_parameters.ts';
import { endReusedFamily } from './end_reused_family.ts';
import { goOnByPage } from './go_on.ts';
import { takePostedSignOut } from './posted_sign_out.ts';
import type { Providers } from './providers.ts';

/** Every request first catches up with what was revoked, then goes to the provider of the present keys. */
export function createIssuer(context: IdentityContext, providers: Providers): Koa {
  const app = new Koa();
  const secure = isSecure(context.config.baseUrl);
  app.use(answerFailures(context));
  app.use(async (ctx, next) => {
    const form = await checkParameters(ctx);
    if (takePostedSignOut(ctx, form)) return;
    await context.log.fence.catchUp();
    const { provider, handle } = await providers.current(needsFreshKeys(ctx));
    // TLS may end at a proxy in front, so that this process sees http: the base URL says what browsers see.
    if (secure) Object.defineProperty(ctx.request, 'protocol', { value: 'https', configurable: true });
    // The library sets some of its cookies through the outer application, which has no keys to sign them with.
    ctx.cookies = provider.createContext(ctx.req, ctx.res).cookies;
    ctx.cookies.secure = secure;
    await handle(ctx, next);
    await endReusedFamily(context, ctx);
    goOnByPage(ctx, context.config.baseUrl);
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
    const { error, status, detail, headers, foreseen } = toOAuth(failure);
    if (!foreseen)
      context.logger.error({ requestId: ctx.state.requestId as string, err: failure }, 'issuer request failed');
    ctx.status = status;
    ctx.set(headers);
    ctx.body = { error, error_description: detail };
  };
}

/** OAuth knows three kinds of failure that are nobody's answer to the request itself (RFC 6749 sections 4.1.2.1 and 5.2). */
function toOAuth(error: Error): Pick<Failure, 'status' | 'detail' | 'headers' | 'foreseen'> & { error: string } {
  const failure = failureOf(error);
  if (failure.status >= 500)
    return { ...failure, error: failure.status === 503 ? 'temporarily_unavailable' : 'server_error' };
  return { ...failure, status: 400, error: 'invalid_request' };
}
