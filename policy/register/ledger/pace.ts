/** Keeping long work from crowding out requests: after each piece it rests for a multiple of what the piece took. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

type Pace = {
  /** Await after each piece of work. */
  rest(): Promise<void>;
  /** Seconds worked so far, without the rests. */
  worked(): number;
};

type PaceOptions = {
  /** Seconds of rest for each second of work: with 3, a quarter of the time is work. */
  ratio: number;
  /** Seconds after which it only lets others have a turn: what it does must be done in time. */
  until: number;
  /** Milliseconds. */
  now?: () => number;
};

/** Starts the clock. */
export function startPace({ ratio, until, now = () => performance.now() }: PaceOptions): Pace {
  const start = now();
  let since = start;
  let total = 0;
  return {
    rest: async () => {
      const took = now() - since;
      total += took;
      if (now() - start < until * 1000) await sleep(took * ratio);
      else await turn();
      since = now();
    },
    worked: () => (total + now() - since) / 1000,
  };
}

/** The pace for work that took so many seconds last time: spread over most of an interval, half of the time free. */
export function spread(seconds: number, interval: number): PaceOptions {
  const until = 0.8 * interval;
  return { ratio: Math.min(9, Math.max(1, until / Math.max(seconds, 0.001) - 1)), until };
}
