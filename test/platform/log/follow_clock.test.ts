/** Which readings of the database's clock are believed: by a machine whose clocks a test sets. */
import { describe, expect, it } from '@jest/globals';
import { followClock } from '../../../platform/log/follow_clock.ts';
import { inWords } from '../../../platform/log/length_in_words.ts';
import { quietLogger } from '../../support/platform/log.ts';

const hour = 3_600;
const start = 1_800_000_000;

/** A machine and a database. `pass` lets time go by for both; each clock can be set apart from it. */
function aHouse({ database = 0, machine = 0, log = -10 } = {}) {
  const house = { passed: 0, steadyLost: 0, database, machine, log: start + log };
  const logger = quietLogger();
  const steady = () => 500 + house.passed - house.steadyLost;
  const followed = followClock(logger, {
    clock: () => start + house.passed + house.machine,
    steady,
    uptime: () => 9_000 + house.passed,
  });
  const read = (sent = steady()) =>
    followed.take({ database: start + house.passed + house.database, log: house.log, sent })?.message;
  const pass = (seconds: number): void => void (house.passed += seconds);
  /** By how much the service's time is wrong. */
  const wrong = () => followed.now() - start - house.passed;
  return { house, followed, logger, read, pass, wrong };
}

describe('a process that starts', () => {
  it.each<[string, Parameters<typeof aHouse>[0], number]>([
    ['whose clock is an hour fast goes by the database’s', { machine: hour }, 0],
    ['whose clock is an hour slow, which the log denies, goes by the database’s', { machine: -hour }, 0],
    ['whose clock is ten years fast goes by the database’s', { machine: 87_660 * hour }, 0],
    ['whose clock is four minutes slow, as may be, goes by the database’s', { machine: -240, log: -hour }, 0],
  ])('%s', (_, clocks, expected) => {
    const { read, wrong, pass } = aHouse(clocks);
    expect(read()).toBeUndefined();
    expect(wrong()).toBeCloseTo(expected, 3);
    pass(600);
    expect(wrong()).toBeCloseTo(expected, 3);
  });

  it('does not believe a database that is ahead of its own clock, until one of them is put right', () => {
    for (const put of ['database', 'machine'] as const) {
      const { house, read, wrong } = aHouse({ database: hour });
      expect(read()).toBe(
        'The database’s clock is 1 hour ahead of this machine’s, and one of them is wrong. Nothing is decided or recorded until the clock is right again; then the service goes on by itself.',
      );
      expect(wrong()).toBe(0);
      house[put] = put === 'database' ? 0 : hour;
      expect(read()).toBeUndefined();
    }
  });

  it('says so where the log is ahead', () => {
    expect(aHouse({ log: hour }).read()).toContain('1 hour ahead of the database’s clock');
    expect(aHouse({ log: 20 }).read()).toBeUndefined();
  });
});

