/** The guard for Koa. */
import type { Client } from './client.ts';
import { type Guarded, guardRecord, type GuardOptions, problemType, toProblem } from './guard.ts';

/** What of Koa's context the guard touches; Koa is not imported. */
type KoaContext = {
  state: Record<string, unknown>;
  status: number;
  body: unknown;
  type: string;
  set(field: string, value: string): void;
};
export type KoaGuard<Context extends KoaContext> = (context: Context, next: () => Promise<unknown>) => Promise<void>;

/** Puts a `Guarded` into `ctx.state.wayleave` and goes on; on a refusal the next handler is not reached. */
export function koaGuard<Context extends KoaContext, Shown extends object>(
  client: Client,
  options: GuardOptions<Context, Shown>,
): KoaGuard<Context> {
  return async (context, next) => {
    context.set('Cache-Control', 'no-store');
    const outcome = await guardRecord(client, options, context);
    if (!('refusal' in outcome)) {
      context.state.wayleave = outcome satisfies Guarded<Shown>;
      await next();
      return;
    }
    const { refusal } = outcome;
    context.status = refusal.status;
    if (options.onRefusal !== undefined) await options.onRefusal(context, refusal);
    else {
      context.body = JSON.stringify(toProblem(refusal));
      context.type = problemType;
    }
  };
}
