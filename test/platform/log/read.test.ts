import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '../../../platform/database/sql.ts';
import type { LogEvent } from '../../../platform/log/event.ts';
import { type LogFilters, type LogPage, findEntry, listEntries } from '../../../platform/log/read.ts';
import { anEvent, recorded, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
const auditing = { reading: 'audit' } as const;
const times: number[] = [];

const events: Partial<LogEvent>[] = [
  { event: 'sign-in', actor: { practitioner: 'ann' }, agencies: ['RTD'], subject: 'ann' },
  {
    event: 'decision',
    actor: { practitioner: 'ann', client: 'casebook' },
    agencies: ['RTD', 'E08000021'],
    content: { answer: { decision: true } },
  },
  {
    event: 'decision',
    actor: { practitioner: 'bob' },
    agencies: ['E08000021'],
    content: { answer: { decision: false } },
  },
  { event: 'directory.search', actor: { practitioner: 'bob' }, agencies: ['E08000021'] },
  { event: 'practitioner.suspended', actor: { practitioner: 'cyd' }, agencies: ['RTD'], subject: 'bob' },
  ...[6, 7, 8].map(() => ({ event: 'test.listed', actor: { client: 'casebook' }, agencies: ['RX4'] })),
];

beforeAll(async () => {
  t = await testLog();
  for (const event of events) times.push(recorded(await t.log.append(anEvent(event))).time);
});
afterAll(() => t.drop());

const refused = sql`beside.committed::json #>> '{content,answer,decision}' = 'false'`;

const list = async (filters: LogFilters, scope: Parameters<typeof listEntries>[1] = auditing) =>
  (await listEntries(t.db, scope, filters)).entries.map(({ position }) => position);

describe('a page of the log', () => {
  it('is newest first', async () => {
    expect(await list({})).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it.each<[string, LogFilters, number[]]>([
    ['the event', { event: 'decision' }, [3, 2]],
    ['any of several events', { event: ['sign-in', 'directory.search'] }, [4, 1]],
    ['who did it', { practitioner: 'ann' }, [2, 1]],
    ['whom it is about', { subject: 'bob' }, [5]],
    ['an agency that may read it', { agency: 'E08000021' }, [4, 3, 2]],
    ['a condition on what it says', { matching: refused }, [3]],
    ['all at once', { agency: 'E08000021', practitioner: 'bob', event: 'decision', matching: refused }, [3]],
    ['what nobody did', { practitioner: "'; drop table log_leaf; --" }, []],
  ])('is narrowed by %s', async (_, filters, expected) => {
    expect(await list(filters)).toEqual(expected);
  });

  it('is narrowed by time, from inclusive, to exclusive', async () => {
    expect(await list({ from: times[1]!, to: times[3]! })).toEqual([3, 2]);
    expect(await list({ from: times[4]! })).toEqual([8, 7, 6, 5]);
    expect(await list({ to: times[1]! })).toEqual([1, 0]);
    expect(await list({ to: times[0]! })).toEqual([]);
    expect(await list({ from: times.at(-1)! + 1 })).toEqual([]);
    expect(await list({ to: 0 })).toEqual([]);
  });

  it('shows an agency what its officers may read, and no more, whatever it filters by', async () => {
    expect(await list({}, { agency: 'RTD' })).toEqual([5, 2, 1]);
    expect(await list({ agency: 'E08000021' }, { agency: 'RTD' })).toEqual([2]);
    expect(await list({}, { agency: 'E23000007' })).toEqual([]);
    expect(await list({}, {})).toEqual([]);
  });

  it('leads to the next page, and the last page leads nowhere', async () => {
    const first = await listEntries(t.db, { agency: 'E08000021' }, {}, { limit: 2 });
    expect(first.entries.map(({ position }) => position)).toEqual([4, 3]);
    expect(first.next).toBe(3);
    const last = await listEntries(t.db, { agency: 'E08000021' }, {}, { limit: 2, before: first.next! });
    expect(last.entries.map(({ position }) => position)).toEqual([2]);
    expect(last).not.toHaveProperty('next');
  });
});

describe('a page of entries that were recorded at once', () => {
  const of = (agencies: string[]) => t.log.append(anEvent({ agencies })).then(recorded);
  const page = async (filters: LogFilters, page: LogPage = {}) =>
    (await listEntries(t.db, { agency: 'QEH' }, filters, page)).entries.map(({ position }) => position);

  it('begins and ends in the middle of them, in order, without those of others', async () => {
    await of(['RTD']);
    const own = await Promise.all(
      Array.from({ length: 9 }, (_, index) => of(index % 3 === 1 ? ['RTD'] : ['QEH', 'RTD'])),
    );
    const later = await Promise.all([of(['QEH']), of(['RTD']), of(['QEH'])]);
    const all = [...own.filter((_, index) => index % 3 !== 1), later[0], later[2]].map((one) => one.position).reverse();
    expect(await page({})).toEqual(all);
    expect(await page({}, { limit: 3 })).toEqual(all.slice(0, 3));
    expect(await page({}, { before: all[3]!, limit: 3 })).toEqual(all.slice(4, 7));
    expect(await page({ from: own[0]!.time })).toEqual(all);
    expect(await page({ from: later[0].time })).toEqual(all.filter((position) => position >= later[0].position));
    expect(await page({ to: later[0].time })).toEqual(all.filter((position) => position < later[0].position));
  });

  it('begins where the clock says, also when that is an entry of another agency in the middle of a batch', async () => {
    const [before, after] = [await of(['QEH']), await of(['RTD'])];
    expect(await page({ from: after.time })).toEqual([]);
    expect((await page({ from: before.time }))[0]).toBe(before.position);
  });
});

describe('one entry', () => {
  it('comes back as it was recorded', async () => {
    const event = anEvent({ subject: 'p-2', content: { a: [1, null, { b: 'ü' }], n: 1e21 } });
    const { id, position, time } = recorded(await t.log.append(event));
    expect(await findEntry(t.db, auditing, id)).toMatchObject({ ...event, id, position, time, epoch: 0, intact: true });
  });

  it('is found by those who may read it, and by nobody else', async () => {
    const { id } = recorded(await t.log.append(anEvent({ agencies: ['RTD'] })));
    expect(await findEntry(t.db, { agency: 'RTD' }, id)).toMatchObject({ id });
    expect(await findEntry(t.db, { agency: 'E08000021' }, id)).toBeUndefined();
    expect(await findEntry(t.db, auditing, 'no id')).toBeUndefined();
  });
});

describe('an event that cannot be stored as it is', () => {
  it.each<[string, Partial<LogEvent>, string]>([
    ['U+0000 in the content', { content: { text: 'a\u0000b' } }, 'not-storable'],
    ['a control character in a name', { subject: 'a\u001eb' }, 'not-storable'],
    ['half a surrogate pair', { content: { text: '\ud83d' } }, 'not-canonical'],
    ['an id that is no UUID', { id: 'mine' }, 'invalid-log-id'],
  ])('is refused on its own, not with its batch: %s', async (_, event, code) => {
    const [bad, good] = await Promise.allSettled([t.log.append(anEvent(event)), t.log.append(anEvent())]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code, kind: 'invalid' } });
    expect(good).toMatchObject({ status: 'fulfilled', value: { outcome: 'recorded' } });
  });

  it('is not confused with text that only looks like it', async () => {
    const content = { text: String.raw`a backslash, then u0000: \u0000`, agencies: 'x"y\\z' };
    const { id } = recorded(await t.log.append(anEvent({ content, agencies: ['odd "code" \\ {,}'] })));
    expect(await findEntry(t.db, auditing, id)).toMatchObject({
      content,
      agencies: ['odd "code" \\ {,}'],
      intact: true,
    });
  });
});
