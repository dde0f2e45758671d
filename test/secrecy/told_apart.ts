/** What can be compared of an answer: everything but what is different each time by design (ids, salts, moments, places in the log). */
import type { Sent } from '../support/platform/statements.ts';
import { sentBy } from '../support/platform/statements.ts';

type Answered = { status: number; headers: Record<string, unknown>; text: string };

const different = /(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?<random>[\w+/-]{22,}={0,2})|\d+(?:\.\d+)?/gi;

/** Of an answer as bytes: random texts by their length, long numbers by that they are numbers. */
export function comparable(text: string): string {
  return text.replaceAll(different, (found: string, id?: string, random?: string) => {
    if (id !== undefined) return 'an id';
    if (random !== undefined) return /\d|[A-Z]/.test(random) ? `random ${random.length}` : random;
    return found.length > 3 ? '#' : found;
  });
}

/** Headers that tell of the answer: the moment, the id of the request and what is left of a rate are not of them. */
export function comparableHeaders(headers: Record<string, unknown>): string {
  const ignored = /^(date|x-request-id|set-cookie|ratelimit.*|x-ratelimit.*|content-length|etag)$/;
  const told = Object.keys(headers).filter((name) => !ignored.test(name));
  return told
    .toSorted((one, other) => one.localeCompare(other))
    .map((name) => `${name}: ${String(headers[name])}`)
    .join('\n');
}

/** An answer with what it cost: its bytes, its exact length where that is not random, what was sent to PostgreSQL, and in how many trips. */
export type Seen = { status: number; headers: string; body: string; statements: string[]; trips: number };

/** Asks as often as there are askings, each for the first time, and takes the least that one of them cost. */
export async function see(
  askings: readonly (() => Promise<Answered>)[],
  strip = (text: string) => text,
): Promise<Seen> {
  let least: { answer: Answered; sent: Sent } | undefined;
  for (const ask of askings) {
    let answer: Answered | undefined;
    const sent = await sentBy(async () => void (answer = await ask()));
    if (least === undefined || sent.statements.length < least.sent.statements.length) least = { answer: answer!, sent };
  }
  const { answer, sent } = least!;
  const statements = sent.statements.map((text) => text.replaceAll(/\s+/g, ' ').trim().slice(0, 80)).toSorted();
  return {
    status: answer.status,
    headers: comparableHeaders(answer.headers),
    body: comparable(strip(answer.text)),
    statements,
    trips: sent.trips,
  };
}
