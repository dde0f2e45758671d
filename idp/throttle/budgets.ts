/** How many failed attempts each budget bears, and how long it pauses: the whole policy. Why so: docs/decisions/0027. Seconds. */

type Budget = {
  /** Failures before the first pause. */
  free: number;
  /** The longest pause; the first is a minute, and each is twice the one before. */
  longest: number;
  /** Failures after which the budget is closed for a day. */
  most: number;
};

const minute = 60;
const hour = 60 * minute;
/** A count starts again after so long, and a budget that is used up is closed for so long. */
export const day = 24 * hour;

export const budgets = {
  /** One device that signed this person in before: nobody else can use it up. */
  device: { free: 10, longest: hour / 4, most: 50 },
  /** One account from one address. */
  place: { free: 10, longest: hour, most: 20 },
  /** One account, from everywhere that never signed this person in. More than one address can use up. */
  account: { free: 25, longest: hour / 4, most: 50 },
  /** Different accounts that failed from one address. It is never closed: a whole agency may sit behind it. */
  address: { free: 100, longest: 5 * minute, most: Infinity },
  /** One-time codes of one account, from everywhere that never signed this person in: whoever gets here has the password. */
  code: { free: 5, longest: hour / 4, most: 20 },
} satisfies Record<string, Budget>;

export type BudgetName = keyof typeof budgets;

/** How long the budget pauses after that many failures. */
export function pauseAfter({ free, longest, most }: Budget, failures: number): number {
  if (failures >= most) return day;
  if (failures < free) return 0;
  return Math.min(longest, minute * 2 ** (failures - free));
}
