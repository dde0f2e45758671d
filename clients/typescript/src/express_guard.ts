/** The guard for Express. */
import type { Client } from './client.ts';
import { type Guarded, guardRecord, type GuardOptions, problemType, toProblem } from './guard.ts';

/** What of Express the guard touches; Express is not imported. */
type ExpressResponse = {
  locals: Record<string, unknown>;
  set(field: string, value: string): unknown;
  status(code: number): unknown;
  end(text: string): unknown;
};
type ExpressContext<Request, Response extends ExpressResponse> = { request: Request; response: Response };
export type ExpressGuard<Request, Response extends ExpressResponse> = (
  request: Request,
  response: Response,
  next: (error?: unknown) => void,
) => Promise<void>;

/** Puts a `Guarded` into `response.locals.wayleave` and goes on; on a refusal the next handler is not reached. */
export function expressGuard<Request, Response extends ExpressResponse, Shown extends object>(
  client: Client,
  options: GuardOptions<ExpressContext<Request, Response>, Shown>,
): ExpressGuard<Request, Response> {
  return async (request, response, next) => {
    try {
      response.set('Cache-Control', 'no-store');
      const context = { request, response };
      const outcome = await guardRecord(client, options, context);
      if ('refusal' in outcome) {
        response.status(outcome.refusal.status);
        if (options.onRefusal !== undefined) await options.onRefusal(context, outcome.refusal);
        else {
          response.set('Content-Type', problemType);
          response.end(JSON.stringify(toProblem(outcome.refusal)));
        }
        return;
      }
      response.locals.wayleave = outcome satisfies Guarded<Shown>;
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
}
