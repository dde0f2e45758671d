/** Each act of the directory eight times at once (two clicks, a retry, two tabs): it happens once. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Actor } from '../../directory/actor.ts';
import { addTeam } from '../../directory/agencies/add_team.ts';
import { endAgency, registerAgency } from '../../directory/agencies/register_agency.ts';
import { registerPartner } from '../../directory/partners/register_partner.ts';
import { restorePartner, suspendPartner } from '../../directory/partners/suspend_partner.ts';
import { admitPractitioner } from '../../directory/people/admit_practitioner.ts';
import { appointAdministrator, dismissAdministrator } from '../../directory/people/appoint_administrator.ts';
import { endPost, restorePost, suspendPost } from '../../directory/people/end_post.ts';
import { givePost } from '../../directory/people/give_post.ts';
import { markRegistrationLapsed, recordRegistration } from '../../directory/people/record_registration.ts';
import {
  recordLeaving,
  restorePractitioner,
  suspendPractitioner,
} from '../../directory/people/suspend_practitioner.ts';
import { ServiceError } from '../../platform/errors.ts';
import {
  anAgency,
  aPartner,
  aPractitioner,
  aStaffedAgency,
  gateshead,
  load,
  newcastle,
} from '../support/directory/directory.ts';
import { asOwner } from '../support/journeys/journey.ts';
import { testLog } from '../support/platform/log.ts';

let database: Awaited<ReturnType<typeof testLog>>;
const boss = aPractitioner({ name: 'Bea Boss' });
const jo = aPractitioner({ name: 'Jo Worker' });
const una = aPractitioner({ name: 'Una Elsewhere' });
const own = aStaffedAgency([boss, jo], { administrators: [boss.id] });
const team = own.teams[0]!.id;
const post = own.posts[1]!.id!;
const byBoss: Actor = { agency: gateshead, practitioner: boss.id };
const service = { agency: 'E06000001', service: 'tests' };
const reason = 'A test.';
const newAgency = anAgency({ code: service.agency, name: 'Hartlepool' });
const check = { by: 'Bea Boss', at: Date.now() / 1000 - 60 };

beforeAll(async () => {
  database = await testLog();
  const elsewhere = { ...anAgency({ code: newcastle, name: 'Newcastle City Council' }), administrators: [] };
  await load(database.log, own, aStaffedAgency([una], elsewhere));
});
afterAll(() => database.drop());

type Log = typeof database.log;
const asks = { practitioner: jo.id, reason };
const partner = { clientId: 'twice', reason };
const names = { display: 'New Joiner' };

// In their order: some rest on what those before them did.
const acts: [string, (log: Log) => Promise<unknown>, string][] = [
  [
    'a post is given',
    (log) => givePost(log, byBoss, { practitioner: jo.id, team, role: 'team-manager', source: 'HR' }),
    'post.given',
  ],
  [
    'a post is given to somebody of another agency',
    (log) => givePost(log, byBoss, { practitioner: una.id, team, role: 'team-manager', source: 'HR' }),
    'post.given',
  ],
  [
    'a joiner is admitted',
    (log) => admitPractitioner(log, byBoss, { names, email: 'new@gateshead.example', source: 'HR' }),
    'practitioner.admitted',
  ],
  ['a team is added', (log) => addTeam(log, byBoss, { name: 'Night duty', source: 'HR' }), 'team.added'],
  [
    'an administrator is appointed',
    (log) => appointAdministrator(log, byBoss, { practitioner: jo.id }),
    'administrator.appointed',
  ],
  [
    'an administrator is dismissed',
    (log) => dismissAdministrator(log, byBoss, { practitioner: jo.id }),
    'administrator.dismissed',
  ],
  [
    'a registration is recorded',
    (log) =>
      recordRegistration(log, byBoss, {
        practitioner: jo.id,
        body: 'SWE',
        number: 'SW123456',
        checked: check,
        source: 'HR',
      }),
    'registration.recorded',
  ],
  [
    'a registration lapses',
    (log) => markRegistrationLapsed(log, byBoss, { ...asks, body: 'SWE' }),
    'registration.lapsed',
  ],
  ['a post is suspended', (log) => suspendPost(log, byBoss, { post, reason }), 'post.suspended'],
  ['a post is restored', (log) => restorePost(log, byBoss, { post, reason }), 'post.restored'],
  ['a post is ended', (log) => endPost(log, byBoss, { post, reason }), 'post.ended'],
  ['a person is suspended', (log) => suspendPractitioner(log, byBoss, asks), 'practitioner.suspended'],
  ['a person is restored', (log) => restorePractitioner(log, byBoss, asks), 'practitioner.restored'],
  ['a person leaves', (log) => recordLeaving(log, byBoss, asks), 'practitioner.left'],
  [
    'a partner system is registered',
    (log) => registerPartner(log, byBoss, { ...aPartner({ clientId: 'twice' }), holds: [gateshead] }),
    'partner.registered',
  ],
  ['a partner system is stopped', (log) => suspendPartner(log, byBoss, partner), 'partner.suspended'],
  ['a partner system works again', (log) => restorePartner(log, byBoss, partner), 'partner.restored'],
  ['an agency is registered', (log) => registerAgency(log, service, newAgency), 'agency.registered'],
  ['an agency is ended', (log) => endAgency(log, service, { reason }), 'agency.ended'],
];

test.each(acts)('%s once', async (_what, act, event) => {
  const count = async () => {
    const [row] = await asOwner(database, 'select count(*)::int as count from log_content where event = $1', [event]);
    return row!.count as number;
  };
  const before = await count();
  const told = await Promise.allSettled(Array.from({ length: 8 }, () => act(database.log)));
  const refused = told.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  expect(refused.filter((error) => !(error instanceof ServiceError) || error.kind === 'unavailable')).toEqual([]);
  expect({ recorded: (await count()) - before, refusedAll: refused.length === told.length }).toEqual({
    recorded: 1,
    refusedAll: false,
  });
});
