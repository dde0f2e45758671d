/** This machine's clock beside Wayleave's, which dates each of its replies (RFC 9110, 6.6.1): answers are timed by the latter. */

/** Epoch seconds. Never goes back while this process runs, also where the clock of the machine does; runs on while it sleeps. */
export const localClock = (): number => Math.max(Date.now(), performance.timeOrigin + performance.now()) / 1_000;

export type Clock = {
  /** Epoch seconds by this machine's clock. */
  now: () => number;
  /** Takes in the `Date` of a reply to what was sent at that time. */
  heard(date: string | null, sent: number): void;
  /** A time that Wayleave names, by this machine's clock. */
  toLocal(seconds: number): number;
};

/** Beyond this many seconds somebody must put the clock right. */
const much = 30;

/** `warn`: told in words that this machine's clock is off by much, once, and again only after it was right. */
export function followClock(now: () => number, warn: (message: string) => void): Clock {
  let ahead = 0;
  let told = false;
  return {
    now,
    heard: (date, sent) => {
      const dated = readDate(date);
      if (dated === undefined) return;
      // It was dated in whole seconds, at some time between the sending and now: what fits that stays as it is.
      ahead = Math.min(Math.max(ahead, sent - dated - 1), now() - dated);
      const off = Math.abs(ahead) > much;
      if (off && !told) warn(offInWords(Math.round(ahead)));
      told = off;
    },
    toLocal: (seconds) => seconds + ahead,
  };
}

function offInWords(ahead: number): string {
  return (
    `This machine’s clock is ${Math.abs(ahead)} seconds ${ahead > 0 ? 'ahead of' : 'behind'} Wayleave’s. ` +
    'Answers are timed by Wayleave’s clock, so they still count. Set this clock right (NTP).'
  );
}

/** Epoch seconds of an HTTP date; undefined for anything else. */
export function readDate(text: string | null): number | undefined {
  const read = text !== null && /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(read) ? undefined : read / 1_000;
}
