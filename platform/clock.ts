/** The time, as an argument: epoch seconds with a fraction. */
export type Clock = () => number;

/** The clock of this machine. */
export const systemClock: Clock = () => Date.now() / 1000;
