/**
 * The time that the service goes by: the database's clock, followed by this machine's steady one, and believed while it does
 * not jump. What was once recorded at a wrong time cannot be unsaid, so a clock in doubt stops the recording, not the truth.
 */
import { uptime } from 'node:os';
import { type Clock, clocksApartSeconds, steadyClock, systemClock } from '../clock.ts';
import { PlatformError } from '../errors.ts';
import { inWords } from './length_in_words.ts';
import type { Logger } from './logger.ts';

/** By so many seconds a clock may differ before it is not believed: half of what an answer counts for. */
export const believedSeconds = 30;
/** How fast the database's clock may gain or lose on this machine's steady one for ever: no clock that is set right does. */
const drift = 0.002;

/** What the database said. Epoch seconds; `log`: the time of the log's last entry; `sent`: when it was asked, by `steady`. */
type Reading = { database: number; log: number; sent: number };

export type FollowedClock = {
  /** The database's clock, as far as it is believed: never behind what was read of it. */
  now: Clock;
  /** Seconds that only go on, for `sent`. */
  steady: Clock;
  /** Takes in a reading; what is wrong with it, if anything is: `clock-not-believed` or `log-ahead`. */
  take(reading: Reading): PlatformError | undefined;
  /** Told of the time at which this process records: its own entries are no witness of the clock that it wrote them by. */
  recording(time: number): void;
  /** What was wrong with the last reading. */
  problem(): PlatformError | undefined;
  /** In words, where this machine's own clock is wrong; the service does not go by it. */
  machineProblem(): string | undefined;
};

type Machine = {
  /** Its clock, which somebody can set. */
  clock: Clock;
  /** Goes on whatever is set. */
  steady: Clock;
  /** Seconds since it was started, those included in which it slept and `steady` did not go on. */
  uptime: Clock;
};

const thisMachine: Machine = { clock: systemClock, steady: steadyClock, uptime };

export function followClock(logger: Logger, machine: Machine = thisMachine): FollowedClock {
  const { steady } = machine;
  /** What is added to the steady clock to get the time; undefined until the database was heard. */
  let offset: number | undefined;
  /** The same, moved no faster than by `drift`: what readings are judged by. */
  let reference = 0;
  let at = 0;
  let asleep = machine.uptime() - steady();
  let recorded = -Infinity;
  let problem: PlatformError | undefined;

  const now: Clock = () => (offset === undefined ? machine.clock() : steady() + offset);

  // The machine may have slept, and its steady clock with it.
  const wake = (): void => {
    const slept = machine.uptime() - steady() - asleep;
    reference += slept;
    asleep += slept;
  };

  /** By how much the database's clock is out of what it can be; 0 where it is believed. */
  const judge = ({ database, log, sent }: Reading, received: number): number => {
    if (offset === undefined) {
      // Which of two clocks is right nobody can say; but one that is behind the log is not.
      const off = database - machine.clock();
      return off > clocksApartSeconds && machine.clock() >= log - believedSeconds ? off : 0;
    }
    const off = outside(reference, database - received, database - sent);
    // Other processes have recorded at that time: it was this machine that stood still.
    const witnessed = off > 0 && log > recorded && database - log <= believedSeconds;
    return Math.abs(off) > believedSeconds && !witnessed ? off : 0;
  };

  const follow = ({ database, sent }: Reading, received: number): void => {
    const [least, most] = [database - received, database - sent];
    // The database's clock was read at some time between: what fits that stays as it is.
    const followed = Math.min(Math.max(offset ?? least, least), most);
    const slack = (received - at) * drift;
    const known = offset !== undefined && Math.abs(outside(reference, least, most)) <= believedSeconds;
    reference = known ? Math.min(Math.max(followed, reference - slack), reference + slack) : followed;
    offset = followed;
    at = received;
  };

  const tell = (found: PlatformError | undefined): void => {
    if (found?.code === problem?.code) return;
    if (found === undefined) logger.warn({ code: problem?.code }, 'The database’s clock is believed again');
    else logger.error({ alarm: found.code, err: found }, 'The clock is in doubt: nothing is recorded');
  };

  return {
    now,
    steady,
    take: (reading) => {
      const received = steady();
      let off = judge(reading, received);
      if (off !== 0) {
        wake();
        off = judge(reading, received);
      }
      if (off === 0) follow(reading, received);
      const found = off === 0 ? lookAhead(reading) : notBelieved(off, offset === undefined);
      tell(found);
      problem = found;
      return found;
    },
    recording: (time) => void (recorded = time),
    problem: () => problem,
    machineProblem: () => {
      const off = machine.clock() - now();
      if (Math.abs(off) <= believedSeconds) return undefined;
      return `This machine’s clock is ${inWords(off)} ${off > 0 ? 'ahead of' : 'behind'} the database’s, which the service goes by. Set it right.`;
    },
  };
}

/** How far a value lies outside of bounds: negative where they lie below it. */
function outside(value: number, least: number, most: number): number {
  if (value < least) return least - value;
  return value > most ? most - value : 0;
}

function notBelieved(off: number, first: boolean): PlatformError {
  const found = first
    ? `The database’s clock is ${inWords(off)} ahead of this machine’s, and one of them is wrong.`
    : `The database’s clock has jumped ${inWords(off)} ${off > 0 ? 'ahead' : 'back'}.`;
  const message = `${found} Nothing is decided or recorded until the clock is right again; then the service goes on by itself.`;
  return new PlatformError('unavailable', 'clock-not-believed', message);
}

function lookAhead({ database, log }: Reading): PlatformError | undefined {
  if (log - database <= believedSeconds) return undefined;
  return new PlatformError(
    'unavailable',
    'log-ahead',
    `The log was written at a time that is ${inWords(log - database)} ahead of the database’s clock. Nothing is decided or ` +
      'recorded until that time has come, or an operator has put the log’s clock back: npm run log-clock.',
  );
}
