/** Calendar days of a protocol as moments: a day begins at midnight in the United Kingdom, summer time included. */

const london = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' });
const known = new Map<string, number>();
const next = new Map<string, string>();

/** Epoch seconds at which the day 'YYYY-MM-DD' begins in UK time. */
export function startOfDay(day: string): number {
  const before = known.get(day);
  if (before !== undefined) return before;
  const midnight = Date.parse(`${day}T00:00:00Z`) / 1000;
  const summer = midnight - 3600;
  // In summer time 23:00 UTC of the day before already reads midnight in London.
  const start = london.format(new Date(summer * 1000)) === '00' ? summer : midnight;
  if (known.size > 20_000) known.clear();
  known.set(day, start);
  return start;
}

/** Epoch seconds at which the day is over: the start of the next one. */
export function endOfDay(day: string): number {
  const following = next.get(day) ?? new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  if (next.size > 20_000) next.clear();
  next.set(day, following);
  return startOfDay(following);
}