describe('a process that runs', () => {
  it.each<[string, number]>([
    ['an hour', hour],
    ['an hour back', -hour],
    ['ten years', 87_660 * hour],
    ['31 seconds', 31],
  ])('does not believe a jump of %s, however long it lasts, and goes by its own time meanwhile', (_, jump) => {
    const { house, read, pass, wrong, logger } = aHouse();
    read();
    house.database = jump;
    for (let minute = 0; minute < 600; minute += 1) {
      pass(60);
      expect(read()).toContain('has jumped');
    }
    expect(wrong()).toBeCloseTo(0, 3);
    house.database = 0;
    expect(read()).toBeUndefined();
    expect(logger.lines.map(({ details }) => details.alarm ?? details.code)).toEqual([
      'clock-not-believed',
      'clock-not-believed',
    ]);
  });

  it('goes by the database’s clock when its own is set, and says that it is wrong', () => {
    const { house, followed, read, pass, wrong } = aHouse();
    read();
    expect(followed.machineProblem()).toBeUndefined();
    for (const [jump, words] of [
      [hour, '1 hour ahead of'],
      [-hour, '1 hour behind'],
      [87_660 * hour, '10 years ahead of'],
    ] as const) {
      house.machine = jump;
      pass(5);
      expect(wrong()).toBeCloseTo(0, 3);
      expect(read()).toBeUndefined();
      expect(followed.machineProblem()).toContain(`This machine’s clock is ${words} the database’s`);
    }
    house.machine = 0;
    expect(followed.machineProblem()).toBeUndefined();
  });

  it('does not believe a jump of one machine that is both', () => {
    const { house, read } = aHouse();
    read();
    house.database = house.machine = hour;
    expect(read()).toContain('has jumped 1 hour ahead');
  });

  it('is not persuaded by what it records itself, however often', () => {
    const { house, followed, read, pass, wrong } = aHouse();
    read();
    let found: string | undefined;
    for (let second = 0; second < hour && found === undefined; second += 1) {
      pass(1);
      house.database += 0.5;
      found = read();
      house.log = start + house.passed + house.database;
      followed.recording(house.log);
    }
    expect(found).toContain('has jumped');
    expect(Math.abs(wrong())).toBeLessThan(60);
  });

  it('follows a clock that drifts a little, and names one that drifts much before it is a minute out', () => {
    for (const [rate, follows] of [
      [0.001, true],
      [0.01, false],
      [-0.01, false],
      [0.5, false],
    ] as const) {
      const { house, read, pass, wrong } = aHouse();
      read();
      let found: string | undefined;
      for (let second = 0; second < 4 * hour && found === undefined; second += 1) {
        pass(1);
        house.database += rate;
        found = read();
      }
      expect([rate, found === undefined]).toEqual([rate, follows]);
      if (!follows) expect(Math.abs(wrong())).toBeLessThan(60);
      house.database = 0;
      if (!follows) expect(read()).toBeUndefined();
    }
  });

  it('is not misled where its own clock drifts', () => {
    const { house, followed, read, pass, wrong } = aHouse();
    read();
    for (let second = 0; second < hour; second += 1) {
      pass(1);
      house.machine += 0.02;
      expect(read()).toBeUndefined();
    }
    expect(wrong()).toBeCloseTo(0, 3);
    expect(followed.machineProblem()).toContain('72 seconds ahead');
  });

  it('whose machine slept for a night goes on', () => {
    const { house, read, pass, wrong } = aHouse();
    read();
    pass(8 * hour);
    house.steadyLost = 8 * hour;
    expect(read()).toBeUndefined();
    expect(wrong()).toBeCloseTo(0, 3);
  });

  it('whose machine stood still without knowing it goes on once others have recorded, and only for what lies ahead', () => {
    const { house, read, pass, wrong } = aHouse();
    read();
    // As a process on a machine that was stopped whole sees it: the database has jumped.
    house.database = hour;
    expect(read()).toContain('has jumped 1 hour ahead');
    house.log = start + hour - 5;
    expect(read()).toBeUndefined();
    expect(wrong()).toBeCloseTo(hour, 3);
    pass(10);
    // Where nothing was recorded for long, an old entry is no witness for a clock that goes back to it.
    house.database = 0;
    house.log = start;
    expect(read()).toContain('has jumped 1 hour back');
  });

  it('is never behind what it has read, also where the answer was long on its way', () => {
    const { followed, read, pass, wrong } = aHouse();
    read();
    const sent = followed.steady();
    pass(20);
    read(sent);
    expect(wrong()).toBeCloseTo(0, 3);
  });
});

it('lengths are said as people say them', () => {
  const said = [1, 31, 60, 90, 125, 3_599.7, 3_600, 5_400, 86_400, 200_000, 31_557_600, -315_576_000].map(inWords);
  expect(said).toEqual([
    '1 second',
    '31 seconds',
    '1 minute',
    '90 seconds',
    '2 minutes',
    '1 hour',
    '1 hour',
    '90 minutes',
    '1 day',
    '2 days',
    '1 year',
    '10 years',
  ]);
});
