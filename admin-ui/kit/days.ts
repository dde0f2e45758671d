/** Days as people type them, and where they begin in the United Kingdom. */
import { z } from 'zod';

/** Takes 21/11/2026, 21.11.2026, 21 11 2026 and 2026-11-21; gives 2026-11-21. `name` says in a mistake which day it is. */
export const day = (name: string) =>
  z
    .string()
    .trim()
    .transform((text, context) => {
      const found =
        /^(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})$/.exec(text) ??
        /^(?<d>\d{1,2})[-/. ](?<m>\d{1,2})[-/. ](?<y>\d{4})$/.exec(text);
      const { y = '', m = '', d = '' } = found?.groups ?? {};
      const date = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
      if (z.iso.date().safeParse(date).success && Number(y) >= 1900) return date;
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
