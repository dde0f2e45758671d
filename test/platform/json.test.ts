import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, canonicalText, parseJsonStrict } from '../../platform/json.ts';

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
