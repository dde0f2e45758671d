import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalBytes, canonicalText, type Json, parseJsonStrict } from '../../platform/json.ts';
import { effortOf } from '../support/platform/effort.ts';

describe('the canonical form', () => {
  it('is that of RFC 8785: its own example', () => {
    const text = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
    expect(canonicalText(parseJsonStrict(text))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('orders keys by UTF-16 code units, as RFC 8785 does', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonicalText(value)) as object)).toEqual([4, 2, 6, 7, 1, 5, 3]);
  });

  it('is the same, byte for byte, as the reference implementation writes, in whatever order the keys stand', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('', '1', '10', '2', '__proto__', 'a', 'b'),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.constantFrom(null, undefined, true, false, -0, 1e21, 5e-324, '\u2028', '\0"\\/'),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 6 }),
      ),
    }));
    const inAnyOrder = value.filter((one) => one !== undefined) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(inAnyOrder, (one) => {
        expect(canonicalText(one)).toBe(canonicalize(one));
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses half of a surrogate pair in a key, wherever it stands', () => {
    const refused = expect.objectContaining({ code: 'not-canonical' });
    expect(() => canonicalText({ a: [{ '\udc00': 1 }] })).toThrow(refused);
    expect(() => canonicalText({ b: { '\ud83d': 1 }, a: 1 })).toThrow(refused);
  });

  it('takes text that only looks like half of a surrogate pair, and many keys in any order', () => {
    const keys = Array.from({ length: 20 }, (_, index) => `k${(index * 7) % 20}`);
    const value = { ...Object.fromEntries(keys.map((key) => [key, String.raw`\ud83d`])), b: '\\', a: '\ud83d\ude00' };
    expect(canonicalText(value)).toBe(canonicalize(value));
  });

  it('takes no longer for what is out of order deep inside', async () => {
    let value: Json = { b: 1, a: 2 };
    for (let depth = 0; depth < 30; depth += 1) value = { a: value, b: [value === null] };
    const effort = await effortOf(() => expect(canonicalText(value)).toBe(canonicalize(value)));
    expect(effort).toBeLessThan(1_000);
  });

  it('refuses a value that holds itself', () => {
    const cycle: Record<string, Json> = {};
    cycle.a = [cycle];
    expect(() => canonicalText(cycle)).toThrow(expect.objectContaining({ code: 'not-canonical' }));
  });

  it('takes what is undefined for absent', () => {
    expect(canonicalText({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  it('is UTF-8 when it is bytes', () => {
    expect(canonicalBytes({ a: '€' })).toEqual(Buffer.from('{"a":"€"}', 'utf8'));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '\ud83d'])('does not exist for %p', (value) => {
    expect(() => canonicalText({ value })).toThrow(expect.objectContaining({ code: 'not-canonical' }));
  });
});

describe('the strict parser', () => {
  it('reads what JSON.parse reads', () => {
    const text = '{"a":1,"b":{"a":"x:\\"a\\": {"},"c":["a","a",{"a":[]},{"a":{}}],"":0,"__proto__":1}';
    expect(parseJsonStrict(text)).toEqual(JSON.parse(text));
    expect(parseJsonStrict(' "just text: {" ')).toBe('just text: {');
  });

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[{"b":1},{"c":{"x":1,"y":[1,{}],"x":2}}]',
    '{"a" \n : 1,"a"\t:2}',
    '{"":1,"":2}',
  ])('refuses a key that stands twice: %s', (text) => {
    expect(() => parseJsonStrict(text)).toThrow(expect.objectContaining({ code: 'duplicate-key', kind: 'invalid' }));
  });

  it('says where broken JSON is broken, and never quotes it', () => {
    const read = () => parseJsonStrict('{"name": Ann Smyth}');
    expect(read).toThrow(expect.objectContaining({ code: 'malformed-json', kind: 'invalid' }));
    expect(read).not.toThrow(/Ann/);
    expect(() => parseJsonStrict('{"a":')).toThrow('it ends too early');
  });

  it('reads two megabytes of one string, and deep nesting', () => {
    const long = JSON.stringify({ a: 'x\\"'.repeat(500_000) });
    expect(JSON.stringify(parseJsonStrict(long))).toBe(long);
    const deep = '['.repeat(5_000) + ']'.repeat(5_000);
    expect(canonicalText(parseJsonStrict(deep))).toBe(deep);
  });
});
