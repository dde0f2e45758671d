/** Names as search sees them: words in small plain letters, the same for "O’Neill", "O Neill" and "ONEILL". */

/** A name in parts; `display` is what people see. */
export type NameParts = { display: string; given?: string; family?: string };

/** The family words and given words of one name, ready to be indexed. */
type NameWords = { family: string[]; given: string[] };

const mostWords = 6;
const longestWord = 64;

// Letters that Unicode does not take apart.
const plain: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
};

const titles = new Set('dr mr mrs ms miss mx prof professor sir dame rev revd sgt pc dc insp sister'.split(' '));

// Small words that belong to the one after them. In a search they are read both ways, since some are names: `finding/readings.ts`.
const particles = new Set(
  'o mc mac al el ap st de da di du del della dos la le van von den der ter bin ibn ben abu abd ul ur'.split(' '),
);

/** Small letters without accents; apostrophes vanish, everything else that is no letter parts words. */
export function fold(text: string): string[] {
  // Most names are plain already, and a search folds hundreds.
  const letters = /^[A-Za-z -]*$/.test(text) ? text.toLowerCase() : toPlain(text);
  return letters
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.slice(0, longestWord));
}

// Of every keyboard and transcription, full-width too: before NFKD, which would make a blank of some.
const apostrophes = /['’‘‛ʹʻʼʽʾʿˈ`´′‵＇｀ꞌ׳]/g;

function toPlain(text: string): string {
  return text
    .replace(apostrophes, '')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðþłħı]/g, (letter) => plain[letter] ?? letter);
}

/** The words of a name or of a search: titles gone, particles joined to what they belong to (`mac donald` → `macdonald`). */
export function nameWords(text: string): string[] {
  const words = withoutTitle(text);
  const joined: string[] = [];
  let before = '';
  words.forEach((word, at) => {
    if (particles.has(word) && at < words.length - 1) before += word;
    else {
      joined.push((before + word).slice(0, longestWord));
      before = '';
    }
  });
  return [...new Set(joined)].slice(0, mostWords);
}

/** The same with each word by itself: many a particle is a given name, or short for one, as well. */
export function wordsApart(text: string): string[] {
  return [...new Set(withoutTitle(text))].slice(0, mostWords);
}

function withoutTitle(text: string): string[] {
  const folded = fold(text);
  return folded.filter((word, at) => at > 0 || folded.length === 1 || !titles.has(word));
}

/** The words under which one name is indexed. A name without parts has its family name last. */
export function wordsOf(name: NameParts): NameWords {
  const whole = nameWords(name.display);
  const family = nameWords(name.family ?? '');
  const given = nameWords(name.given ?? '');
  if (family.length === 0 && given.length === 0) return withVariants(whole.slice(-1), whole.slice(0, -1), name.display);
  // A display name may hold a word that neither part has ("Babs Smith" for Barbara Smith).
  const extra = whole.filter((word) => !family.includes(word) && !given.includes(word));
  return withVariants(family, [...given, ...extra], `${name.given ?? ''} ${name.family ?? ''}`);
}

/** What lists are ordered by: family name, then given names. */
export function sortKey(name: NameParts): string {
  const { family, given } =
    name.family === undefined ? wordsOf(name) : { family: fold(name.family), given: fold(name.given ?? '') };
  return [...family, '', ...given].join(' ').slice(0, 200);
}

// People write "Ann-Marie" as one word, and leave a particle out: both ways find the person.
function withVariants(family: string[], given: string[], spelling: string): NameWords {
  const bare = fold(spelling).filter((word) => word.length > 2 && !particles.has(word));
  const bareFamily = bare.filter((word) => family.some((whole) => whole !== word && whole.endsWith(word)));
  return {
    family: variants([...family, ...bareFamily], family),
    given: variants(given, given),
  };
}

function variants(words: string[], pair: string[]): string[] {
  const together = pair.length === 2 ? [pair.join('').slice(0, longestWord)] : [];
  return [...new Set([...words, ...together])].slice(0, mostWords);
}
