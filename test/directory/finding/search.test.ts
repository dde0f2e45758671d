import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { viewEntry } from '../../../directory/finding/view_entry.ts';
import { suspendPost } from '../../../directory/people/end_post.ts';
import {
  recordLeaving,
  restorePractitioner,
  suspendPractitioner,
} from '../../../directory/people/suspend_practitioner.ts';
import type { Seeker } from '../../../directory/finding/record_look_up.ts';
import { searchPractitioners, type SearchQuery } from '../../../directory/finding/search_practitioners.ts';
import { listEntries } from '../../../platform/log/read.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import {
  anAgency,
  aPractitioner,
  aStaffedAgency,
  aTeam,
  gateshead,
  load,
  newcastle,
  hospitals,
  partsOf,
} from '../../support/directory/directory.ts';
import { testLog } from '../../support/platform/log.ts';
import { crowd, misspellings } from './misspellings.ts';

let database: Awaited<ReturnType<typeof testLog>>;
const seeker: Seeker = { agency: gateshead, practitioner: uuidv7() };
const operator = { agency: gateshead, service: 'tests' };

const names = [...new Set(misspellings.map(([, name]) => name))];
const known = names.map((name) => aPractitioner({ name }));
const strangers = crowd.given.flatMap((given) =>
  crowd.family.map((family) => aPractitioner({ name: `${given} ${family}` })),
);
const maria = aPractitioner({
  name: 'Maria Quillfeather',
  names: { ...partsOf('Maria Quillfeather'), other: ['Maria Zabłocka', 'Mitzi'] },
});
const single = aPractitioner({ names: { display: 'Suryanarayana' } });
const visitor = aPractitioner({ name: 'Vera Quillfeather' });
const hidden = aPractitioner({ name: 'Hildegard Quillfeather' });
const future = aPractitioner({ name: 'Futura Quillfeather' });
const past = aPractitioner({ name: 'Prudence Quillfeather' });

beforeAll(async () => {
  database = await testLog();
  await load(
    database.log,
    aStaffedAgency([...known, ...strangers, maria, single]),
    aStaffedAgency(
      [visitor],
      { ...anAgency({ code: hospitals, codeSystem: 'ods', kind: 'health', name: 'Newcastle Hospitals' }) },
      { role: 'health-visitor' },
    ),
    aStaffedAgency([hidden], {
      ...anAgency({ code: newcastle, name: 'Newcastle City Council' }),
      teams: [aTeam({ name: 'Refuge', listed: false })],
    }),
  );
  const team = aTeam();
  await load(database.log, aStaffedAgency([future], { teams: [team] }, { from: 4_000_000_000 }));
  await load(database.log, aStaffedAgency([past], {}, { until: 1_750_000_000 }));
});
afterAll(() => database.drop());

const search = (query: SearchQuery) => searchPractitioners(database.db, database.log, seeker, query);
const found = async (query: SearchQuery) => (await search(query)).results.map(({ name }) => name);
const logged = (event: string) => listEntries(database.db, { agency: gateshead }, { event }, { limit: 5 });

describe('names as people type them', () => {
  test.each(misspellings)('“%s” finds %s on the first page', async (asked, name) => {
    expect(await found({ name: asked })).toContain(name);
  });

  test('nearly all of them come first', async () => {
    const first: boolean[] = [];
    for (const [asked, name] of misspellings) first.push((await found({ name: asked }))[0] === name);
    expect(first.filter(Boolean).length / first.length).toBeGreaterThanOrEqual(0.95);
  });

  test('every name is found first when it is typed as it is, and gives no reason', async () => {
    for (const name of names) {
      const [first] = (await search({ name })).results;
      expect(first).toMatchObject({ name, why: [] });
    }
  });

  test('a former name and a known-as name find the person, and the result says so', async () => {
    for (const asked of ['Maria Zablocka', 'Zablocka', 'Mitzi Quillfeather']) {
      const [first] = (await search({ name: asked })).results;
      expect(first?.name).toBe('Maria Quillfeather');
      expect(first?.why.join()).toContain('also known as');
    }
  });

  test('somebody with one name is found by it', async () => {
    expect((await found({ name: 'Suryanarayan' }))[0]).toBe('Suryanarayana');
  });

  test('a result says why it matched', async () => {
    const why = async (name: string) => (await search({ name })).results[0]?.why;
    expect(await why('Peggy Thirwell')).toEqual([
      '“peggy” can be short for “margaret”',
      '“thirlwell” is spelt like “thirwell”',
    ]);
    expect(await why('Lee Shwa')).toEqual(['“shaw” sounds like “shwa”']);
    expect(await why('Mitzi')).toEqual(['also known as Mitzi']);
    expect(await why('Maria Quillf')).toEqual(['“quillfeather” begins with “quillf”']);
    expect(await why('Maria Xyzzy')).toEqual(['nothing like “xyzzy” in the name']);
  });
});

