import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endAgency } from '../../../directory/agencies/register_agency.ts';
import { endPost, suspendPost } from '../../../directory/people/end_post.ts';
import { findPractitionerByEmail } from '../../../directory/people/find_practitioner.ts';
import { suspendPractitioner } from '../../../directory/people/suspend_practitioner.ts';
import { findStanding, listStandings } from '../../../directory/people/find_standing.ts';
import { postIsActive } from '../../../directory/active_post.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import {
  anAgency,
  anImportedAgency,
  aPost,
  aPractitioner,
  aTeam,
  gateshead,
  load,
  newcastle,
} from '../../support/directory/directory.ts';
import { testLog } from '../../support/platform/log.ts';

let database: Awaited<ReturnType<typeof testLog>>;
const now = () => Date.now() / 1000;

const jo = aPractitioner({
  name: 'Jo Armstrong',
  email: 'Jo.Armstrong@Gateshead.example',
  registrations: [
    {
      body: 'SWE',
      number: 'sw 12345',
      checked: { by: 'Gateshead HR', at: 1_790_000_000, validUntil: 1_900_000_000 },
      source: 'HR',
    },
    { body: 'HCPC', number: 'ph123', source: 'Jo' },
  ],
});
const front = aTeam({ name: 'Front door', area: 'Felling' });
const housing = aTeam({ name: 'Housing options' });
const own = aPost({ practitioner: jo.id, team: front.id });
const elsewhere = aPost({
  practitioner: jo.id,
  team: housing.id,
  role: 'housing-officer',
  kind: 'locum',
  from: 1_750_000_000,
});

beforeAll(async () => {
  database = await testLog();
  await load(
    database.log,
    anImportedAgency({ teams: [front], practitioners: [jo], posts: [own] }),
    anImportedAgency({
      ...anAgency({ code: newcastle, name: 'Newcastle City Council', area: 'Newcastle upon Tyne' }),
      teams: [housing],
      posts: [elsewhere],
    }),
  );
});
afterAll(() => database.drop());

const standing = async () => (await findStanding(database.db, jo.id))!;
const post = async (id: string) => (await standing()).posts.find((one) => one.id === id)!;

test('standing holds every post across agencies, the registrations and the identity level', async () => {
  const found = await standing();
  expect(found).toMatchObject({ practitioner: jo.id, name: 'Jo Armstrong', status: 'active' });
  expect(found.identity).toEqual({ level: 2, checkedBy: 'Gateshead Council', checkedAt: 1_780_000_000 });
  expect(found.posts).toEqual([
    {
      id: elsewhere.id,
      agency: newcastle,
      agencyName: 'Newcastle City Council',
      agencyKind: 'council',
      agencyArea: 'Newcastle upon Tyne',
      team: housing.id,
      teamName: 'Housing options',
      listed: true,
      role: 'housing-officer',
      roleName: 'Housing officer',
      kind: 'locum',
      from: 1_750_000_000,
      suspended: false,
    },
    expect.objectContaining({
      id: own.id,
      agency: gateshead,
      agencyArea: 'Gateshead',
      teamArea: 'Felling',
      from: own.from,
    }),
  ]);
  expect(found.registrations).toEqual([
    { body: 'HCPC', number: 'PH000123', evidence: 'format', lapsed: false },
    {
      body: 'SWE',
      number: 'SW12345',
      evidence: 'checked',
      checkedBy: 'Gateshead HR',
      checkedAt: 1_790_000_000,
      validUntil: 1_900_000_000,
      lapsed: false,
    },
  ]);
});

test('an unknown id, and a text that is no id, have no standing', async () => {
  expect(await findStanding(database.db, uuidv7())).toBeUndefined();
  expect(await findStanding(database.db, "x' or '1'='1")).toBeUndefined();
});

test('many standings are read at once, and each is what it is by itself', async () => {
  expect(await listStandings(database.db, [jo.id, uuidv7()])).toEqual([await standing()]);
  expect(await listStandings(database.db, [])).toEqual([]);
});

test('a work e-mail address is found in any capitals', async () => {
  expect(await findPractitionerByEmail(database.db, ' jo.armstrong@GATESHEAD.example')).toMatchObject({
    id: jo.id,
    status: 'active',
  });
  expect(await findPractitionerByEmail(database.db, 'jo%@gateshead.example')).toBeUndefined();
});

test('a suspended post, an ended post and an ended agency leave nothing to act in', async () => {
  const actor = { agency: gateshead, service: 'tests' };
  await suspendPost(database.log, actor, { post: own.id!, reason: 'inquiry' });
  expect(postIsActive(await post(own.id!), now())).toBe(false);

  expect(postIsActive(await post(elsewhere.id!), now())).toBe(true);
  await endAgency(database.log, { agency: newcastle, service: 'tests' }, { reason: 'merged' });
  expect(postIsActive(await post(elsewhere.id!), now())).toBe(false);
  expect((await post(elsewhere.id!)).until).toBeLessThanOrEqual(now());

  await endPost(database.log, actor, { post: own.id!, reason: 'left' });
  expect((await post(own.id!)).until).toBeLessThanOrEqual(now());
});

test('a change raises the epoch, so that what was computed before it cannot be recorded', async () => {
  const before = database.log.fence.epoch();
  await suspendPractitioner(
    database.log,
    { agency: gateshead, service: 'tests' },
    { practitioner: jo.id, reason: 'inquiry' },
  );
  expect(database.log.fence.epoch()).toBeGreaterThan(before);
  expect((await standing()).status).toBe('suspended');
});
