/** How values that are no plain text stand in a box, and what is meant by what is typed there. */
import type { Json, JsonObject } from '../../../../platform/json.ts';
import { readDay, readLine } from '../../../../platform/typed.ts';
import { listOf, objectOf, type Spelling, textOf } from '../form/field.ts';

/** A whole number; anything else stays as it was typed. */
export const wholeNumber: Spelling = {
  show: textOf,
  read: (typed) => {
    const text = readLine(typed);
    return text === '' ? undefined : /^-?\d{1,15}$/.test(text) ? Number(text) : typed;
  },
};

/** A day as people write it (31/3/2027), in the document 2027-03-31. */
export const showDay = (value: Json | undefined): string =>
  textOf(value).replace(/^(\d{4})-(\d{2})-(\d{2})$/, (_, y, m, d) => `${Number(d)}/${Number(m)}/${y}`);

export const day: Spelling = { show: showDay, read: (typed) => (typed === '' ? undefined : (readDay(typed) ?? typed)) };

/** A list of texts, one on each line. */
export const lines: Spelling = {
  show: (value) => (Array.isArray(value) ? listOf(value).map(textOf).join('\n') : textOf(value)),
  read: readLines,
};

export function readLines(typed: string): string[] {
  const each = typed.split('\n').map((line) => line.trim());
  return each.filter((line) => line !== '');
}

/** Names and values, one pair on each line: "within_hours: 24". */
export const pairs: Spelling = {
  show: (value) =>
    Object.entries(objectOf(value))
      .map(([name, inner]) => `${name}: ${textOf(inner)}`)
      .join('\n'),
  read: (typed) => Object.fromEntries(readLines(typed).map(pair)),
};

function pair(line: string): [string, Json] {
  const at = line.indexOf(':');
  const name = at < 0 ? line : line.slice(0, at).trim();
  return [name, scalar(at < 0 ? '' : line.slice(at + 1).trim())];
}

function scalar(text: string): string | number | boolean {
  const plain = readLine(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(plain) ? Number(plain) : text;
}

/** Yes or no, told apart from nothing chosen yet. */
export const yesOrNo: Spelling = {
  show: (value) => (value === true ? 'yes' : value === false ? 'no' : textOf(value)),
  read: (typed) => (typed === '' ? undefined : typed === 'yes' ? true : typed === 'no' ? false : typed),
};

/** What the person concerned is asked or told: a rule, and for agreement what it counts as. */
export const consentRule: Spelling = {
  show: (value) => {
    const { rule, as } = objectOf(value);
    return rule === 'required' ? `required ${textOf(as)}`.trim() : textOf(rule);
  },
  read: (typed) => {
    const [rule = '', as] = typed.split(' ');
    if (rule === '') return undefined;
    return as === undefined ? { rule } : { rule, as };
  },
};

/** To whom, in one box: "agency RR7" or "kind council". Gives the keys `agency` or `kind`. */
export const whose: Spelling = {
  show: (_, { agency, kind }) =>
    agency !== undefined ? `agency ${textOf(agency)}` : kind !== undefined ? `kind ${textOf(kind)}` : '',
  read: (typed): JsonObject | undefined => {
    const [what = '', code = ''] = typed.split(/ (.*)/s);
    return what === 'agency' || what === 'kind' ? { [what]: code } : undefined;
  },
};
