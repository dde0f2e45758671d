/** Calendar days of a protocol as moments: a day begins at midnight in the United Kingdom, summer time included. */
import { LRUCache } from 'lru-cache';

const london = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' });
const known = new LRUCache<string, number>({ max: 20_000 });
const next = new LRUCache<string, string>({ max: 20_000 });

/** Epoch seconds at which the day 'YYYY-MM-DD' begins in UK time. */
export function startOfDay(day: string): number {
  const before = known.get(day);
  if (before !== undefined) return before;
  const midnight = Date.parse(`${day}T00:00:00Z`) / 1000;
  const summer = midnight - 3600;
  // In summer time 23:00 UTC of the day before already reads midnight in London.
  const start = london.format(new Date(summer * 1000)) === '00' ? summer : midnight;
  known.set(day, start);
  return start;
}

/** Epoch seconds at which the day is over: the start of the next one. */
export function endOfDay(day: string): number {
  const before = next.get(day);
  if (before !== undefined) return startOfDay(before);
  const following = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  next.set(day, following);
  return startOfDay(following);
}
