/**
 * Daitch–Mokotoff soundex: six-digit codes for how a name sounds, made for Slavic, Germanic and Yiddish names and good for
 * British and South Asian ones too. Ported from the table that the Association of Jewish Genealogical Societies publishes; a
 * test compares it with PostgreSQL's own. Names that can be said in two ways get two codes or more.
 */

// Sound: code at the start of the name, before a vowel, elsewhere. A vowel has a code only at the start (`-`: none); `/`
// parts two ways of saying it. The longest sound that fits counts.
const table = `
ai,aj,ay 0 1 -|au 0 7 -|a 0 - -
b 7 7 7
chs 5/4 54/4 54/4|ch 5/4 5/4 5/4|ck 5/45 5/45 5/45|cz,cs,csz,czs 4 4 4|c 5/4 5/4 5/4
drz,drs,ds,dsh,dsz,dz,dzh,dzs 4 4 4|d,dt 3 3 3
ei,ej,ey 0 1 -|eu 1 1 -|e 0 - -
fb,f 7 7 7
g 5 5 5
h 5 5 -
ia,ie,io,iu 1 - -|i 0 - -
j 1/4 -/4 -/4
ks 5 54 54|kh,k 5 5 5
l 8 8 8
mn 66 66 66|m 6 6 6
nm 66 66 66|n 6 6 6
oi,oj,oy 0 1 -|o 0 - -
p,pf,ph 7 7 7
q 5 5 5
rz,rs 94/4 94/4 94/4|r 9 9 9
schtsch,schtsh,schtch,shtch,shch,shtsh,stch,stsch,sc,strz,strs,stsh,szcz,szcs 2 4 4
sht,scht,schd,st,szt,shd,szd,sd 2 43 43|sch,sh,sz,s 4 4 4
tch,ttch,ttsch,trz,trs,tsch,tsh,ts,tts,ttsz,tc,tz,ttz,tzs,tsz 4 4 4|th,t 3 3 3
ui,uj,uy 0 1 -|ue 0 - -|u 0 - -
v,w 7 7 7
x 5 54 54
y 1 - -
zdz,zdzh,zhdzh 2 4 4|zd,zhd 2 43 43|zh,zs,zsch,zsh,z 4 4 4`;

/** The ways to say it, each its digits or '' for not coded. */
type Sound = { start: string[]; beforeVowel: string[]; elsewhere: string[] };

const sounds = new Map<string, Sound>(table.trim().split(/[|\n]/).flatMap(parseRow));
const longest = Math.max(...[...sounds.keys()].map((spelling) => spelling.length));

function parseRow(row: string): [string, Sound][] {
  const [spellings = '', ...codes] = row.split(' ');
  const [start = [], beforeVowel = [], elsewhere = []] = codes.map((code) =>
    code.split('/').map((way) => (way === '-' ? '' : way)),
  );
  return spellings.split(',').map((spelling) => [spelling, { start, beforeVowel, elsewhere }]);
}

/** One way of saying the name so far. */
type Branch = { digits: string; last: string };

const mostBranches = 16;

/** The codes of one folded word (small plain letters): usually one, up to 16, none when it holds no letter of the table. */
export function soundCodes(word: string): string[] {
  let branches: Branch[] = [{ digits: '', last: '' }];
  let previous = '';
  for (let at = 0; at < word.length;) {
    const spelling = spellingAt(word, at);
    if (spelling === '') {
      at += 1;
      continue;
    }
    const ways = waysToSay(word, at, spelling);
    // m beside n is said twice, though both have the digit 6.
    const twice = (previous === 'm' && spelling === 'n') || (previous === 'n' && spelling === 'm');
    branches = distinct(branches.flatMap((branch) => ways.map((way) => say(branch, way, twice))));
    previous = spelling;
    at += spelling.length;
  }
  if (previous === '') return [];
  return [...new Set(branches.map(({ digits }) => digits.padEnd(6, '0').slice(0, 6)))];
}

function spellingAt(word: string, at: number): string {
  for (let length = Math.min(longest, word.length - at); length > 0; length -= 1) {
    const spelling = word.slice(at, at + length);
    if (sounds.has(spelling)) return spelling;
  }
  return '';
}

function waysToSay(word: string, at: number, spelling: string): string[] {
  const sound = sounds.get(spelling)!;
  if (at === 0) return sound.start;
  return /[aeiouj]/.test(word[at + spelling.length] ?? '') ? sound.beforeVowel : sound.elsewhere;
}

// The same digit in two neighbouring sounds is written once.
function say(branch: Branch, way: string, twice: boolean): Branch {
  const repeats = way !== '' && branch.last === way && !twice;
  return { digits: repeats ? branch.digits : branch.digits + way, last: way };
}

function distinct(branches: Branch[]): Branch[] {
  const seen = new Map(branches.map((branch) => [`${branch.digits} ${branch.last}`, branch]));
  return [...seen.values()].slice(0, mostBranches);
}
