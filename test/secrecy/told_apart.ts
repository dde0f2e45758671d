/** What can be compared of an answer: everything but what is different each time by design (ids, salts, moments, places in the log). */
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

/** An answer with what it cost: its bytes, what was sent to PostgreSQL, and in how many trips. */
export type Seen = { status: number; headers: string; body: string; statements: string[]; trips: number };

/** Opens a door once; `strip` leaves out of the answer what grows with everything that happens. */
export async function see(open: () => Promise<Answered>, strip = (text: string) => text): Promise<Seen> {
  let answer: Answered | undefined;
  const sent = await sentBy(async () => void (answer = await open()));
  const { status, headers, text } = answer!;
  return {
    status,
    headers: comparableHeaders(headers),
    body: comparable(strip(text)),
    statements: sent.statements.map((one) => one.replaceAll(/\s+/g, ' ').trim().slice(0, 80)).toSorted(compare),
    trips: sent.trips,
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

// What else this process does now and then (it looks at the change feed each second) falls into some of the runs.
const fewestRounds = 2;
const mostRounds = 15;

/**
 * Opens the doors again and again, turn by turn, and groups those of them that cannot be told apart by what they say and by the
 * least that each cost. More rounds only take away what happened by the way: a difference that is there stays.
 */
export async function tellApart<Look extends Seen>(doors: Record<string, () => Promise<Look>>): Promise<string[][]> {
  const least = new Map<string, Look>();
  for (let round = 1; ; round += 1) {
    for (const [name, look] of Object.entries(doors)) least.set(name, leaner(least.get(name), await look()));
    const groups = Map.groupBy(least, ([, seen]) => JSON.stringify(seen));
    if ((groups.size === 1 && round >= fewestRounds) || round === mostRounds)
      return [...groups.values()].map((group) => group.map(([name]) => name));
  }
}

/** What was said last, at the cost of the cheaper. */
export function leaner<Look extends Seen>(before: Look | undefined, now: Look): Look {
  if (before === undefined) return now;
  const { statements } = before.statements.length <= now.statements.length ? before : now;
  return { ...now, statements, trips: Math.min(before.trips, now.trips) };
}
