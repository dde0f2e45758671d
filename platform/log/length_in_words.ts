/** How long, in the unit that says it shortly. */
const units = [
  ['year', 31_557_600],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `seconds` without its sign: '1 hour', '90 minutes', '10 years'. */
export function inWords(seconds: number): string {
  const size = Math.max(1, Math.abs(seconds));
  // Nearly two of a unit are said in the one below.
  const [name, length] = units.find(([, one]) => size > one * 1.95 || Math.abs(size / one - 1) < 0.01) ?? units[4];
  const count = Math.round(size / length);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
