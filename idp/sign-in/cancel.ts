/** Giving up: the partner system is told that access was not given, as the standard says. */
import type Koa from 'koa';
import { finish } from './steps.ts';

/** POST /sign-in/{uid}/cancel */
export async function cancelSignIn(ctx: Koa.Context): Promise<void> {
  await finish(ctx, { error: 'access_denied', error_description: 'The person stopped signing in' });
}
