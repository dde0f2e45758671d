/** Carrying out the duties that come with an answer, before anything of the record goes out. */
import type { Client } from './client.ts';
import { expired, toWayleaveError, WayleaveError } from './errors.ts';
import { holds } from './show.ts';
import type { Answer, Obligation, ObligationState } from './types.ts';

/** `done`; or `taken`: put before a person, whose system says `done` by `acknowledge` once they did it. */
export type Outcome = 'done' | 'taken';

/** Carries out one duty. It may be asked again about the same `decision` and must then do it once. Throwing refuses it. */
export type Handler<Context> = (
  obligation: Obligation,
  about: { decision: string; answer: Answer; context: Context },
) => Outcome | Promise<Outcome>;

/** By the duty's id, or else by its type. */
export type Handlers<Context> = Record<string, Handler<Context>>;

/**
 * Carries out each duty in its order, none of an answer whose time is over, and tells Wayleave. Throws `answer-expired`, `obligation-unknown` before anything is done where one has
 * no handler, `obligation-failed`, and `obligation-not-acknowledged`: the answer then counts as a refusal (AuthZEN
 * obligations profile, draft). What was not done is told to Wayleave too, if it can be.
 */
export async function carryOut<Context>(
  client: Client,
  answer: Answer,
  handlers: Handlers<Context>,
  context: Context,
): Promise<void> {
  const { id: decision = '', obligations } = answer.context;
  const unknown = obligations.filter((one) => handlerOf(handlers, one) === undefined);
  if (unknown.length > 0) {
    await tell(client, decision, refused(unknown));
    throw new WayleaveError('obligation-unknown', `No handler for ${unknown.map(({ type }) => type).join(', ')}.`);
  }
  const done: ObligationState[] = [];
  for (const [index, obligation] of obligations.entries()) {
    // Doing one takes time, in which the answer may run out.
    if (!holds(answer, client.clock())) {
      await tell(client, decision, [...done, ...refused(obligations.slice(index))]);
      throw expired();
    }
    const outcome = await handle(client, obligation, handlers, { decision, answer, context });
    if (outcome === 'done') done.push({ id: obligation.id, state: 'done' });
  }
  if (done.length > 0) await tellDone(client, decision, done);
}

function handlerOf<Context>(handlers: Handlers<Context>, { id, type }: Obligation): Handler<Context> | undefined {
  const name = [id, type].find((one) => Object.hasOwn(handlers, one));
  return name === undefined ? undefined : handlers[name];
}

async function handle<Context>(
  client: Client,
  obligation: Obligation,
  handlers: Handlers<Context>,
  about: Parameters<Handler<Context>>[1],
): Promise<Outcome> {
  try {
    const outcome = await handlerOf(handlers, obligation)!(obligation, about);
    if (outcome === 'done' || outcome === 'taken') return outcome;
    throw new Error('the handler said neither done nor taken');
  } catch (cause) {
    await tell(client, about.decision, refused([obligation]));
    throw new WayleaveError('obligation-failed', `The duty ${obligation.id} was not carried out.`, { cause });
  }
}

async function tellDone(client: Client, decision: string, states: ObligationState[]): Promise<void> {
  try {
    await client.acknowledge(decision, unique(states));
  } catch (error) {
    const { message } = toWayleaveError(error);
    throw new WayleaveError('obligation-not-acknowledged', message, { cause: error });
  }
}

// Nothing is shown either way, so it does not matter whether Wayleave hears of it.
async function tell(client: Client, decision: string, states: readonly ObligationState[]): Promise<void> {
  await client.acknowledge(decision, unique(states)).catch(() => undefined);
}

function refused(obligations: readonly Obligation[]): ObligationState[] {
  return obligations.map(({ id }) => ({ id, state: 'refused' }));
}

function unique(states: readonly ObligationState[]): ObligationState[] {
  return [...new Map(states.map((one) => [one.id, one])).values()];
}
