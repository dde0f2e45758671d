/** Whether what is asked for the same fields became more or less. */
import { canonicalText } from '../../../platform/json.ts';
import type { Requirement } from './requirements.ts';

/** By field: each way to it, as what it asks for. */
type Ways = ReadonlyMap<string, readonly Requirement[][]>;

type Difference = { stricter: string[]; looser: string[] };

/** Compares field by field; what is true of only some of the fields names them. */
export function compareRequirements(fields: readonly string[], before: Ways, after: Ways): Difference {
  const stricter = new Map<string, string[]>();
  const looser = new Map<string, string[]>();
  const note = (into: Map<string, string[]>, text: string, field: string): void =>
    void into.set(text, [...(into.get(text) ?? []), field]);
  for (const field of fields) {
    const difference = compareWays(before.get(field) ?? [], after.get(field) ?? []);
    for (const text of difference.stricter) note(stricter, text, field);
    for (const text of difference.looser) note(looser, text, field);
  }
  const words = (found: Map<string, string[]>): string[] =>
    [...found].map(([text, some]) => (some.length === fields.length ? text : `${some.join(', ')}: ${text}`));
  return { stricter: words(stricter), looser: words(looser) };
}

function compareWays(before: readonly Requirement[][], after: readonly Requirement[][]): Difference {
  const difference = compareAlways(always(before), always(after));
  if (difference.stricter.length > 0 || difference.looser.length > 0) return difference;
  const known = new Set(before.map(nameOf));
  const left = new Set(after.map(nameOf));
  return {
    stricter: [...known].some((way) => !left.has(way)) ? ['one of the ways to be given this is gone'] : [],
    looser: [...left].some((way) => !known.has(way)) ? ['there is a further way to be given this'] : [],
  };
}

function nameOf(way: readonly Requirement[]): string {
  return canonicalText(way.map(({ key, text }) => `${key} ${text}`).toSorted());
}

/** What every way asks for, each at its least. */
function always(ways: readonly Requirement[][]): Map<string, Requirement> {
  const [first = [], ...others] = ways;
  const common = first.flatMap((one) => {
    const same = others.map((way) => way.find(({ key }) => key === one.key));
    if (same.includes(undefined)) return [];
    return [[one, ...same].reduce((least, next) => ((next?.strength ?? 0) < (least?.strength ?? 0) ? next : least))];
  });
  return new Map(common.flatMap((one) => (one === undefined ? [] : [[one.key, one]])));
}

function compareAlways(before: Map<string, Requirement>, after: Map<string, Requirement>): Difference {
  const difference: Difference = { stricter: [], looser: [] };
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(key);
    const now = after.get(key);
    if (old?.text === now?.text) continue;
    const more = (now?.strength ?? 0) >= (old?.strength ?? 0);
    const relaxes = (now ?? old)?.relaxes === true;
    (more !== relaxes ? difference.stricter : difference.looser).push(wordsFor(old, now));
  }
  return difference;
}

function wordsFor(old: Requirement | undefined, now: Requirement | undefined): string {
  if (now === undefined) return `no longer: ${old?.text}`;
  return old === undefined ? `now: ${now.text}` : `now: ${now.text} (before: ${old.text})`;
}
