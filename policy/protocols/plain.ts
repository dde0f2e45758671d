/** Text that everybody reads alike: nothing in it that cannot be seen, and one way only to write an accent. */

/** Everything without a shape of its own, but line ends and tabulators: Unicode's controls, formats, fillers, selectors. */
export const invisible =
  /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\u{115F}\u{1160}\u{3164}\u{FFA0}]|\u{34F}|\u{17B4}|\u{17B5}|[\u{FE00}-\u{FE0F}]/u;

export function isVisible(text: string): boolean {
  return !invisible.test(text);
}

/** Unicode's composed form (NFC): otherwise two texts that look the same have different hashes. */
export function isComposed(text: string): boolean {
  return text === text.normalize('NFC');
}
