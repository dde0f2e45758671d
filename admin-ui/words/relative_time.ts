/** Times counted from the moment of deciding, as they are typed and read. */

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "now", "now minus 3 days", "now plus 12 hours"; `offset` in seconds. */
export function relativeTime(offset: number): string {
  if (offset === 0) return 'now';
  const size = Math.abs(offset);
  const [name, length] = units.find(([, seconds]) => size % seconds === 0) ?? ['second', 1];
  const count = size / length;
  return `now ${offset < 0 ? 'minus' : 'plus'} ${count} ${name}${count === 1 ? '' : 's'}`;
}

/** Seconds from now of such words; undefined for anything else. */
export function readRelativeTime(typed: string): number | undefined {
  if (/^now$/i.test(typed)) return 0;
  const found = /^now (?<sign>minus|plus|-|\+) ?(?<count>\d{1,9}) (?<unit>second|minute|hour|day)s?$/i.exec(typed);
  if (found === null) return undefined;
  const { sign = '', count = '', unit = '' } = found.groups ?? {};
  const length = units.find(([name]) => name === unit.toLowerCase())?.[1] ?? 1;
  const size = Number(count) * length;
  return /minus|-/i.test(sign) ? -size : size;
}
