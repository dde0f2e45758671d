/** What was kept long enough goes, what was not stays, and the log's proofs hold. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { searchPractitioners } from '../../../directory/finding/search_practitioners.ts';
import { sql } from '../../../platform/database/sql.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { listEntries } from '../../../platform/log/read.ts';
import { forgetOld } from '../../../policy/decisions/forget_old.ts';
import { gatherDuties } from '../../../policy/decisions/obligations/gather_duties.ts';
import { closeReview } from '../../../policy/decisions/overrides/close_review.ts';
import { findReview } from '../../../policy/decisions/overrides/find_review.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { asOwner, traveller } from '../../support/journeys/journey.ts';
import { askWith, stated, userToken } from '../../support/policy/override.ts';

const gateshead = 'E08000037';

let service: RunningApplication;
let closed: string;
let open: string;

beforeAll(async () => {
  service = await startApplication();
  const token = await userToken(service, 'health-visitor');
  const override = async (record: string) =>
    (await askWith(service, 'health-visitor', token, stated, { record })).context.override!.review;
  [closed, open] = [await override('GC-1003'), await override('GC-1004')];
  const { id, posts } = traveller(service, 'siro');
  const siro = { practitioner: id, post: posts[0]!, agency: gateshead };
  const desk = { ...service.ground, register: service.register };
  await closeReview(desk, siro, closed, { outcome: 'justified', note: 'She did what was right.' });
  for (const name of ['Hedley', 'Robson'])
    await searchPractitioners(service.ground.db, service.ground.log, siro, { name });
  await askWith(service, 'social-worker', await userToken(service, 'social-worker'), undefined, {
    record: 'GC-1001',
    fields: ['name'],
  });
  await gatherDuties(service.ground.db);
});
afterAll(() => service.close());

const owner = (statement: string, values: unknown[] = []) => asOwner(service.database, statement, values);
const count = async (of: string): Promise<number> => Number((await owner(`select count(*) as n from ${of}`))[0]!.n);
const review = (id: string) => findReview(service.ground, gateshead, id);
const searches = async () =>
  (await listEntries(service.ground.db, { agency: gateshead }, { event: 'directory.search' }, { limit: 9 })).entries;

describe('what is kept for so many days', () => {
  it('is all there while the days run', async () => {
    const before = [await count('duty'), await count('change_feed')];
    await forgetOld(service.ground);
    expect([await count('duty'), await count('change_feed')]).toEqual(before);
    expect(before.every((number) => number > 0)).toBe(true);
    expect(await review(closed)).toMatchObject({ reason: stated.reason, note: 'She did what was right.' });
    expect((await searches()).map(({ content }) => (content as { name?: string } | undefined)?.name)).toEqual([
      'Robson',
      'Hedley',
    ]);
  });

  it('goes when they are over: texts of closed reviews, duties, the change feed and look-ups, and nothing else', async () => {
    await owner(
      `update override_review set opened_at = opened_at - interval '10 years', closed_at = closed_at - interval '10 years'`,
    );
    await owner(`update duty set due_at = due_at - interval '10 years'`);
    const [last] = await owner('select max(position)::int as position from change_feed');
    await owner('update log_content set time = time - 86400 * 3650 where position < $1', [last!.position]);
    const [feed, decisions] = [
      await count('change_feed'),
      await count(`log_content where event = 'decision' and committed is not null`),
    ];
    const [hedley] = (await searches()).slice(-1);
    await owner('update log_content set time = time - 86400 * 3650 where position = $1', [hedley!.position]);

    await forgetOld(service.ground);
    expect(await count('duty')).toBe(0);
    expect(feed).toBeGreaterThan(1);
    expect(await count('change_feed')).toBeLessThan(feed);
    expect(await count('change_feed')).toBeGreaterThan(0);
    const words = 'What was written here was removed: the time for which it was kept is over.';
    expect(await review(closed)).toMatchObject({ reason: words, note: words, closed: { outcome: 'justified' } });
    expect(await review(open)).toMatchObject({ reason: stated.reason });
    expect(await count(`log_content where event = 'directory.search' and committed is not null`)).toBe(1);
    expect(await count(`log_content where event = 'decision' and committed is not null`)).toBe(decisions);
    const erasures = await count(`log_content where event = 'content-erased'`);
    expect(erasures).toBe(1);
    await forgetOld(service.ground);
    expect(await count(`log_content where event = 'content-erased'`)).toBe(erasures);
    // The check would notice the times that this test has changed.
    await owner('update log_content set time = time + 86400 * 3650 where time < $1', [Date.now() / 1000 - 86_400]);
    const { problems } = await checkLog(service.ground.db, await service.ground.keys.publicKeys('log'));
    expect(problems).toEqual([]);
  });

  it('is never what happened in the last seven days, whatever is asked', async () => {
    for (const what of ['change-feed', 'duties', 'review-texts'])
      await expect(service.ground.db.query(sql`select forget_before(${what}, now())`)).rejects.toMatchObject({
        code: '42501',
      });
    await expect(service.ground.db.query(sql`delete from change_feed`)).rejects.toMatchObject({ code: '42501' });
  });
});
