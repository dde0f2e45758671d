/** What is typed into the boxes of a draft that hold no plain text, and what it means. */
import { describe, expect, it } from '@jest/globals';
import { conditionValue } from '../../../admin-ui/drafts/edit-draft/parts/condition_value.ts';
import type { Scope } from '../../../admin-ui/drafts/edit-draft/form/field.ts';
import { day, lines, pairs } from '../../../admin-ui/drafts/edit-draft/parts/spellings.ts';
import { readRelativeTime, relativeTime } from '../../../admin-ui/words/relative_time.ts';
import type { Json } from '../../../platform/json.ts';

const attributes = ['string', 'number', 'boolean', 'time'].map((type) => ({ name: type, type }));
const scope = {
  state: { assets: new Map([['record', { definition: { attributes } }]]) },
  document: {},
  item: { asset: 'record' },
} as unknown as Scope;

const read = (attribute: string, typed: string, operator = 'eq'): Json | undefined =>
  conditionValue.read(typed, { attribute, operator }, scope);
const show = (attribute: string, value: Json, operator = 'eq'): string =>
  conditionValue.show(value, { attribute, operator }, scope);

describe('the value of a condition', () => {
  it.each<[string, string, Json]>([
    ['string', 'open', 'open'],
    ['string', '65', '65'],
    ['string', 'yes', 'yes'],
    ['number', '65', 65],
    ['number', '-0.5', -0.5],
    ['boolean', 'yes', true],
    ['boolean', 'no', false],
    ['time', '31/3/2027', 1_806_447_600],
    ['time', '31/12/2026', 1_798_675_200],
    ['time', '2027-01-01T09:30:15Z', 1_798_795_815],
    ['time', 'now', { now: 0 }],
    ['time', 'now minus 30 days', { now: -2_592_000 }],
    ['time', 'now plus 12 hours', { now: 43_200 }],
    ['time', 'now plus 1 minute', { now: 60 }],
  ])('of type %s typed as %s has that type, and is shown as it was typed', (type, typed, value) => {
    expect(read(type, typed)).toEqual(value);
    expect(show(type, value)).toBe(typed);
  });

  it.each<[string, string, Json]>([
    ['number', '\u221265', -65],
    ['number', '６５．５', 65.5],
    ['number', '٦٥', 65],
    ['boolean', 'ｙｅｓ\u200b', true],
    ['time', 'now \u2013 30\u00a0days', { now: -2_592_000 }],
  ])('of type %s typed on another keyboard as %s is the same', (type, typed, value) => {
    expect(read(type, typed)).toEqual(value);
  });

  it.each([
    ['number', 'sixty-five'],
    ['number', '1e9'],
    ['boolean', 'maybe'],
    ['time', 'soon'],
    ['time', '31/2/2027'],
    ['time', 'now minus a while'],
    ['time', '12/2026'],
  ])('of type %s that cannot be understood stays as it was typed: %s', (type, typed) => {
    expect(read(type, typed)).toBe(typed);
    expect(show(type, typed)).toBe(typed);
  });

  it('is a list, one on each line, where one of several is enough', () => {
    expect(read('number', '65\n 66 \n\n67', 'in')).toEqual([65, 66, 67]);
    expect(show('number', [65, 66, 67], 'in')).toBe('65\n66\n67');
  });

  it('of an attribute that the record lacks is words', () => {
    expect(read('unknown', '65')).toBe('65');
    expect(show('unknown', 65)).toBe('65');
  });
});

describe('other boxes', () => {
  it('take a day in every form that people write, and keep what is none', () => {
    for (const typed of ['1/4/2027', '01.04.2027', '1 4 2027', '2027-04-01', '1 April 2027', '1/4/27']) {
      expect(day.read(typed, {}, scope)).toBe('2027-04-01');
    }
    expect(day.show('2027-04-01', {}, scope)).toBe('1/4/2027');
    for (const typed of ['1 Aprilis 2027', '31/31/31', 'tomorrow']) expect(day.read(typed, {}, scope)).toBe(typed);
  });

  it('hold lists and pairs as lines', () => {
    expect(lines.read(' a \n\n b', {}, scope)).toEqual(['a', 'b']);
    const details = { who: 'allocated-worker', within_hours: 24, now: true };
    expect(pairs.read(pairs.show(details, {}, scope), {}, scope)).toEqual(details);
  });

  it('count from now in the unit that fits', () => {
    for (const offset of [0, 1, -59, 60, -3_600, 86_400, 90_061, -7 * 86_400]) {
      expect(readRelativeTime(relativeTime(offset))).toBe(offset);
    }
  });
});
