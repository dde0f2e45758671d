/** Looking through JSON text (RFC 8259) without reading it: where it stops being JSON, and which keys stand where. */

type JsonFailure = { position: number; expected: string };
type JsonError = JsonFailure & { line: number; column: number };

export type JsonKey = {
  name: string;
  /** True where its object names it a second time. */
  again: boolean;
  /** The names and places that lead to it, itself last. */
  path(): (string | number)[];
  /** Counts from 1. */
  line(): number;
};

/** Told of what stands in the text, in order; may throw to end the look. */
type JsonVisitor = { key?(key: JsonKey): void; /** So many are open now. */ open?(depth: number): void };

/** An object or a list that is open. `at` is the key or the place in it. */
type Level = { keys: Set<string> | undefined; at: string | number };
type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'after value';

const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// Unrolled, so that long strings need no backtracking.
// eslint-disable-next-line no-control-regex -- JSON strings must not hold raw control characters
const string = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const space = /[ \t\n\r]*/y;

const wanted: Record<Expectation, string> = {
  value: 'a value is expected here',
  'value or ]': 'a value or ] is expected here',
  key: 'a field name in double quotes is expected here',
  'key or }': 'a field name in double quotes or } is expected here',
  ':': 'a colon is expected here',
  'after value': 'a comma or a closing bracket is expected here',
};

/** The first place where `text` is not JSON, or undefined when it is. Lines and columns count from 1. */
export function findJsonError(text: string): JsonError | undefined {
  const failure = scanJson(text);
  if (failure === undefined) return undefined;
  const before = text.slice(0, failure.position).split('\n');
  return { ...failure, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Looks through `text` up to the first place where it is not JSON, which is returned; undefined when all of it is. */
export function scanJson(text: string, visitor: JsonVisitor = {}): JsonFailure | undefined {
  const open: Level[] = [];
  let expect: Expectation = 'value';
  let position = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    position += found?.length ?? 0;
    return found;
  };
  for (;;) {
    match(space);
    const next = text[position];
    const level = open.at(-1);
    const fail = (expected = wanted[expect]): JsonFailure => ({ position, expected });
    if (expect === 'after value' && level === undefined) {
      return next === undefined ? undefined : fail('nothing more is expected here');
    }
    if (next === undefined) return fail(`the text ends too early; ${wanted[expect]}`);
    if (closes(expect, level, next)) {
      open.pop();
      position += 1;
      expect = 'after value';
    } else if (expect === 'after value') {
      if (next !== ',') return fail();
      position += 1;
      if (typeof level?.at === 'number') level.at += 1;
      expect = level?.keys === undefined ? 'value' : 'key';
    } else if (expect === ':') {
      if (next !== ':') return fail();
      position += 1;
      expect = 'value';
    } else if (expect === 'key' || expect === 'key or }') {
      if (next !== '"') return fail();
      const start = position;
      const written = match(string);
      if (written === undefined) return fail('this field name is not a valid string');
      if (visitor.key !== undefined) tellKey(visitor.key, text, start, written, open);
      expect = ':';
    } else if (next === '{' || next === '[') {
      open.push(next === '{' ? { keys: new Set(), at: '' } : { keys: undefined, at: 0 });
      visitor.open?.(open.length);
      position += 1;
      expect = next === '{' ? 'key or }' : 'value or ]';
    } else if (next === '"') {
      if (match(string) === undefined) return fail('this string is not closed or not valid');
      expect = 'after value';
    } else {
      if (match(scalar) === undefined) return fail();
      expect = 'after value';
    }
  }
}

function closes(expect: Expectation, level: Level | undefined, next: string): boolean {
  if (next === '}') return level?.keys !== undefined && (expect === 'key or }' || expect === 'after value');
  if (next !== ']' || level === undefined) return false;
  return level.keys === undefined && (expect === 'value or ]' || expect === 'after value');
}

function tellKey(
  tell: (key: JsonKey) => void,
  text: string,
  start: number,
  written: string,
  open: readonly Level[],
): void {
  const level = open.at(-1);
  const name = JSON.parse(written) as string;
  const again = level?.keys?.has(name) === true;
  level?.keys?.add(name);
  if (level !== undefined) level.at = name;
  const line = (): number => text.slice(0, start).split('\n').length;
  tell({ name, again, path: () => open.map(({ at }) => at), line });
}
