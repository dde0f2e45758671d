/** Second page: the password. A wrong one, an unknown person and a person without a password get the same answer in the same time. */
import type Koa from 'koa';
import { z } from 'zod';
import { emptyForm, type FormView, parseForm, withError } from '../../platform/web/form.ts';
import { type Credential, type Credentials, findCredentials } from '../credentials/find_credentials.ts';
import { recordPassword, type SignIn } from '../sessions/sign_in.ts';
import { renewHash } from '../credentials/renew_hash.ts';
import { completeSignIn } from './complete_sign_in.ts';
import { attemptOf, renderStep, type SignInContext, stepOf } from './steps.ts';
import { admit, attemptFrom, recordFailure } from './admit.ts';

const schema = z.object({
  password: z
    .string()
    .min(1, 'Enter your password')
    .max(1024, 'Enter your password: this one is too long to be it')
    .prefault(''),
});

/** GET /sign-in/{uid}/password */
export function showPassword(context: SignInContext): Koa.Middleware {
  return async (ctx) => {
    const attempt = await attemptOf(context, ctx);
    if (attempt !== undefined) show(ctx, attempt.email, emptyForm(schema));
  };
}

/** POST /sign-in/{uid}/password */
export function takePassword(context: SignInContext): Koa.Middleware {
  return async (ctx) => {
    const attempt = await attemptOf(context, ctx);
    if (attempt === undefined) return;
    const parsed = await parseForm(ctx, schema);
    if (!parsed.ok) return show(ctx, attempt.email, parsed.form);
    const credentials = await findCredentials(context.db, attempt.practitioner);
    const admitted = await admit(context, ctx, attemptFrom(context, ctx, attempt, credentials, 'password'));
    if (admitted === undefined) return;
    if (
      !(await context.checkPassword(credentials.password?.secret, parsed.data.password)) ||
      credentials.password === undefined
    ) {
      await recordFailure(context, attempt, admitted);
      const wrong = withError(
        parsed.form,
        'password',
        'The e-mail address or the password is not right. Check both and try again',
      );
      return show(ctx, attempt.email, wrong);
    }
    await context.throttle.forgive(admitted);
    await renewHash(context, credentials.password, parsed.data.password);
    await goOn(context, ctx, attempt, { ...credentials, password: credentials.password });
  };
}

async function goOn(
  context: SignInContext,
  ctx: Koa.Context,
  attempt: SignIn & { email: string },
  credentials: Credentials & { password: Credential },
): Promise<void> {
  const { uid } = stepOf(ctx);
  const { password, totp } = credentials;
  await recordPassword(context.db, uid, password.agency, context.clock());
  if (totp !== undefined) {
    ctx.status = 303;
    return ctx.redirect(`/sign-in/${uid}/code`);
  }
  if (password.sufficientAlone) return completeSignIn(context, ctx, { attempt, credentials });
  renderStep(ctx, 'second-factor-needed.njk', { title: 'You need a second way to prove who you are' });
  ctx.status = 403;
}

function show(ctx: Koa.Context, email: string, form: FormView): void {
  renderStep(ctx, 'password.njk', { title: 'Enter your password', email, form });
}
