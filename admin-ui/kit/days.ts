/** Days as people type them, and where they begin in the United Kingdom. */
import { z } from 'zod';
import { readDay } from '../../platform/typed.ts';

/** Takes a day as people write it; gives 2026-11-21. `name` says in a mistake which day it is. */
export const day = (name: string) =>
  z.string().transform((text, context) => {
    const date = readDay(text);
    if (date !== undefined) return date;
    context.addIssue({ code: 'custom', message: `${name} must be a real day, such as 21/11/2026` });
    return z.NEVER;
  });

const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: 'numeric', hourCycle: 'h23' });

/** Epoch seconds at which the day (2026-11-21) begins in London; `later` counts days on from it. */
export function startOfDay(date: string, later = 0): number {
  const midnight = Date.parse(date) / 1000 + later * 86_400;
  // The clock changes at one in the morning UTC, so what it shows at midnight UTC is how far ahead it is of it.
  return midnight - Number(hour.format(midnight * 1000)) * 3_600;
}
