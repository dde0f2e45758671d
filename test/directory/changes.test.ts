import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Actor } from '../../directory/actor.ts';
import { appointAdministrator, dismissAdministrator } from '../../directory/people/appoint_administrator.ts';
import { isAdministrator, listAdministratorsOf } from '../../directory/people/list_administrators.ts';
import { registerAgency } from '../../directory/agencies/register_agency.ts';
import { findAgency, listAgencies } from '../../directory/agencies/list_agencies.ts';
import { findDutyDesk } from '../../directory/agencies/find_duty_desk.ts';
import { setDutyDesk } from '../../directory/agencies/set_duty_desk.ts';
import { findPartner } from '../../directory/partners/find_partner.ts';
import { registerPartner } from '../../directory/partners/register_partner.ts';
import { restorePartner, suspendPartner } from '../../directory/partners/suspend_partner.ts';
import { endPost, restorePost, suspendPost } from '../../directory/people/end_post.ts';
import { givePost } from '../../directory/people/give_post.ts';
import { admitPractitioner } from '../../directory/people/admit_practitioner.ts';
import { restorePractitioner, suspendPractitioner } from '../../directory/people/suspend_practitioner.ts';
import { markRegistrationLapsed, recordRegistration } from '../../directory/people/record_registration.ts';
import { findStanding } from '../../directory/people/find_standing.ts';
import { addTeam } from '../../directory/agencies/add_team.ts';
import { listTeams } from '../../directory/agencies/list_teams.ts';
import { listEntries } from '../../platform/log/read.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import {
  anAgency,
  aPartner,
  aPractitioner,
  aStaffedAgency,
  gateshead,
  load,
  newcastle,
  northumbria,
} from '../support/directory/directory.ts';
import { testLog } from '../support/platform/log.ts';

let database: Awaited<ReturnType<typeof testLog>>;
const boss = aPractitioner({ name: 'Bea Boss' });
const jo = aPractitioner({ name: 'Jo Worker' });
const other = aPractitioner({ name: 'Una Elsewhere' });
const own = aStaffedAgency([boss, jo], { administrators: [boss.id] });
const others = aStaffedAgency([other], {
  ...anAgency({ code: newcastle, name: 'Newcastle City Council' }),
  administrators: [other.id],
});
const team = own.teams[0]!.id;
const byBoss: Actor = { agency: gateshead, practitioner: boss.id };
const byOther: Actor = { agency: newcastle, practitioner: other.id };
const reason = 'test';

beforeAll(async () => {
  database = await testLog();
  await load(database.log, own, others);
});
afterAll(() => database.drop());

const standing = async (id: string) => (await findStanding(database.db, id))!;
const lastEvent = async (agency: string) => (await listEntries(database.db, { agency }, {}, { limit: 1 })).entries[0];

