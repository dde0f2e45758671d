/** Work e-mail addresses in domains that cannot exist. */

const folded: Record<string, string> = { ł: 'l', đ: 'd', ø: 'o', ß: 'ss', æ: 'ae' };

/** `given.family@domain` in plain small letters, with a number where it is taken already; notes it as taken. */
export function emailFor(given: string, family: string, domain: string, taken: Set<string>): string {
  const local = `${plain(given)}.${plain(family)}`;
  let address = `${local}@${domain}`;
  for (let count = 2; taken.has(address); count += 1) address = `${local}${count}@${domain}`;
  taken.add(address);
  return address;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[łđøßæ]/g, (letter) => folded[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z-]/g, '');
}
