/** Finds where a text stops being JSON (RFC 8259), because the engine's own message often leaves the position out. */

export type JsonError = { position: number; line: number; column: number; expected: string };

/** The first place where `text` is not JSON, or undefined when it is. Lines and columns count from 1. */
export function findJsonError(text: string): JsonError | undefined {
  const failure = scan(text);
  if (failure === undefined) return undefined;
  const before = text.slice(0, failure.position).split('\n');
  return { ...failure, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

type Failure = { position: number; expected: string };
type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'after value';

const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
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

function scan(text: string): Failure | undefined {
  const open: string[] = [];
  let expect: Expectation = 'value';
  let position = 0;
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position += found[0].length;
    return found !== null;
  };
  for (;;) {
    match(space);
    const next = text[position];
    const fail = (expected = wanted[expect]): Failure => ({ position, expected });
    if (expect === 'after value' && open.length === 0) {
      return next === undefined ? undefined : fail('nothing more is expected here');
    }
    if (next === undefined) return fail(`the text ends too early; ${wanted[expect]}`);
    if (closes(expect, open.at(-1), next)) {
      open.pop();
      position += 1;
      expect = 'after value';
    } else if (expect === 'after value') {
      if (next !== ',') return fail();
      position += 1;
      expect = open.at(-1) === '{' ? 'key' : 'value';
    } else if (expect === ':') {
      if (next !== ':') return fail();
      position += 1;
      expect = 'value';
    } else if (expect === 'key' || expect === 'key or }') {
      if (next !== '"') return fail();
      if (!match(string)) return fail('this field name is not a valid string');
      expect = ':';
    } else if (next === '{' || next === '[') {
      open.push(next);
      position += 1;
      expect = next === '{' ? 'key or }' : 'value or ]';
    } else if (next === '"') {
      if (!match(string)) return fail('this string is not closed or not valid');
      expect = 'after value';
    } else {
      if (!match(scalar)) return fail();
      expect = 'after value';
    }
  }
}

function closes(expect: Expectation, open: string | undefined, next: string): boolean {
  if (next === '}') return open === '{' && (expect === 'key or }' || expect === 'after value');
  return next === ']' && open === '[' && (expect === 'value or ]' || expect === 'after value');
}
