/** Counting attempts before they are looked at, and the page for too many. */
import type Koa from 'koa';
import type { SignIn } from '../sessions/sign_in.ts';
import type { Admission, Attempt } from '../throttle.ts';
import { renderStep, type SignInContext } from './steps.ts';

/** True when the attempt may be looked at. Otherwise the page that says when to come back has been answered. */
export async function admit(
  context: SignInContext,
  ctx: Koa.Context,
  attempt: SignIn & { email: string },
): Promise<boolean> {
  const admission = await context.throttle.admit(attemptFrom(ctx, attempt));
  if (admission.admitted) return true;
  if (admission.first) await recordThrottling(context, attempt, admission);
  ctx.set('Retry-After', String(admission.retryAfter));
  renderStep(ctx, 'too-many.njk', { title: 'Too many attempts', minutes: Math.ceil(admission.retryAfter / 60) });
  ctx.status = 429;
  return false;
}

/** Whose attempt this is. */
export function attemptFrom(ctx: Koa.Context, attempt: { email: string }): Attempt {
  return { account: attempt.email, address: ctx.ip };
}

/** One entry stands for all the failures that closed the door; the refusals after it are not recorded one by one. */
async function recordThrottling(
  context: SignInContext,
  attempt: SignIn,
  admission: Admission & { admitted: false },
): Promise<void> {
  const practitioner = admission.kind === 'account' ? attempt.practitioner : null;
  const standing = practitioner === null ? undefined : await context.standing(practitioner);
  await context.log.append({
    event: 'sign-in.throttled',
    actor: { service: 'identity' },
    agencies: [...new Set(standing?.posts.map((post) => post.agency))],
    ...(practitioner === null ? {} : { subject: practitioner }),
    content: { by: admission.kind, knownAccount: standing !== undefined, closedForSeconds: admission.retryAfter },
  });
}
