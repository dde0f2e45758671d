/** A name as it stands inside a sentence: "Social worker" loses its capital; "GP" and "Caldicott guardian" keep theirs. */
export function inSentence(name: string): string {
  if (/^(\p{Lu}{2}|Caldicott)/u.test(name)) return name;
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** A code such as `service-planning` as the beginning of a sentence, where there is no name for it. */
export function fromCode(code: string): string {
  const words = code.replaceAll(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
