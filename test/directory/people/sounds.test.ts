import { describe, expect, test } from '@jest/globals';
import { soundCodes } from '../../../directory/people/names/daitch_mokotoff.ts';
import { editDistance, likeness, oneEditAway } from '../../../directory/finding/likeness.ts';
import { fold, nameWords, sortKey, wordsOf } from '../../../directory/people/names/words.ts';

/** As PostgreSQL 18 answers: select daitch_mokotoff(name). */
const postgres: Record<string, string[]> = {
  smith: ['463000'],
  schmidt: ['463000'],
  szczepanski: ['276450'],
  kowalski: ['578450'],
  moskowitz: ['645740'],
  lipshitz: ['874400'],
  auerbach: ['097500', '097400'],
  jackson: ['154600', '145460', '454600', '445460'],
  johnson: ['164600', '464600'],
  mcdonald: ['653683', '643683'],
  featherstonehaugh: ['739436', '734365'],
  oneill: ['068000'],
  hussain: ['546000'],
  chowdhury: ['573590', '473590'],
  krishnamurthy: ['594669'],
  okafor: ['057900'],
  zhang: ['465000'],
  nguyen: ['651600'],
  grzegorz: ['594594', '594540', '545940', '545400'],
  dzierzynski: ['494645', '446450'],
  mnemonic: ['666650', '666640'],
  peters: ['739400', '734000'],
  yusuf: ['147000'],
  evans: ['076400'],
  euler: ['189000'],
  aishwarya: ['047900'],
  uhrbach: ['097500', '097400'],
  jozef: ['147000', '447000'],
  rosochowaciec: ['945755', '945754', '945745', '945744', '944755', '944754', '944745', '944744'],
  siobhan: ['475600'],
  wojciechowska: ['755745', '754745', '745745', '744745'],
  przemysl: ['794648', '746480'],
  minsky: ['664500'],
  tsarkov: ['495700'],
  ckark: ['595000', '459500'],
  fbusz: ['740000'],
  schtschedrin: ['239600'],
  szmul: ['468000'],
  zdziarski: ['294500', '245000'],
  xiaoming: ['566500'],
};

describe('how names sound', () => {
  test.each(Object.entries(postgres))('%s has the codes that PostgreSQL gives it', (name, codes) => {
    expect(soundCodes(name).sort()).toEqual([...codes].sort());
  });

  test('a word without a letter of the table has no code', () => {
    expect(soundCodes('王')).toEqual([]);
    expect(soundCodes('')).toEqual([]);
  });
});

describe('how names are spelt', () => {
  test('a swap of neighbours counts as one slip, like a letter too many, too few or wrong', () => {
    for (const slip of ['simth', 'smithh', 'smth', 'smitt']) expect(editDistance('smith', slip)).toBe(1);
    expect(editDistance('smith', 'htims')).toBe(4);
  });

  test('every word one slip away is listed, and the word itself is not', () => {
    const away = oneEditAway('shaw');
    for (const slip of ['sahw', 'haw', 'shaws', 'show']) expect(away).toContain(slip);
    expect(away).not.toContain('shaw');
    expect(away.every((word) => editDistance('shaw', word) === 1)).toBe(true);
  });

  test('words that have nothing in common are not alike', () => {
    expect(likeness('smith', 'okafor', false)).toBeUndefined();
    expect(likeness('smith', 'smith', false)).toEqual({ how: 'exact', score: 1 });
  });
});

describe('what counts as a word of a name', () => {
  test.each([
    ['O’Neill', ['oneill']],
    ["O'Neill", ['oneill']],
    ['o neill', ['oneill']],
    ['Mac Donald', ['macdonald']],
    ['Dr Małgorzata Wiśniewska-Łoś', ['malgorzata', 'wisniewska', 'los']],
    ['Jürgen Weiß', ['jurgen', 'weiss']],
    ['Nour Al-Hassan', ['nour', 'alhassan']],
    ['van der Berg', ['vanderberg']],
    ['王 伟', ['王', '伟']],
    ['  ', []],
  ])('%s', (text, words) => {
    expect(nameWords(text)).toEqual(words);
  });

  test('a double family name is found by either half and by both', () => {
    expect(wordsOf({ display: 'Liz Hall-Browne', given: 'Liz', family: 'Hall-Browne' }).family).toEqual([
      'hall',
      'browne',
      'hallbrowne',
    ]);
    expect(wordsOf({ display: 'Hanna van der Berg', given: 'Hanna', family: 'van der Berg' }).family).toEqual([
      'vanderberg',
      'berg',
    ]);
  });

  test('a name of absurd length makes a bounded number of words', () => {
    expect(nameWords('a b c d e f g h i j k')).toHaveLength(6);
    expect(fold('x'.repeat(500))[0]).toHaveLength(64);
  });

  test('lists are in the order of family names', () => {
    const keys = [
      { display: 'B', given: 'Zoë', family: 'Ash' },
      { display: 'A', given: 'Adam', family: 'Ashby' },
    ].map(sortKey);
    expect([...keys].sort()).toEqual(keys);
  });
});
