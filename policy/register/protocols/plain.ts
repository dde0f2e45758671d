/** Text that everybody reads alike: nothing in it that cannot be seen, and one way only to write an accent. */

/** Everything without a shape of its own, but line ends and tabulators: Unicode's controls, formats, fillers, selectors. */
export const invisible = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}]/u;

export function isVisible(text: string): boolean {
  return !invisible.test(text);
}

/** Unicode's composed form (NFC): otherwise two texts that look the same have different hashes. */
export function isComposed(text: string): boolean {
  return text === text.normalize('NFC');
}
