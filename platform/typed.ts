/** What people type, as they mean it, whatever keyboard, script or document it comes from. Names have `directory/people/names`. */

/**
 * One line: compatibility forms as their letters (NFKC), digits of every script as 0 to 9, every dash as "-", every blank as
 * a blank, and without what nobody sees (soft hyphens, zero-width characters, marks of direction).
 */
export function readLine(typed: string): string {
  // Most of what is typed is plain already, and some of it is read for every decision.
  if (/^[\x20-\x7e]*$/.test(typed)) return typed.trim();
  return typed
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0)!)))
    .replaceAll(/[\p{Dash}\u2212]/gu, '-')
    .replaceAll(/\s/g, ' ')
    .trim();
}

/** A number or a code, without the blanks and dashes that it is written in groups with. */
export function readNumber(typed: string): string {
  return readLine(typed).replaceAll(/[ -]/g, '');
}

/** Decimal digits stand in Unicode ten in a row, from the zero on. */
function digitValue(codePoint: number): number {
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return value;
}

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']; // prettier-ignore
const year = String.raw`(?<y>\d{4}|\d{2})`;
const spellings = [
  /^(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})$/,
  new RegExp(`^(?<d>\\d{1,2})[-/. ](?<m>\\d{1,2})[-/. ]${year}$`),
  new RegExp(`^(?:[a-z]{3,9} )?(?<d>\\d{1,2})(?:st|nd|rd|th)?[-/. ]?(?<name>[a-z]{3,9})\\.?[-/. ]?${year}$`),
];

/**
 * The day as 2026-11-21, or undefined where it is none: "21 November 2026", "21 Nov 26", "21/11/2026", "21 / 11 / 26",
 * "2026-11-21". The day comes before the month; two digits are a year of this century.
 */
export function readDay(typed: string): string | undefined {
  const text = readLine(typed)
    .toLowerCase()
    .replaceAll(/,| of /g, ' ')
    .replaceAll(/ *([-/.]) */g, '$1')
    .replaceAll(/ +/g, ' ');
  const found = spellings.map((spelling) => spelling.exec(text)?.groups).find((groups) => groups !== undefined);
  if (found === undefined) return undefined;
  const { y = '', d = '', name } = found;
  const m = found.m ?? String(name === undefined ? 0 : months.findIndex((month) => month.startsWith(name)) + 1);
  const iso = `${y.padStart(4, '20')}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  return exists(iso) && Number(iso.slice(0, 4)) >= 1900 ? iso : undefined;
}

function exists(iso: string): boolean {
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso);
}
