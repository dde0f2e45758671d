/** What stands before a record: ask, load only after a permit, strip, carry out the duties. The same for every framework. */
import type { Client } from './client.ts';
import { expired, toWayleaveError, WayleaveError } from './errors.ts';
import { carryOut, type Handlers } from './obligations.ts';
import { refuse } from './read_answer.ts';
import { holds, show } from './show.ts';
import type { Answer, DutyDesk, Missing, Question } from './types.ts';

/** `context`: what the framework hands to its handlers. */
export type GuardOptions<Context, Shown extends object> = {
  question(context: Context): Question | Promise<Question>;
  /** The whole record; called only after a permit. `undefined`: there is none. */
  load(context: Context): Shown | undefined | Promise<Shown | undefined>;
  /** Handlers by duty id or type. Without one, an answer that comes with duties is refused. */
  obligations?: Handlers<Context>;
  /** The page's own way to refuse; without it, a problem document (RFC 9457). */
  onRefusal?(context: Context, refusal: Refusal): unknown;
};

/** What the next handler gets: only what may be shown. */
export type Guarded<Shown extends object> = { answer: Answer; record: Partial<Shown> };

export type Refusal = {
  answer: Answer;
  reason: { code: string; text: string };
  missing: Missing[];
  dutyDesk: DutyDesk | undefined;
  /** Why there is no answer, or why it could not be used; absent where Wayleave said no. */
  failure: WayleaveError | undefined;
  /** 403; 404 where there is no such record; 503 where Wayleave could not be asked. */
  status: 403 | 404 | 503;
};

type Outcome<Shown extends object> = Guarded<Shown> | { refusal: Refusal };

/** What went wrong with Wayleave is a refusal; what `question` and `load` throw is the page's own, and is thrown on. */
export async function guardRecord<Context, Shown extends object>(
  client: Client,
  options: GuardOptions<Context, Shown>,
  context: Context,
): Promise<Outcome<Shown>> {
  const answer = await client.evaluate(await options.question(context));
  if (!answer.decision) return { refusal: toRefusal(client, answer) };
  const loaded = await options.load(context);
  try {
    if (loaded === undefined) throw new WayleaveError('record-not-found', 'There is no such record.');
    const record = show(answer, loaded, client.clock());
    await carryOut(client, answer, options.obligations ?? {}, context);
    // Looked at last, too: loading and duties take time.
    if (!holds(answer, client.clock())) throw expired();
    return { answer, record };
  } catch (error) {
    const { id, duty_desk: desk = client.dutyDesk } = answer.context;
    const { context: said, ...refused } = refuse(toWayleaveError(error), client.clock(), desk);
    return { refusal: toRefusal(client, { ...refused, context: { ...said, ...(id !== undefined && { id }) } }) };
  }
}

function toRefusal({ dutyDesk }: Client, answer: Answer): Refusal {
  const { reason, missing, duty_desk: desk = dutyDesk } = answer.context;
  return { answer, reason, missing, dutyDesk: desk, failure: answer.failure, status: statusOf(answer.failure) };
}

const unavailable = ['unreachable', 'timed-out', 'not-available', 'service-failed', 'token-refused'];

function statusOf(failure: WayleaveError | undefined): Refusal['status'] {
  if (failure === undefined) return 403;
  if (failure.code === 'record-not-found') return 404;
  return unavailable.includes(failure.code) ? 503 : 403;
}

export const problemType = 'application/problem+json';

/** A refusal as a problem document (RFC 9457), for pages without words of their own. */
export function toProblem({ answer, reason, missing, dutyDesk, status }: Refusal): object {
  return {
    type: 'about:blank',
    title: 'Nothing is shown',
    status,
    code: reason.code,
    detail: reason.text,
    missing,
    ...(answer.context.id !== undefined && { decision: answer.context.id }),
    ...(dutyDesk && { duty_desk: dutyDesk }),
  };
}
