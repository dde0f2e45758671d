/** Turns whatever failed into an answer: a page for a browser, a problem document for a program. */
import type Koa from 'koa';
import type { Logger } from 'pino';
import { type Failure, failureOf, failureOfStatus, titleOf, toProblem } from './problem.ts';
import { render } from './render.ts';
import { logFailure } from './request_log.ts';

/** What a refusal or outage page says beside the failure; a route sets it as `ctx.state.errorNote`. */
export type ErrorNote = { heading: string; text: string; desk?: { name: string; phone: string; hours: string } };

/** Answers errors thrown further in, and statuses left without a body. */
export function answerErrors(logger: Logger): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.respond === false || ctx.res.headersSent) return;
      if (ctx.status >= 400 && (ctx.body === undefined || ctx.body === null))
        answer(ctx, failureOfStatus(ctx.status), logger);
    } catch (error) {
      const failure = failureOf(error);
      logFailure(logger, ctx.state.requestId as string, failure, error);
      if (ctx.res.headersSent) throw error;
      answer(ctx, failure, logger);
    }
  };
}

function answer(ctx: Koa.Context, failure: Failure, logger: Logger): void {
  for (const header of ['ETag', 'Last-Modified', 'Content-Encoding', 'Content-Disposition', 'Content-Length'])
    ctx.remove(header);
  ctx.set('Cache-Control', 'no-store');
  ctx.set(failure.headers);
  ctx.status = failure.status;
  if (!wantsPage(ctx)) return answerProblem(ctx, failure);
  try {
    renderFailure(ctx, failure);
  } catch (error) {
    // The page itself is broken: say so in the log, and answer in the form that needs no template.
    logger.error({ requestId: ctx.state.requestId, err: error }, 'error page failed');
    answerProblem(ctx, failure);
  }
  ctx.status = failure.status;
}

function answerProblem(ctx: Koa.Context, failure: Failure): void {
  const note = ctx.state.errorNote as ErrorNote | undefined;
  const problem = toProblem(failure, ctx.state.requestId as string);
  ctx.body = JSON.stringify(note === undefined ? problem : { ...problem, note: note.text });
  ctx.set('Content-Type', 'application/problem+json');
  ctx.status = failure.status;
}

function renderFailure(ctx: Koa.Context, failure: Failure): void {
  render(ctx, 'error.njk', {
    title: titleOf(failure.status),
    detail: failure.detail,
    status: failure.status,
    issues: failure.issues,
    note: ctx.state.errorNote as ErrorNote | undefined,
  });
}

/** A browser names text/html; a program that takes anything gets the problem document. */
function wantsPage(ctx: Koa.Context): boolean {
  return /\btext\/html\b/.test(ctx.get('Accept'));
}