describe('joiners and movers', () => {
  test('an administrator admits a practitioner, gives a post and ends it; each is recorded', async () => {
    const { log } = database;
    const id = await admitPractitioner(log, byBoss, {
      names: { display: 'New Joiner' },
      email: 'new@gateshead.example',
      source: 'HR',
    });
    expect(await lastEvent(gateshead)).toMatchObject({ event: 'practitioner.admitted', subject: id, actor: byBoss });
    expect((await standing(id)).posts).toEqual([]);

    const post = await givePost(log, byBoss, { practitioner: id, team, role: 'social-worker', source: 'HR' });
    expect((await standing(id)).posts).toMatchObject([{ id: post, role: 'social-worker', suspended: false }]);
    await suspendPost(log, byBoss, { post, reason });
    await restorePost(log, byBoss, { post, reason });
    await endPost(log, byBoss, { post, reason });
    expect(await lastEvent(gateshead)).toMatchObject({ event: 'post.ended', subject: id, content: { post, reason } });
    expect((await standing(id)).posts[0]!.until).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('a post’s end can be brought forward and never put off by ending it again', async () => {
    const later = Math.floor(Date.now() / 1000) + 86_400;
    const post = await givePost(database.log, byBoss, {
      practitioner: jo.id,
      team,
      role: 'housing-officer',
      kind: 'locum',
      until: later,
      source: 'HR',
    });
    const until = async () => (await standing(jo.id)).posts.find(({ id }) => id === post)!.until;
    expect(await until()).toBe(later);
    await endPost(database.log, byBoss, { post, until: later + 1000, reason });
    expect(await until()).toBe(later);
    await endPost(database.log, byBoss, { post, until: later - 1000, reason });
    expect(await until()).toBe(later - 1000);
  });

  test('a work e-mail address belongs to one person, in any capitals', async () => {
    const input = { names: { display: 'Same Mail' }, email: jo.email.toUpperCase(), source: 'HR' };
    await expect(admitPractitioner(database.log, byOther, input)).rejects.toMatchObject({
      code: 'email-in-use',
      kind: 'conflict',
    });
  });

  test.each([
    ['a role that agencies of this kind do not have', { role: 'police-officer' }, 'role-not-for-this-agency'],
    ['a role that does not exist', { role: 'wizard' }, 'role-not-for-this-agency'],
    ['a team of another agency', { team: others.teams[0]!.id }, 'team-not-found'],
    ['a person who does not exist', { practitioner: uuidv7() }, 'practitioner-not-found'],
    ['an end before the start', { from: 2000, until: 1000 }, 'post-ends-before-it-starts'],
  ])('a post is not given for %s', async (_, changes, code) => {
    const input = { practitioner: jo.id, team, role: 'social-worker', source: 'HR', ...changes };
    await expect(givePost(database.log, byBoss, input)).rejects.toMatchObject({ code });
  });
});

describe('who may change what', () => {
  test('nobody but an administrator of the agency changes its entries', async () => {
    const input = { practitioner: jo.id, reason };
    for (const actor of [
      { agency: gateshead, practitioner: jo.id },
      { agency: gateshead, practitioner: other.id },
      { agency: newcastle, practitioner: boss.id },
      { agency: northumbria, practitioner: boss.id },
    ]) {
      await expect(suspendPractitioner(database.log, actor, input)).rejects.toMatchObject({
        code: 'not-administrator',
        kind: 'forbidden',
      });
    }
    expect((await standing(jo.id)).status).toBe('active');
  });

  test('an administrator changes nothing that another agency owns, and cannot tell whether it exists', async () => {
    const { log } = database;
    const post = own.posts[1]!.id!;
    await expect(suspendPractitioner(log, byOther, { practitioner: jo.id, reason })).rejects.toMatchObject({
      code: 'practitioner-not-found',
    });
    await expect(suspendPractitioner(log, byOther, { practitioner: uuidv7(), reason })).rejects.toMatchObject({
      code: 'practitioner-not-found',
    });
    await expect(endPost(log, byOther, { post, reason })).rejects.toMatchObject({ code: 'post-not-found' });
    await expect(suspendPost(log, byOther, { post, reason })).rejects.toMatchObject({ code: 'post-not-found' });
    const registration = { practitioner: jo.id, body: 'SWE', number: 'SW1', source: 'x' };
    await expect(recordRegistration(log, byOther, registration)).rejects.toMatchObject({
      code: 'practitioner-not-found',
    });
    expect(await standing(jo.id)).toMatchObject({ status: 'active', registrations: [] });
    expect((await standing(jo.id)).posts.find(({ id }) => id === post)).toMatchObject({ suspended: false });
  });

  test('nobody gives themselves a post, a capacity or a registration, or restores their own', async () => {
    const { log } = database;
    const denied = { code: 'not-for-yourself', kind: 'forbidden' };
    await expect(
      givePost(log, byBoss, { practitioner: boss.id, team, role: 'team-manager', source: 'me' }),
    ).rejects.toMatchObject(denied);
    await expect(appointAdministrator(log, byBoss, { practitioner: boss.id })).rejects.toMatchObject(denied);
    await expect(restorePost(log, byBoss, { post: own.posts[0]!.id!, reason })).rejects.toMatchObject(denied);
    await expect(
      recordRegistration(log, byBoss, { practitioner: boss.id, body: 'SWE', number: 'SW1', source: 'me' }),
    ).rejects.toMatchObject(denied);
    await expect(restorePractitioner(log, byBoss, { practitioner: boss.id, reason })).rejects.toMatchObject(denied);
  });

  test('an administrator who is suspended, dismissed or without an active post administers nothing', async () => {
    const { log, db } = database;
    const deputy = aPractitioner({ name: 'Di Deputy' });
    const staff = aStaffedAgency([deputy]);
    await load(log, staff);
    const byDeputy: Actor = { agency: gateshead, practitioner: deputy.id };
    const attempt = () => setDutyDesk(log, byDeputy, { name: 'Desk', phone: '0', hours: 'always', source: 'x' });
    await expect(attempt()).rejects.toMatchObject({ code: 'not-administrator' });
    await appointAdministrator(log, byBoss, { practitioner: deputy.id });
    expect(await isAdministrator(db, deputy.id, gateshead)).toBe(true);
    await attempt();

    await suspendPost(log, byBoss, { post: staff.posts[0]!.id!, reason });
    await expect(attempt()).rejects.toMatchObject({ code: 'not-administrator' });
    expect((await listAdministratorsOf(db, gateshead)).map(({ practitioner }) => practitioner)).toEqual([boss.id]);
    await restorePost(log, byBoss, { post: staff.posts[0]!.id!, reason });
    await attempt();
    await suspendPractitioner(log, byBoss, { practitioner: deputy.id, reason });
    await expect(attempt()).rejects.toMatchObject({ code: 'not-administrator' });
    await restorePractitioner(log, byBoss, { practitioner: deputy.id, reason });
    await dismissAdministrator(log, byBoss, { practitioner: deputy.id });
    await expect(attempt()).rejects.toMatchObject({ code: 'not-administrator' });
  });

  test('an administrator needs an active post in the agency', async () => {
    await expect(appointAdministrator(database.log, byBoss, { practitioner: other.id })).rejects.toMatchObject({
      code: 'no-active-post',
    });
  });

  test('a change that fails leaves nothing behind, not even its record', async () => {
    const before = await lastEvent(gateshead);
    await expect(
      recordRegistration(database.log, byBoss, { practitioner: jo.id, body: 'NMC', number: 'nonsense', source: 'x' }),
    ).rejects.toMatchObject({
      code: 'malformed-registration-number',
    });
    expect((await lastEvent(gateshead))?.id).toBe(before?.id);
  });
});

describe('registrations', () => {
  test('a lapse stands until a new check, whatever number somebody writes down meanwhile', async () => {
    const { log } = database;
    const of = async () => (await standing(jo.id)).registrations[0];
    const base = { practitioner: jo.id, body: 'SWE', number: 'SW777', source: 'HR' };
    await recordRegistration(log, byBoss, { ...base, checked: { by: 'HR', at: 1_790_000_000 } });
    expect(await of()).toMatchObject({ evidence: 'checked', lapsed: false });
    await markRegistrationLapsed(log, byBoss, { practitioner: jo.id, body: 'SWE', reason });
    await recordRegistration(log, byBoss, base);
    expect(await of()).toMatchObject({ evidence: 'format', lapsed: true });
    await recordRegistration(log, byBoss, { ...base, checked: { by: 'HR', at: 1_791_000_000 } });
    expect(await of()).toMatchObject({ evidence: 'checked', lapsed: false });
    await expect(
      markRegistrationLapsed(log, byBoss, { practitioner: jo.id, body: 'GMC', reason }),
    ).rejects.toMatchObject({ code: 'registration-not-found' });
    await expect(recordRegistration(log, byBoss, { ...base, body: 'XYZ' })).rejects.toMatchObject({
      code: 'unknown-professional-register',
    });
  });
});

describe('agencies, teams and duty desks', () => {
  test('an agency is registered once, by its official code', async () => {
    const actor = { agency: northumbria, service: 'federation' };
    const input = anAgency({ code: northumbria, kind: 'police', name: 'Northumbria Police' });
    await registerAgency(database.log, actor, input);
    expect(await findAgency(database.db, northumbria)).toMatchObject({
      name: 'Northumbria Police',
      kind: 'police',
      status: 'active',
    });
    expect((await listAgencies(database.db, { kind: 'police' })).map(({ code }) => code)).toEqual([northumbria]);
    await expect(registerAgency(database.log, actor, input)).rejects.toMatchObject({
      code: 'agency-registered-already',
    });
  });

  test('a team’s own duty desk comes before the agency’s', async () => {
    const { db, log } = database;
    const night = await addTeam(log, byBoss, { name: 'Night team', source: 'HR' });
    await setDutyDesk(log, byBoss, {
      name: 'Duty desk',
      phone: '0191 433 2653',
      hours: 'weekdays 9 to 5',
      source: 'website',
    });
    expect(await findDutyDesk(db, gateshead, night)).toMatchObject({ phone: '0191 433 2653' });
    await setDutyDesk(log, byBoss, {
      team: night,
      name: 'Night desk',
      phone: '0191 477 0844',
      hours: 'nights',
      source: 'website',
    });
    expect(await findDutyDesk(db, gateshead, night)).toMatchObject({ team: night, name: 'Night desk' });
    expect(await findDutyDesk(db, gateshead)).not.toHaveProperty('team');
    expect(await findDutyDesk(db, newcastle)).toBeUndefined();
    await expect(addTeam(log, byBoss, { name: 'Night team', source: 'HR' })).rejects.toMatchObject({
      code: 'team-name-in-use',
    });
  });

  test('an unlisted team is listed to its own agency only', async () => {
    await addTeam(database.log, byBoss, { name: 'Refuge', listed: false, source: 'HR' });
    const namesFor = async (agency?: string) =>
      (await listTeams(database.db, gateshead, agency)).map(({ name }) => name);
    expect(await namesFor(gateshead)).toContain('Refuge');
    expect(await namesFor(newcastle)).not.toContain('Refuge');
    expect(await namesFor()).not.toContain('Refuge');
  });
});

describe('partner systems', () => {
  test('a partner system is registered, suspended and restored; its secret’s hash is not in the log', async () => {
    const { db, log } = database;
    const {
      status: _,
      agency: __,
      ...input
    } = aPartner({ clientId: 'gateshead-casebook', homeUri: 'https://casebook.example/' });
    await registerPartner(log, byBoss, input);
    expect(await findPartner(db, 'gateshead-casebook')).toEqual({ ...input, status: 'active', agency: gateshead });
    const entry = await lastEvent(gateshead);
    expect(entry).toMatchObject({ event: 'partner.registered' });
    expect(JSON.stringify(entry)).not.toContain('secretHash');
    await suspendPartner(log, byBoss, { clientId: 'gateshead-casebook', reason });
    expect((await findPartner(db, 'gateshead-casebook'))?.status).toBe('suspended');
    await expect(restorePartner(log, byOther, { clientId: 'gateshead-casebook', reason })).rejects.toMatchObject({
      code: 'partner-not-found',
    });
    await restorePartner(log, byBoss, { clientId: 'gateshead-casebook', reason });
    expect((await findPartner(db, 'gateshead-casebook'))?.status).toBe('active');
    await expect(registerPartner(log, byBoss, input)).rejects.toMatchObject({ code: 'client-id-in-use' });
    expect(await findPartner(db, "x' or true --")).toBeUndefined();
  });

  test('an administrator cannot let a system ask about another agency’s records', async () => {
    const { status: _, agency: __, ...input } = aPartner({ holds: [gateshead, newcastle] });
    await expect(registerPartner(database.log, byBoss, input)).rejects.toMatchObject({
      code: 'holds-another-agencys-records',
    });
    await registerPartner(database.log, { agency: gateshead, service: 'federation' }, input);
  });
});
