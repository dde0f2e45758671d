/** The time, as an argument: epoch seconds with a fraction. */
export type Clock = () => number;

/**
 * Machines' clocks differ by so many seconds at most. A moment that another machine names for what has happened may lie so
 * far ahead of ours, and is then taken as now; beyond that it is refused. What the register holds was checked by it, so it
 * must never become less.
 */
export const clocksApartSeconds = 5 * 60;

/** The clock of this machine. */
export const systemClock: Clock = () => Date.now() / 1000;

/** Seconds since some moment, that go on whatever the clock is set to: for how long something took. */
export const steadyClock: Clock = () => performance.now() / 1000;
