/** Third page: the one-time code from the authenticator app. */
import type Koa from 'koa';
import { z } from 'zod';
import { readNumber } from '../../platform/typed.ts';
import { emptyForm, type FormView, parseForm, withError } from '../../platform/web/form.ts';
import { findCredentials } from '../credentials/find_credentials.ts';
import { findTotpStep, unsealTotpSecret } from '../credentials/totp.ts';
import type { SignIn } from '../sessions/sign_in.ts';
import { admit, attemptFrom, recordFailure } from './admit.ts';
import { completeSignIn } from './complete_sign_in.ts';
import { attemptOf, renderStep, type SignInContext, stepOf } from './steps.ts';

const schema = z.object({
  code: z
    .string()
    .min(1, 'Enter the six-digit code')
    .prefault('')
    .transform(readNumber)
    .pipe(z.string().regex(/^\d{6}$/, 'The code is six digits, like 123456')),
});

/** How long a right password waits for its code. */
const patienceSeconds = 10 * 60;

/** GET /sign-in/{uid}/code */
export function showCode(context: SignInContext): Koa.Middleware {
  return async (ctx) => {
    if ((await provedAttempt(context, ctx)) !== undefined) show(ctx, emptyForm(schema));
  };
}

/** POST /sign-in/{uid}/code */
export function takeCode(context: SignInContext): Koa.Middleware {
  return async (ctx) => {
    const attempt = await provedAttempt(context, ctx);
    if (attempt === undefined) return;
    const parsed = await parseForm(ctx, schema);
    if (!parsed.ok) return show(ctx, parsed.form);
    const { password, totp } = await findCredentials(context.db, attempt.practitioner);
    if (password === undefined || totp === undefined) return ctx.redirect(`/sign-in/${stepOf(ctx).uid}`);
    const credentials = { password, totp };
    const admitted = await admit(context, ctx, attemptFrom(context, ctx, attempt, credentials, 'code'));
    if (admitted === undefined) return;
    const secret = unsealTotpSecret(context.config.masterKey, totp.id, totp.secret);
    const step = await findTotpStep(secret, parsed.data.code, context.clock());
    const refuse = async (why: string): Promise<void> => {
      await recordFailure(context, attempt, admitted);
      show(ctx, withError(parsed.form, 'code', why));
    };
    if (step === undefined) return refuse('That code is not right. Wait for the next one in your app and enter that');
    const used = () => refuse('That code was used already: each counts once. Wait for the next one in your app');
    if (totp.lastStep !== null && step <= totp.lastStep) return used();
    await completeSignIn(context, ctx, { attempt, credentials, code: { step, used, admitted } });
  };
}

/** The attempt once its password was right, a short while ago; otherwise the browser goes back a page. */
async function provedAttempt(
  context: SignInContext,
  ctx: Koa.Context,
): Promise<(SignIn & { email: string; practitioner: string }) | undefined> {
  const attempt = await attemptOf(context, ctx);
  if (attempt === undefined) return undefined;
  const { practitioner, passwordAt } = attempt;
  if (practitioner !== null && passwordAt !== null && passwordAt + patienceSeconds > context.clock())
    return { ...attempt, practitioner };
  ctx.redirect(`/sign-in/${attempt.id}/password`);
  return undefined;
}

function show(ctx: Koa.Context, form: FormView): void {
  renderStep(ctx, 'code.njk', { title: 'Enter your one-time code', form });
}
