/** First page: the work e-mail address. The next page is the same whether anybody is known by it or not. */
import type Koa from 'koa';
import { z } from 'zod';
import { findPractitionerByEmail } from '../../directory/people/find_practitioner.ts';
import { readLine } from '../../platform/typed.ts';
import { emptyForm, type FormView, parseForm } from '../../platform/web/form.ts';
import { beginSignIn, findSignIn } from '../sessions/sign_in.ts';
import { finish, renderStep, type SignInContext, stepOf } from './steps.ts';

const schema = z.object({
  email: z
    .string()
    .overwrite(readLine)
    .min(1, 'Enter your work e-mail address')
    .max(254, 'Enter an e-mail address of at most 254 characters')
    .regex(/^[^\s@]+@[^\s@]+$/, 'Enter an e-mail address in the right form, like name@agency.example')
    .prefault(''),
});

/** GET /sign-in/{uid}: where an interaction begins, whatever the provider wants. */
export function showFirstPage(context: SignInContext): Koa.Middleware {
  return async (ctx) => {
    const step = stepOf(ctx);
    if (step.prompt === 'select_post') return ctx.redirect(`/sign-in/${step.uid}/post`);
    if (step.prompt !== 'login') return finish(ctx, { consent: {} });
    const attempt = await findSignIn(context.db, step.uid);
    show(ctx, emptyForm(schema, { email: attempt?.email ?? step.hint }));
  };
}

/** POST /sign-in/{uid}/email */
export function takeEmail(context: SignInContext): Koa.Middleware {
  return async (ctx) => {
    const { uid, client } = stepOf(ctx);
    const parsed = await parseForm(ctx, schema);
    if (!parsed.ok) return show(ctx, parsed.form);
    const { email } = parsed.data;
    const found = await findPractitionerByEmail(context.db, email);
    await beginSignIn(context.db, { id: uid, email, practitioner: found?.id, client, now: context.clock() });
    ctx.status = 303;
    ctx.redirect(`/sign-in/${uid}/password`);
  };
}

function show(ctx: Koa.Context, form: FormView): void {
  renderStep(ctx, 'email.njk', { title: 'Sign in', form });
}
