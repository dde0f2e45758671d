/** Counting attempts before they are looked at, and the page for too many. */
import type Koa from 'koa';
import { waitInWords } from '../../platform/web/rate_limit.ts';
import type { Credentials } from '../credentials/find_credentials.ts';
import type { SignIn } from '../sessions/sign_in.ts';
import { budgets, pauseAfter } from '../throttle/budgets.ts';
import { findKnownDevice } from '../throttle/known_device.ts';
import type { Admission, Attempt } from '../throttle/throttle.ts';
import { renderStep, type SignInContext, stepOf } from './steps.ts';

export type Admitted = Admission & { admitted: true };

/** The attempt, counted as failed until it is forgiven; undefined once the page that says when to come back is answered. */
export async function admit(context: SignInContext, ctx: Koa.Context, attempt: Attempt): Promise<Admitted | undefined> {
  const admission = await context.throttle.admit(attempt);
  if (admission.admitted) return admission;
  ctx.set('Retry-After', String(admission.retryAfter));
  renderStep(ctx, 'too-many.njk', {
    title: 'Too many attempts',
    wait: waitInWords(Math.max(60, admission.retryAfter)),
  });
  ctx.status = 429;
  return undefined;
}

/** Whose attempt this is. Others can use up neither the budget of a device that is known, nor that of a session that goes on. */
export function attemptFrom(
  context: SignInContext,
  ctx: Koa.Context,
  { practitioner, email }: SignIn & { email: string },
  credentials: Credentials,
  step: Attempt['step'],
): Attempt {
  const { session } = stepOf(ctx);
  const device =
    session !== undefined && session.accountId === practitioner
      ? session.uid
      : findKnownDevice(context.config, ctx, credentials, context.clock());
  return { step, account: practitioner ?? email.toLowerCase(), address: ctx.ip, device };
}

/** Records that the attempt failed where a budget began to pause, or closed; the failures between are not told one by one. */
export async function recordFailure(context: SignInContext, attempt: SignIn, { counted }: Admitted): Promise<void> {
  for (const { budget, failures } of counted) {
    const { free, most } = budgets[budget];
    if (failures !== free && failures !== most) continue;
    const practitioner = budget === 'address' ? null : attempt.practitioner;
    const standing = practitioner === null ? undefined : await context.standing(practitioner);
    await context.log.append({
      event: 'sign-in.throttled',
      actor: { service: 'identity' },
      agencies: [...new Set(standing?.posts.map((post) => post.agency))],
      ...(practitioner === null ? {} : { subject: practitioner }),
      content: {
        by: budget,
        knownAccount: standing !== undefined,
        closedForSeconds: pauseAfter(budgets[budget], failures),
      },
    });
  }
}
