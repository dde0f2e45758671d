/** Names that can be read in more than one way: a particle that is also a given name, a blank that is there or not, either order. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { searchPractitioners } from '../../../directory/finding/search_practitioners.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { aPractitioner, aStaffedAgency, gateshead, load } from '../../support/directory/directory.ts';
import { testLog } from '../../support/platform/log.ts';
import { crowd } from './misspellings.ts';

let database: Awaited<ReturnType<typeof testLog>>;

type Parts = [given: string, family: string];

/** Who is asked for, in each way that people type it; `''` as the given name: the agency gave one name without parts. */
const people: [Parts, string[]][] = [
  [
    ['Alan', 'Orr'],
    ['Al Orr', 'AL ORR', 'Orr, Al', 'Alan Orr', 'orr al'],
  ],
  [
    ['Benjamin', 'Orr'],
    ['Ben Orr', 'Orr Ben', 'Dr Ben Orr', 'Benj Orr'],
  ],
  [
    ['Diana', 'Orr'],
    ['Di Orr', 'DI ORR', 'Orr, Di'],
  ],
  [
    ['Della', 'Pattison'],
    ['Della Pattison', 'Pattison Della', 'della pattison'],
  ],
  [
    ['Malcolm', 'Stobbs'],
    ['Mac Stobbs', 'Stobbs, Mac'],
  ],
  [['Vanessa', 'Stobbs'], ['Van Stobbs']],
  [['Delroy', 'Stobbs'], ['Del Stobbs']],
  [['Dennis', 'Stobbs'], ['Den Stobbs']],
  [['Terence', 'Pattison'], ['Ter Pattison']],
  [
    ['Thi Hoa', 'Le'],
    ['Le Thi Hoa', 'Thi Hoa Le', 'Hoa Le', 'Le Hoa'],
  ],
  [
    ['Van An', 'Nguyen'],
    ['Nguyen Van An', 'Van An Nguyen', 'An Nguyen', 'Nguyen, Van An'],
  ],
  [
    ['Ben', 'Ali'],
    ['Ben Ali', 'Ali Ben'],
  ],
  [
    ['', 'Al Storey'],
    ['Al Storey', 'Storey', 'Storey Al'],
  ],
  [
    ['Maria', 'de la Cruz'],
    ['Maria de la Cruz', 'Maria delacruz', 'Maria Cruz', 'De La Cruz, Maria', 'Cruz Maria'],
  ],
  [
    ['Anna', 'van der Berg'],
    ['Anna van der Berg', 'van der Berg Anna', 'Anna Vanderberg', 'Anna Berg', 'Van Der Berg'],
  ],
  [
    ['Leila', 'Al-Hassan'],
    ['Leila Al-Hassan', 'Leila Al Hassan', 'Leila Alhassan', 'Leila Hassan', 'Al Hassan Leila'],
  ],
  [
    ['Omar', 'Abd al-Rahman'],
    ['Omar Abd al-Rahman', 'Omar Abd Al Rahman', 'Omar Abdalrahman', 'Abd al Rahman, Omar'],
  ],
  [
    ['Máire', 'Ó Briain'],
    ['Maire O Briain', 'Máire Ó Briain', 'Maire O’Briain', 'Maire OBriain', 'Ó Briain, Máire'],
  ],
  [
    ['Pat', 'O’Hare'],
    [
      "Pat O'Hare",
      'Pat O’Hare',
      'Pat O‘Hare',
      'Pat O`Hare',
      'Pat O´Hare',
      'Pat OʼHare',
      'Pat O′Hare',
      'Pat O＇Hare',
      'Pat Oʻhare',
      'Pat O Hare',
      'O HARE PAT',
    ],
  ],
  [
    ['Jean', 'D’Arcy'],
    [
      "Jean D'Arcy",
      'Jean Darcy',
      'Jean D′Arcy',
      'Jean D＇Arcy',
      'Jean Dʿarcy',
      'Jean Dʾarcy',
      'Jean D‛Arcy',
      'D’Arcy Jean',
    ],
  ],
  [
    ['Fiona', 'McPhail'],
    ['Fiona Mc Phail', 'Fiona MacPhail', 'Fiona Mac Phail', 'Mc Phail Fiona', 'fiona mcphail'],
  ],
  [
    ['Eva', 'St John'],
    ['Eva St John', 'Eva St. John', 'Eva St-John', 'Eva StJohn', 'St John, Eva', 'Eva St.John'],
  ],
  [
    ['Ann-Marie', 'Coulson-Tate'],
    [
      'Ann-Marie Coulson-Tate',
      'Ann Marie Coulson Tate',
      'Annmarie Coulsontate',
      'Ann-Marie Coulson Tate',
      'Coulson-Tate Ann Marie',
      'Annmarie Coulson‐Tate',
      'Ann–Marie Coulson—Tate',
    ],
  ],
  [
    ['嘉詠', '張'],
    ['張 嘉詠', '張嘉詠', '張　嘉詠', '嘉詠 張', '張・嘉詠'],
  ],
  [
    ['', '陳美玲'],
    ['陳 美玲', '陳美玲', '陳　美玲'],
  ],
  [
    ['', '李 小龍'],
    ['李小龍', '李 小龍', '小龍 李'],
  ],
  [
    ['太郎', '山田'],
    ['山田 太郎', '山田太郎', '山田・太郎', '太郎 山田'],
  ],
  [
    ['', '佐藤花子'],
    ['佐藤 花子', '佐藤花子'],
  ],
  [
    ['', 'ジョン・スミス'],
    ['ジョン・スミス', 'ジョン スミス', 'ｼﾞｮﾝ･ｽﾐｽ', 'スミス ジョン'],
  ],
  [
    ['민수', '김'],
    ['김민수', '김 민수', '민수 김'],
  ],
  [
    ['محمد', 'عبد الله'],
    ['محمد عبد الله', 'محمد عبدالله'],
  ],
  [
    ['Ｋａｔｅ', 'Ｓｔｏｋｏｅ'],
    ['Kate Stokoe', 'ＫＡＴＥ　ＳＴＯＫＯＥ', 'Ｋａｔｅ Stokoe'],
  ],
];

const shown = ([given, family]: Parts): string => [given, family].filter((part) => part !== '').join(' ');

beforeAll(async () => {
  database = await testLog();
  const named = people.map(([[given, family]]) =>
    aPractitioner({
      name: shown([given, family]),
      names: { display: shown([given, family]), ...(given !== '' && { given, family }) },
    }),
  );
  const strangers = crowd.given.flatMap((given) =>
    crowd.family.map((family) => aPractitioner({ name: `${given} ${family}` })),
  );
  await load(database.log, aStaffedAgency([...named, ...strangers]));
});
afterAll(() => database.drop());

const seeker = { agency: gateshead, practitioner: uuidv7() };
const first = async (name: string): Promise<string | undefined> =>
  (await searchPractitioners(database.db, database.log, seeker, { name })).results[0]?.name;

describe.each(people.map(([parts, typed]) => [shown(parts), typed] as const))('%s', (name, typed) => {
  test.each(typed)('is on top for “%s”', async (asked) => {
    expect(await first(asked)).toBe(name);
  });
});