describe('role, agency and pages', () => {
  test('role and agency narrow a search by name, and work without one', async () => {
    expect(await found({ name: 'Quillfeather', role: 'health-visitor' })).toEqual(['Vera Quillfeather']);
    expect(await found({ name: 'Quillfeather', agency: gateshead })).toEqual(['Maria Quillfeather']);
    expect(await found({ role: 'health-visitor' })).toEqual(['Vera Quillfeather']);
    expect(await found({ agency: hospitals })).toEqual(['Vera Quillfeather']);
    expect(await found({ role: 'health-visitor', agency: gateshead })).toEqual([]);
    expect(await found({ role: 'no-such-role' })).toEqual([]);
  });

  test('a list stops at ten pages of twenty and says that there were more', async () => {
    const page = await search({ role: 'social-worker', page: 10 });
    expect(page).toMatchObject({ page: 10, pages: 10, total: 200, more: true });
    expect(page.results).toHaveLength(20);
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, at) => search({ role: 'social-worker', page: at + 1 })),
    );
    expect(new Set(all.flatMap(({ results }) => results.map(({ id }) => id))).size).toBe(200);
  });

  test.each([
    [140, 'Babblethwick', { total: 140, more: false }],
    [200, 'Zyglomund', { total: 200, more: false }],
    [201, 'Kwexborough', { total: 200, more: true }],
  ])(
    'of %d people of one family name all are found, or it says that there are more',
    async (count, family, expected) => {
      const people = Array.from({ length: count }, (_, at) => aPractitioner({ name: `Q${at} ${family}` }));
      await load(database.log, aStaffedAgency(people));
      expect(await search({ name: family })).toMatchObject(expected);
    },
  );

  test('a search for nothing is refused', async () => {
    for (const query of [{}, { name: '  ' }, { name: '123 %_' }, { name: '…', role: 'social-worker' }]) {
      await expect(search(query)).rejects.toMatchObject({ code: 'search-needs-more', kind: 'invalid' });
    }
  });
});

describe('who may not be found', () => {
  test('people of an unlisted team, with a future post or with an ended one are not found, by any way in', async () => {
    expect(await found({ name: 'Quillfeather' })).toEqual(['Maria Quillfeather', 'Vera Quillfeather']);
    expect(await found({ agency: newcastle })).toEqual([]);
    for (const { id } of [hidden, future, past]) {
      expect(await viewEntry(database.db, database.log, seeker, id)).toBeUndefined();
    }
  });

  test('a suspended person, a suspended post and a leaver are not found from that moment, and found again when restored', async () => {
    const person = aPractitioner({ name: 'Ottoline Zetterquist' });
    const agency = aStaffedAgency([person]);
    await load(database.log, agency);
    const input = { practitioner: person.id, reason: 'test' };
    const look = () => found({ name: 'Zetterquist' });
    expect(await look()).toEqual(['Ottoline Zetterquist']);
    await suspendPractitioner(database.log, operator, input);
    expect(await look()).toEqual([]);
    await restorePractitioner(database.log, operator, input);
    expect(await look()).toEqual(['Ottoline Zetterquist']);
    await recordLeaving(database.log, operator, input);
    expect(await look()).toEqual([]);
    await restorePractitioner(database.log, operator, input);
    await suspendPost(database.log, operator, { post: agency.posts[0]!.id!, reason: 'test' });
    expect(await look()).toEqual([]);
    expect(await viewEntry(database.db, database.log, seeker, person.id)).toBeUndefined();
  });
});

describe('input that means harm', () => {
  const nasty = [
    "'; drop table practitioner; --",
    "x' or '1'='1",
    '{{7*7}} ${7*7} #{7*7}',
    '%%%smith%%%',
    '<script>alert(1)</script>',
    '\\',
    '"',
    "O'; select pg_sleep(5)--",
    'a'.repeat(200),
    '\u202Esmith',
    '𝕊𝕞𝕚𝕥𝕙',
  ];

  test.each(nasty)('as a name, %j is only ever a name', async (text) => {
    const started = Date.now();
    const outcome = await search({ name: text }).catch((error: { code: string }) => error.code);
    if (typeof outcome === 'string') expect(outcome).toBe('search-needs-more');
    expect(Date.now() - started).toBeLessThan(3000);
  });

  test.each(nasty)('as a role or an agency, %j finds nobody', async (text) => {
    expect(await found({ role: text })).toEqual([]);
    expect(await found({ agency: text })).toEqual([]);
    expect(await viewEntry(database.db, database.log, seeker, text)).toBeUndefined();
  });

  test('nothing was lost', async () => {
    expect(await found({ name: 'John Smith' })).toContain('John Smith');
  });
});

describe('the record of look-ups', () => {
  test('a search is in the log with what was asked and who was shown', async () => {
    const { results } = await search({ name: 'Ngosi Eze' });
    const [entry] = (await logged('directory.search')).entries;
    expect(entry).toMatchObject({
      event: 'directory.search',
      content: { name: 'Ngosi Eze', page: 1, shown: results.map(({ id }) => id) },
    });
  });

  test('an entry that was opened is in the log under the person it is about', async () => {
    await viewEntry(database.db, database.log, seeker, known[0]!.id);
    const [entry] = (await logged('directory.entry-viewed')).entries;
    expect(entry).toMatchObject({ subject: known[0]!.id, content: { found: true } });
  });

  test('a look-up that cannot be recorded gives nothing', async () => {
    const broken = { ...database.log, append: () => Promise.reject(new Error('no log')) };
    await expect(searchPractitioners(database.db, broken, seeker, { name: 'Smith' })).rejects.toThrow('no log');
    await expect(viewEntry(database.db, broken, seeker, known[0]!.id)).rejects.toThrow('no log');
    const stale = { ...database.log, append: () => Promise.resolve({ outcome: 'stale' as const, epoch: 1 }) };
    await expect(viewEntry(database.db, stale, seeker, known[0]!.id)).rejects.toMatchObject({
      code: 'look-up-not-recorded',
    });
  });
});
