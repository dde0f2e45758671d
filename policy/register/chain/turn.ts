/** Sharing the work of verification out over several passes, where one pass would be too much. */

/** Pass `at` of a round of `of`. What is verified in turns comes up once in a round. */
export type Turn = { of: number; at: number };

/** Everything at once. */
export const whole: Turn = { of: 1, at: 0 };

/** Whether something of this name (a hash) is due in this pass. */
export function isDue(turn: Turn, name: string): boolean {
  return name.charCodeAt(0) % turn.of === turn.at;
}

/** More work than this in one pass is too much. */
const tooMuchSeconds = 2;

type Rounds = {
  /** The next pass. */
  next(): Turn;
  /** Notes how many seconds of work a pass took. */
  note(turn: Turn, seconds: number): void;
};

/** Decides from how long passes take whether a round is one of them or two. */
export function openRounds(): Rounds {
  let of = 1;
  let passes = 0;
  return {
    next: () => ({ of, at: (passes += 1) % of }),
    note: (turn, seconds) => {
      of = seconds * turn.of > tooMuchSeconds ? 2 : 1;
    },
  };
}
