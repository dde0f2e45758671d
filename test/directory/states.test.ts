/** From which state a change may come, what a repeat does, and which times make sense. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Actor } from '../../directory/actor.ts';
import { addTeam } from '../../directory/agencies/add_team.ts';
import { endAgency, registerAgency } from '../../directory/agencies/register_agency.ts';
import { setDutyDesk } from '../../directory/agencies/set_duty_desk.ts';
import { registerPartner } from '../../directory/partners/register_partner.ts';
import { restorePartner, suspendPartner } from '../../directory/partners/suspend_partner.ts';
import { admitPractitioner } from '../../directory/people/admit_practitioner.ts';
import { appointAdministrator } from '../../directory/people/appoint_administrator.ts';
import { endPost, restorePost, suspendPost } from '../../directory/people/end_post.ts';
import { findStanding } from '../../directory/people/find_standing.ts';
import { givePost, type PostInput } from '../../directory/people/give_post.ts';
import { markRegistrationLapsed, recordRegistration } from '../../directory/people/record_registration.ts';
import {
  recordLeaving,
  restorePractitioner,
  suspendPractitioner,
} from '../../directory/people/suspend_practitioner.ts';
import { findHead } from '../../platform/log/head.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import {
  anAgency,
  aPartner,
  aPractitioner,
  aStaffedAgency,
  gateshead,
  load,
  newcastle,
} from '../support/directory/directory.ts';
import { testLog } from '../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
const [jo, kim] = [aPractitioner({ name: 'Jo Worker' }), aPractitioner({ name: 'Kim Worker' })];
const own = aStaffedAgency([jo, kim]);
const gone = aStaffedAgency([], anAgency({ code: newcastle, name: 'Newcastle City Council' }));
const team = own.teams[0]!.id;
const service: Actor = { agency: gateshead, service: 'HR' };
const ended = { agency: newcastle, service: 'HR' };
const reason = 'test';
const day = 86_400;
const now = (): number => Date.now() / 1000;
const partner = () => {
  const { status: _, agency: __, ...input } = aPartner({ clientId: `system-${uuidv7()}`, holds: [gateshead] });
  return input;
};

beforeAll(async () => {
  t = await testLog();
  await load(t.log, own, gone);
  await endAgency(t.log, ended, { reason });
});
afterAll(() => t.drop());

const size = async (): Promise<number> => (await findHead(t.db, 'main'))!.size;
const newcomer = (names = { display: 'New Comer' }): Promise<string> =>
  admitPractitioner(t.log, service, { names, email: `${uuidv7()}@gateshead.example`, source: 'HR' });
const give = (changes: Partial<PostInput> = {}): Promise<string> =>
  givePost(t.log, service, {
    practitioner: jo.id,
    team,
    role: 'social-worker',
    kind: 'locum',
    source: 'HR',
    ...changes,
  });
const postOf = async (practitioner: string, id: string) =>
  (await findStanding(t.db, practitioner))!.posts.find((post) => post.id === id)!;

describe('a repeat that changes nothing writes nothing', () => {
  test.each<[string, () => Promise<() => Promise<unknown>>]>([
    [
      'suspending a suspended person',
      async () => {
        const practitioner = await newcomer();
        return () => suspendPractitioner(t.log, service, { practitioner, reason });
      },
    ],
    [
      'letting go of somebody who has left',
      async () => {
        const practitioner = await newcomer();
        return () => recordLeaving(t.log, service, { practitioner, reason });
      },
    ],
    [
      'restoring somebody who is active',
      async () => {
        const practitioner = await newcomer();
        await suspendPractitioner(t.log, service, { practitioner, reason });
        return () => restorePractitioner(t.log, service, { practitioner, reason });
      },
    ],
    [
      'suspending a suspended post',
      async () => {
        const post = await give({ role: 'youth-worker' });
        return () => suspendPost(t.log, service, { post, reason });
      },
    ],
    [
      'restoring a post that is not suspended',
      async () => {
        const post = await give({ role: 'care-navigator' });
        await suspendPost(t.log, service, { post, reason });
        return () => restorePost(t.log, service, { post, reason });
      },
    ],
    [
      'ending a post that has ended',
      async () => {
        const post = await give({ role: 'youth-justice-worker' });
        return () => endPost(t.log, service, { post, reason });
      },
    ],
    ['appointing an administrator', async () => () => appointAdministrator(t.log, service, { practitioner: kim.id })],
    [
      'suspending a partner system',
      async () => {
        const input = partner();
        await registerPartner(t.log, service, input);
        return () => suspendPartner(t.log, service, { clientId: input.clientId, reason });
      },
    ],
    [
      'restoring a partner system',
      async () => {
        const input = partner();
        await registerPartner(t.log, service, input);
        await suspendPartner(t.log, service, { clientId: input.clientId, reason });
        return () => restorePartner(t.log, service, { clientId: input.clientId, reason });
      },
    ],
    [
      'saying that a registration lapsed',
      async () => {
        await recordRegistration(t.log, service, { practitioner: jo.id, body: 'SWE', number: 'SW1', source: 'HR' });
        return () => markRegistrationLapsed(t.log, service, { practitioner: jo.id, body: 'SWE', reason });
      },
    ],
    [
      'recording a registration in the same words',
      async () => {
        const checked = { by: 'HR', at: Math.floor(now()) - day };
        const input = { practitioner: jo.id, body: 'GMC', number: '7012345', checked, source: 'HR' };
        return () => recordRegistration(t.log, service, input);
      },
    ],
  ])('%s', async (_, prepare) => {
    const act = await prepare();
    const before = await size();
    await act();
    expect(await size()).toBe(before + 1);
    await act();
    expect(await size()).toBe(before + 1);
  });

  test('ending an agency', async () => {
    const before = await size();
    await endAgency(t.log, ended, { reason });
    expect(await size()).toBe(before);
  });
});

describe('somebody who has left', () => {
  test('is not suspended, which would hide that they left', async () => {
    const practitioner = await newcomer();
    await recordLeaving(t.log, service, { practitioner, reason });
    await expect(suspendPractitioner(t.log, service, { practitioner, reason })).rejects.toMatchObject({
      code: 'practitioner-left',
      kind: 'conflict',
    });
    expect((await findStanding(t.db, practitioner))?.status).toBe('left');
  });

  test('is given no post and no registration until they are restored', async () => {
    const practitioner = await newcomer();
    await recordLeaving(t.log, service, { practitioner, reason });
    await expect(give({ practitioner })).rejects.toMatchObject({ code: 'practitioner-not-active', kind: 'conflict' });
    const registration = { practitioner, body: 'SWE', number: 'SW2', source: 'HR' };
    await expect(recordRegistration(t.log, service, registration)).rejects.toMatchObject({ code: 'practitioner-left' });
    await restorePractitioner(t.log, service, { practitioner, reason });
    await give({ practitioner });
    await recordRegistration(t.log, service, registration);
  });

  test('or is suspended administers nothing', async () => {
    const practitioner = await newcomer();
    await give({ practitioner });
    await suspendPractitioner(t.log, service, { practitioner, reason });
    await expect(appointAdministrator(t.log, service, { practitioner })).rejects.toMatchObject({
      code: 'no-active-post',
    });
  });
});

describe('a post', () => {
  test('begins now where nothing else is said, and its end is measured from there', async () => {
    const before = now() - 1;
    expect((await postOf(jo.id, await give({ role: 'occupational-therapist' }))).from).toBeGreaterThan(before);
    await expect(give({ until: now() - day })).rejects.toMatchObject({
      code: 'post-ends-before-it-starts',
      kind: 'invalid',
    });
  });

  test.each<[string, Partial<PostInput>, string]>([
    ['that is over already', { from: 1_700_000_000, until: 1_700_086_400 }, 'post-over-already'],
    ['that begins at no time', { from: Number.NaN }, 'time-out-of-range'],
    ['whose end was given in milliseconds', { until: Date.now() + day * 1000 }, 'time-out-of-range'],
    ['that never ends, in numbers', { until: Number.POSITIVE_INFINITY }, 'time-out-of-range'],
    ['under the id of another', { id: own.posts[0]!.id!, role: 'team-manager' }, 'post-id-in-use'],
    ['that the person has already', { practitioner: jo.id, role: own.posts[0]!.role }, 'post-given-already'],
  ])('%s is not given', async (_, changes, code) => {
    const before = await size();
    await expect(give(changes)).rejects.toMatchObject({ name: 'DirectoryError', code });
    expect(await size()).toBe(before);
  });

  test('that has ended is neither suspended nor restored', async () => {
    const post = await give({ role: 'health-visitor' });
    await suspendPost(t.log, service, { post, reason });
    await endPost(t.log, service, { post, reason });
    const refused = { code: 'post-ended', kind: 'conflict' };
    await expect(restorePost(t.log, service, { post, reason })).rejects.toMatchObject(refused);
    await expect(suspendPost(t.log, service, { post, reason })).rejects.toMatchObject(refused);
  });

  test('does not end in the year 58,000', async () => {
    const post = await give({ role: 'school-nurse' });
    await expect(endPost(t.log, service, { post, until: Date.now(), reason })).rejects.toMatchObject({
      code: 'time-out-of-range',
    });
  });
});

describe('a check', () => {
  const registration = { practitioner: kim.id, body: 'SWE', number: 'SW9', source: 'HR' };

  test.each<[string, { at: number; validUntil?: number }, string]>([
    ['of tomorrow', { at: now() + day }, 'checked-in-the-future'],
    ['that ended before it was made', { at: now() - day, validUntil: now() - 2 * day }, 'check-ends-before-it-starts'],
    ['at no time', { at: Number.NaN }, 'time-out-of-range'],
  ])('%s is not recorded', async (_, times, code) => {
    const checked = { by: 'HR', ...times };
    await expect(recordRegistration(t.log, service, { ...registration, checked })).rejects.toMatchObject({ code });
  });

  test('by a clock that is some minutes ahead is recorded once, at the time that was told', async () => {
    const at = now() + 240;
    const input = { ...registration, practitioner: jo.id, checked: { by: 'HR', at } };
    await recordRegistration(t.log, service, input);
    await recordRegistration(t.log, service, input);
    expect((await findStanding(t.db, jo.id))!.registrations).toContainEqual(
      expect.objectContaining({ body: 'SWE', checkedAt: expect.closeTo(at, 3) }),
    );
  });

  test('does not replace a newer one', async () => {
    const at = (ago: number) => ({ ...registration, checked: { by: 'HR', at: now() - ago } });
    await recordRegistration(t.log, service, at(day));
    await expect(recordRegistration(t.log, service, at(2 * day))).rejects.toMatchObject({
      code: 'newer-check-recorded',
    });
    await recordRegistration(t.log, service, at(day / 2));
  });

  test('from before a registration lapsed does not make it count again', async () => {
    const at = now() - day;
    const input = { practitioner: jo.id, body: 'NMC', number: '08A1234E', source: 'HR', checked: { by: 'HR', at } };
    await recordRegistration(t.log, service, input);
    await markRegistrationLapsed(t.log, service, { practitioner: jo.id, body: 'NMC', reason });
    const refused = { code: 'registration-lapsed', kind: 'conflict' };
    await expect(recordRegistration(t.log, service, input)).rejects.toMatchObject(refused);
    await expect(recordRegistration(t.log, service, { ...input, source: 'again' })).rejects.toMatchObject(refused);
    const lapsed = async () =>
      (await findStanding(t.db, jo.id))?.registrations.find(({ body }) => body === 'NMC')?.lapsed;
    expect(await lapsed()).toBe(true);
    await recordRegistration(t.log, service, { ...input, checked: { by: 'HR', at: now() } });
    expect(await lapsed()).toBe(false);
  });

  test('of somebody’s identity lies in the past', async () => {
    const identity = { level: 2 as const, checkedBy: 'HR', checkedAt: now() + day, against: 'passport' };
    const input = { names: { display: 'To Morrow' }, email: 'morrow@gateshead.example', identity, source: 'HR' };
    await expect(admitPractitioner(t.log, service, input)).rejects.toMatchObject({ code: 'checked-in-the-future' });
  });
});

describe('an agency that has ended', () => {
  const practitioner = { names: { display: 'Late Comer' }, email: 'late@newcastle.example', source: 'HR' };

  test.each<[string, () => Promise<unknown>]>([
    ['admits nobody', () => admitPractitioner(t.log, ended, practitioner)],
    ['gives no post', () => givePost(t.log, ended, { practitioner: jo.id, team, role: 'social-worker', source: 'HR' })],
    ['adds no team', () => addTeam(t.log, ended, { name: 'Late team', source: 'HR' })],
    ['sets no duty desk', () => setDutyDesk(t.log, ended, { name: 'Desk', phone: '0', hours: 'never', source: 'HR' })],
    ['appoints no administrator', () => appointAdministrator(t.log, ended, { practitioner: jo.id })],
    ['registers no system', () => registerPartner(t.log, ended, partner())],
  ])('%s', async (_, act) => {
    await expect(act()).rejects.toMatchObject({ code: 'agency-ended', kind: 'conflict' });
  });

  test('is not the same as one that was never registered', async () => {
    const nobody = { agency: 'E99999999', service: 'HR' };
    for (const act of [
      () => addTeam(t.log, nobody, { name: 'X', source: 'HR' }),
      () => endAgency(t.log, nobody, { reason }),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'agency-not-found', kind: 'not-found' });
    }
  });
});

describe('what does not exist is named, and is no failure of the service', () => {
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a kind of agency',
      () =>
        registerAgency(
          t.log,
          { agency: 'E88888888', service: 'federation' },
          anAgency({ code: 'E88888888', kind: 'circus', name: 'Circus' }),
        ),
      'unknown-agency-kind',
    ],
    [
      'a team with a duty desk',
      () => setDutyDesk(t.log, service, { team: uuidv7(), name: 'Desk', phone: '0', hours: 'never', source: 'HR' }),
      'team-not-found',
    ],
    [
      'a holder of records',
      () => registerPartner(t.log, service, { ...partner(), holds: ['E99999999'] }),
      'agency-not-found',
    ],
    [
      'a client id with a space',
      () => registerPartner(t.log, service, { ...partner(), clientId: 'my system' }),
      'client-id-malformed',
    ],
  ])('%s', async (_, act, code) => {
    await expect(act()).rejects.toMatchObject({ name: 'DirectoryError', code });
  });
});
