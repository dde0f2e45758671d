/** Which moments make sense. They come from forms and from other systems, where seconds and milliseconds are easily confused. */
import { clocksApartSeconds } from '../platform/clock.ts';
import { DirectoryError } from './errors.ts';

const earliest = Date.UTC(1900, 0) / 1000;
const latest = Date.UTC(2200, 0) / 1000;

/** Refuses a moment (epoch seconds) that is no number, or beyond what anybody can mean: `time-out-of-range`. */
export function checkMoment(seconds: number | undefined): void {
  if (seconds === undefined || (seconds >= earliest && seconds < latest)) return;
  throw new DirectoryError(
    'invalid',
    'time-out-of-range',
    'A time must lie between the years 1900 and 2200. Give it in seconds since 1970, not in milliseconds.',
  );
}

/** Refuses a check that nobody can have made yet (`checked-in-the-future`) or that ended before it was made. */
export function checkChecked({ at, validUntil }: { at: number; validUntil?: number }, now: number): void {
  checkMoment(at);
  checkMoment(validUntil);
  // It keeps its time as it was told: by that the same check is known again.
  if (at > now + clocksApartSeconds) {
    throw new DirectoryError(
      'invalid',
      'checked-in-the-future',
      'The check lies in the future. Give the time at which it was made.',
    );
  }
  if (validUntil !== undefined && validUntil <= at) {
    throw new DirectoryError(
      'invalid',
      'check-ends-before-it-starts',
      'The check would have ended before it was made. Give a later end, or none.',
    );
  }
}
