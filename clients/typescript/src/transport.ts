/** One HTTP call to Wayleave, with a deadline over everything that it takes, and with retries of what was not answered. */
import { type Clock, readDate } from './clock.ts';
import { toWayleaveError, WayleaveError } from './errors.ts';

export type Wire = {
  fetch: typeof globalThis.fetch;
  timeoutMs: number;
  /** 0 ≤ x < 1. */
  random: () => number;
  clock: Clock;
};

/** Milliseconds of `performance.now()` by which a call must be over. */
export type Deadline = number;
export const deadlineOf = ({ timeoutMs }: Wire): Deadline => performance.now() + timeoutMs;

export type Reply = { status: number; headers: Headers; body: unknown };

const mostRetries = 2;
const longestWaitMs = 5_000;
const mostCharacters = 8_000_000;

/**
 * Sends a request and reads its JSON, `undefined` where there is none. What Wayleave put off (429, 503) is sent again up to
 * twice, after the time that it names; whatever else came back is final. Follows no redirect: a token must not travel on.
 */
export async function send(wire: Wire, deadline: Deadline, url: string, init: RequestInit): Promise<Reply> {
  for (let retry = 0; ; retry += 1) {
    const reply = await sendOnce(wire, deadline, url, init);
    if (reply.status !== 429 && reply.status !== 503) return reply;
    const wait = waitMs(reply.headers, retry, wire.random());
    if (retry === mostRetries || wait > longestWaitMs || performance.now() + wait >= deadline) return reply;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function sendOnce(wire: Wire, deadline: Deadline, url: string, init: RequestInit): Promise<Reply> {
  const left = Math.floor(deadline - performance.now());
  if (left <= 0) throw timedOut(wire);
  const sent = wire.clock.now();
  try {
    const response = await wire.fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(left) });
    wire.clock.heard(response.headers.get('date'), sent);
    return { status: response.status, headers: response.headers, body: await readJson(response) };
  } catch (error) {
    // By name: what aborts is an Error of its own realm.
    const { name } = (error ?? {}) as { name?: unknown };
    if (name === 'TimeoutError' || name === 'AbortError') throw timedOut(wire, error);
    throw toWayleaveError(error);
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  if (text.length > mostCharacters || !/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Up to half as long again, so that many callers who were put off together do not come back together.
function waitMs(headers: Headers, retry: number, random: number): number {
  const named = readSeconds(headers.get('retry-after')?.trim() ?? '', readDate(headers.get('date')));
  return (named ?? 0.2 * 2 ** retry) * 1_000 * (1 + random / 2);
}

/** Seconds, or from the reply's date until another (RFC 9110, 10.2.3); undefined for anything else. */
function readSeconds(text: string, from = Date.now() / 1_000): number | undefined {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  const until = readDate(text);
  return until === undefined ? undefined : Math.max(0, until - from);
}

function timedOut({ timeoutMs }: Wire, cause?: unknown): WayleaveError {
  return new WayleaveError('timed-out', `Wayleave did not answer within ${timeoutMs} ms.`, { cause });
}

/** What a status other than 200 means. A problem document's own words are kept for whoever runs the system. */
export function failureOf({ status, body }: Reply): WayleaveError {
  const { detail, code } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const said = [code, detail].filter((one) => typeof one === 'string').join(': ');
  const message = `Wayleave answered ${status}${said === '' ? '' : ` (${said.slice(0, 500)})`}.`;
  if (status === 401) return new WayleaveError('not-authenticated', message, { status });
  if (status === 403) return new WayleaveError('not-allowed', message, { status });
  if (status === 429 || status === 503) return new WayleaveError('not-available', message, { status });
  if (status >= 500) return new WayleaveError('service-failed', message, { status });
  if (status >= 400) return new WayleaveError('question-refused', message, { status });
  return new WayleaveError('answer-not-readable', message, { status });
}
