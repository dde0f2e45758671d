/** What the pages of sign-in share: the interaction they belong to, and how they hand back to the provider. */
import type Koa from 'koa';
import { errors, type Provider } from 'oidc-provider';
import type { IdentityContext } from '../context.ts';
import type { PasswordCheck } from '../credentials/password_hash.ts';
import { IdentityError } from '../errors.ts';
import type { InteractionResult } from '../provider/load_grant.ts';
import type { Providers } from '../provider/providers.ts';
import { render, type PageModel } from '../../platform/web/render.ts';
import { findSignIn, type SignIn } from '../sessions/sign_in.ts';
import type { Throttle } from '../throttle/throttle.ts';

export type SignInContext = IdentityContext & {
  providers: Providers;
  throttle: Throttle;
  checkPassword: PasswordCheck;
};

/** What the guard of the route line found. `partner` is the name of the system that the person wants to open. */
type Step = {
  provider: Provider;
  uid: string;
  prompt: string;
  client: string;
  partner: string;
  hint: string;
  session: { uid: string; accountId: string } | undefined;
};

/** Loads the interaction of this browser, or says that the sign-in has ended. Stands first in each route. */
export function requireInteraction(context: SignInContext, prompt?: string): Koa.Middleware {
  return async (ctx, next) => {
    await context.log.fence.catchUp();
    const { provider } = await context.providers.current();
    const step = await loadStep(provider, ctx);
    if (step === undefined) throw lost();
    if (prompt !== undefined && step.prompt !== prompt) return ctx.redirect(`/sign-in/${step.uid}`);
    ctx.state.step = step;
    await next();
  };
}

async function loadStep(provider: Provider, ctx: Koa.Context): Promise<Step | undefined> {
  try {
    const interaction = await provider.interactionDetails(ctx.req, ctx.res);
    const { client_id: id, login_hint: hint } = interaction.params as Record<string, string>;
    const client = await provider.Client.find(id ?? '');
    if (client === undefined || interaction.uid !== (ctx.params as { uid?: string }).uid) return undefined;
    const session = interaction.session as { uid: string; accountId: string } | undefined;
    return {
      provider,
      uid: interaction.uid,
      prompt: interaction.prompt.name,
      client: client.clientId,
      partner: client.clientName ?? client.clientId,
      hint: hint ?? '',
      session,
    };
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

/** The step that the guard loaded. */
export function stepOf(ctx: Koa.Context): Step {
  return ctx.state.step as Step;
}

/** The attempt with an e-mail address, or undefined after sending the browser back to the first page. */
export async function attemptOf(
  context: SignInContext,
  ctx: Koa.Context,
): Promise<(SignIn & { email: string }) | undefined> {
  const { uid } = stepOf(ctx);
  const attempt = await findSignIn(context.db, uid);
  if (attempt?.email != null) return { ...attempt, email: attempt.email };
  ctx.redirect(`/sign-in/${uid}`);
  return undefined;
}

/** Renders a page of sign-in with what all of them show. */
export function renderStep(ctx: Koa.Context, template: string, model: PageModel): void {
  const { uid, partner } = stepOf(ctx);
  render(ctx, `sign-in/${template}`, { ...model, uid, partner });
}

/** Hands the result to the provider and sends the browser on to it. */
export async function finish(
  ctx: Koa.Context,
  result: Partial<InteractionResult> | { error: string; error_description: string },
): Promise<void> {
  const { provider } = stepOf(ctx);
  const returnTo = await provider.interactionResult(ctx.req, ctx.res, result, {
    mergeWithLastSubmission: !('error' in result),
  });
  ctx.status = 303;
  ctx.redirect(returnTo);
}

function lost(): IdentityError {
  return new IdentityError(
    'not-found',
    'sign-in-ended',
    'This sign-in has ended: it was left open too long, was finished in another tab, or your browser did not send its cookies. ' +
      'Go back to the system that you wanted to open and start again there.',
  );
}
