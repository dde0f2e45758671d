/** Who holds posts of certain roles: a page at a time, and how many. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endPost } from '../../../directory/people/end_post.ts';
import { countHolders, mostCounted } from '../../../directory/people/count_holders.ts';
import { listHolders } from '../../../directory/people/list_holders.ts';
import { suspendPractitioner } from '../../../directory/people/suspend_practitioner.ts';
import { listFindable } from '../../../directory/finding/list_findable.ts';
import {
  aPost,
  aPractitioner,
  aStaffedAgency,
  aTeam,
  gateshead,
  load,
  newcastle,
} from '../../support/directory/directory.ts';
import { testLog } from '../../support/platform/log.ts';

let database: Awaited<ReturnType<typeof testLog>>;
const people = Array.from({ length: 6 }, () => aPractitioner());
const ids = people.map(({ id }) => id).sort();
const team = aTeam();
const [open, hidden] = [aTeam(), aTeam({ listed: false })];
const posts = people.map(({ id }) => aPost({ practitioner: id, team: team.id }));
// One person holds the role three times over.
const twice = [1, 2].map(() => aPost({ practitioner: ids[0]!, team: team.id }));
const [refuge, colleague] = [aPractitioner(), aPractitioner()];
// One is in the hidden team alone, the other in a listed one too.
const worker = { agency: newcastle, role: 'housing-officer' };
const hiddenPosts = [refuge, colleague].map(({ id }) =>
  aPost({ practitioner: id, team: hidden.id, role: worker.role }),
);
const crowd = Array.from({ length: mostCounted + 5 }, () => aPractitioner());
const social = { agency: gateshead, role: 'social-worker' };

beforeAll(async () => {
  database = await testLog();
  await load(
    database.log,
    aStaffedAgency(people, { teams: [team], posts: [...posts, ...twice] }),
    aStaffedAgency([...crowd, refuge, colleague], {
      code: newcastle,
      name: 'Newcastle City Council',
      teams: [open, hidden],
      posts: [...crowd, colleague].map(({ id }) => aPost({ practitioner: id, team: open.id })).concat(hiddenPosts),
    }),
  );
});
afterAll(() => database.drop());

test('pages hold each person once, in the order of ids, whatever the page', async () => {
  for (const size of [1, 2, 4, 100]) {
    const found: string[] = [];
    for (;;) {
      const roles = [social, { ...social, role: 'housing-officer' }];
      const page = await listHolders(database.db, roles, gateshead, found.at(-1), size);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(size);
      found.push(...page);
    }
    expect(found).toEqual(ids);
  }
  expect(await listHolders(database.db, [], gateshead, undefined, 10)).toEqual([]);
});

test('counts are of active people in active posts, and stop where they say nothing more', async () => {
  const roles = [social, { ...social, role: 'paramedic' }, { ...social, agency: newcastle }];
  const counts = async () => (await countHolders(database.db, roles, gateshead)).map(({ people: count }) => count);
  expect(await counts()).toEqual([6, 0, mostCounted + 1]);
  const actor = { agency: gateshead, service: 'tests' };
  await suspendPractitioner(database.log, actor, { practitioner: ids[1]!, reason: 'a test' });
  await endPost(database.log, actor, {
    post: posts.find(({ practitioner }) => practitioner === ids[2])!.id!,
    reason: 'a test',
  });
  expect(await counts()).toEqual([4, 0, mostCounted + 1]);
});

test('posts in a team that is not listed are found and counted for its own agency only', async () => {
  const both = [refuge.id, colleague.id].sort();
  expect(await listHolders(database.db, [worker], newcastle, undefined, 10)).toEqual(both);
  expect(await listHolders(database.db, [worker], gateshead, undefined, 10)).toEqual([]);
  const counts = await Promise.all([newcastle, gateshead].map((one) => countHolders(database.db, [worker], one)));
  expect(counts.map(([count]) => count?.people)).toEqual([2, 0]);
});

test('people of teams that are not listed may not be named', async () => {
  expect(await listFindable(database.db, [ids[0]!, refuge.id])).toEqual([ids[0]]);
  expect(await listFindable(database.db, [])).toEqual([]);
});
