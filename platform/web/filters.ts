/** What templates may do to a value: times as people read them. All take epoch seconds. */

const zone = 'Europe/London';
const day = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'long', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** 3 June 2026 */
export function date(seconds: number): string {
  return day.format(seconds * 1000);
}

const short = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'medium', timeStyle: 'medium' });

/** 3 Jun 2026, 14:05:09, for tables. */
function shortTime(seconds: number): string {
  return short.format(seconds * 1000);
}

const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone: zone });

/** 2026-06-03, the day in the United Kingdom. */
export function isoDate(seconds: number): string {
  return isoDay.format(seconds * 1000);
}

/** 3 June 2026 at 14:05:09 */
function dateTime(seconds: number): string {
  return `${day.format(seconds * 1000)} at ${clock.format(seconds * 1000)}`;
}

/** 2026-06-03T13:05:09.000Z, for the datetime attribute of a time element. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** 3 days ago; `now` in epoch seconds. */
export function ago(seconds: number, now: number): string {
  const passed = Math.max(0, now - seconds);
  const units: [string, number][] = [
    ['year', 365.25 * 86_400],
    ['month', 30.44 * 86_400],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  for (const [unit, length] of units) {
    const count = Math.floor(passed / length);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}

export const filters = { date, dateTime, shortTime, isoDate, isoTime, ago };
