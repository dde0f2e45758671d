/** What a password may be: long enough, not a common one, not made of the person's own details. No composition rules (NIST 800-63B-4). */
import { commonPasswords } from './common_passwords.ts';

/** Fewest characters where the password is the only factor, and where a second one follows. */
const shortest = { alone: 15, withSecondFactor: 8 } as const;
const longest = 256;

/** What somebody who knows the person would try first: name, e-mail address, agency, the service's own name. */
type PasswordContext = { words: string[] };

type PasswordVerdict = { ok: true; sufficientAlone: boolean } | { ok: false; message: string };

/** Judges a new password; `message` says in plain words what is wrong with it. */
export function judgePassword(password: string, context: PasswordContext): PasswordVerdict {
  const text = normalizePassword(password);
  const length = [...text].length;
  if (length < shortest.withSecondFactor) return refuse(`Use at least ${shortest.withSecondFactor} characters`);
  if (length > longest) return refuse(`Use at most ${longest} characters`);
  const plain = simplify(text);
  if (isRepetitive(text.toLowerCase()))
    return refuse('This password repeats itself. Use several words that do not belong together');
  if (commonPasswords.has(plain) || isRun(text.toLowerCase()) || isShortNumber(text)) {
    return refuse(
      'This password is one of the first that an attacker would try. Use several words that do not belong together',
    );
  }
  if (isMadeOf(plain, context.words))
    return refuse('This password is made of your own details or the name of the service. Use other words');
  return { ok: true, sufficientAlone: length >= shortest.alone };
}

/** The form that is hashed: the same characters typed on another keyboard or system give the same bytes (RFC 8265). */
export function normalizePassword(password: string): string {
  return password.normalize('NFC');
}

const refuse = (message: string): PasswordVerdict => ({ ok: false, message });

/** Small letters, the usual letter swaps undone, and without the digits and signs that people put at the end. */
function simplify(text: string): string {
  const swaps: Record<string, string> = {
    '0': 'o',
    '1': 'i',
    '3': 'e',
    '4': 'a',
    '5': 's',
    '7': 't',
    '@': 'a',
    $: 's',
    '!': 'i',
  };
  const lower = text.toLowerCase();
  const core = lower.replace(/\P{L}+$/u, '').replace(/^\P{L}+/u, '');
  return (core === '' ? lower : core).replace(/[013457@$!]/g, (sign) => swaps[sign] ?? '');
}

/** A date, a phone number, a PIN written twice. */
function isShortNumber(text: string): boolean {
  return /^\P{L}+$/u.test(text) && [...text].length < shortest.alone;
}

function isRepetitive(plain: string): boolean {
  return new Set(plain).size < 4 || /^(.{1,6}?)\1+$/u.test(plain);
}

/** abcdefgh, 12345678, qwertyuiop and the like, either way round. */
function isRun(plain: string): boolean {
  const runs = [
    'abcdefghijklmnopqrstuvwxyz',
    '01234567890',
    'qwertyuiopasdfghjklzxcvbnm',
    'qazwsxedcrfvtgbyhnujmikolp',
  ];
  return runs.some((run) => run.includes(plain) || [...run].toReversed().join('').includes(plain));
}

/** True when little is left of the password once the person's own words are taken out. */
function isMadeOf(plain: string, words: string[]): boolean {
  const own = words
    .flatMap((word) => word.toLowerCase().split(/[^\p{L}\d]+/u))
    .filter((word) => word.length >= 3)
    .toSorted((a, b) => b.length - a.length);
  const rest = [...new Set([...own, 'wayleave'])].reduce((left, word) => left.replaceAll(word, ''), plain);
  return plain.length - rest.length > 0 && rest.replaceAll(/[^\p{L}\p{N}]/gu, '').length < 5;
}
