/** What people type, and what they mean by it. */
import { describe, expect, it } from '@jest/globals';
import { readDay, readLine, readNumber } from '../../platform/typed.ts';

describe('a line', () => {
  it.each([
    ['zero-width blank', 'a\u200bb', 'ab'],
    ['soft hyphen', 'a\u00adb', 'ab'],
    ['marks of direction', '\u202aab\u202c\u200e\u2068\u2069', 'ab'],
    ['a byte order mark', '\ufeffab', 'ab'],
    ['blanks of any width, in front and behind too', '\u00a0a\u2003b\u3000\t', 'a b'],
    ['dashes of any length', 'a\u2010b\u2011c\u2013d\u2014e\u2212f\uff0dg', 'a-b-c-d-e-f-g'],
    ['full-width letters', 'ｎａｍｅ＠ａｇｅｎｃｙ．ｅｘａｍｐｌｅ', 'name@agency.example'],
    ['a writing of its own', 'Zażółć 張偉 محمد', 'Zażółć 張偉 محمد'],
  ])('is read through %s', (_name, typed, meant) => {
    expect(readLine(typed)).toBe(meant);
  });
});

describe('a number', () => {
  const systems = ['arab', 'arabext', 'beng', 'deva', 'fullwide', 'gujr', 'guru', 'khmr', 'laoo', 'mong', 'mymr', 'tamldec', 'telu', 'thai', 'tibt', 'mathbold', 'mathsans', 'adlm', 'nkoo', 'vaii', 'cham', 'java']; // prettier-ignore
  it.each(systems)('may have the digits of %s', (system) => {
    const digits = new Intl.NumberFormat('en', { numberingSystem: system, useGrouping: false }).format(9876543210);
    expect(digits).not.toBe('9876543210');
    expect(readNumber(digits)).toBe('9876543210');
  });

  it('may be written in groups, with blanks and dashes of any kind', () => {
    for (const typed of ['999 000 0018', '999-000-0018', '999\u00a0000\u20110018', ' 999\u2009000\u200b 0018\u202c']) {
      expect(readNumber(typed)).toBe('9990000018');
    }
  });
});

describe('a day', () => {
  it.each([
    '21 November 2026', '21 Nov 2026', '21 nov. 2026', '21st November, 2026', '21st of November 2026', 'Saturday 21 November 2026', '21November2026',
    '21/11/2026', '21/11/26', '21 / 11 / 2026', '21 / 11 / 26', '21.11.2026', '21. 11. 2026', '21-11-2026', '21-Nov-2026', '21 11 2026',
    '2026-11-21', '2026-11-21 ', '\u200b21\u00a0November\u00a02026', '٢١/١١/٢٠٢٦', '２１／１１／２０２６', '21\u201311\u20132026',
  ])('is read from “%s”', (typed) => {
    expect(readDay(typed)).toBe('2026-11-21');
  }); // prettier-ignore

  it('has one figure where it needs no more, and a month by its whole name or the beginning of it', () => {
    expect(['1/2/2026', '1 Feb 2026', '1 Sept 2026', '29 February 2028'].map(readDay)).toEqual(['2026-02-01', '2026-02-01', '2026-09-01', '2028-02-29']); // prettier-ignore
  });

  it.each(['', 'today', '31/2/2026', '29 February 2027', '11/21/2026', '21/13/2026', '0/1/2026', '21 Ju 2026', '21 Novembrr 2026', '21/11', '21/11/2', '21/11/202', '1/1/1800', '2026-11', '20261121'])(
    'is not read from “%s”',
    (typed) => {
      expect(readDay(typed)).toBeUndefined();
    },
  ); // prettier-ignore
});
