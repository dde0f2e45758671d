import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { remindParties } from '../../../../policy/governance/reminders/remind.ts';
import { aDraft, openDrafts, type TestDrafts } from '../../../support/policy/drafts.ts';
import { aParty } from '../../../support/policy/documents.ts';

let test: TestDrafts;
beforeAll(async () => {
  test = await openDrafts();
  const { council, health } = test.agencies;
  const contacts = (name: string) => ({
    senior_officer: { name, email: `${name}@agency.example` },
    dpo: { name: 'Data protection', email: `dpo.${name}@agency.example` },
  });
  const parties = [aParty(council, contacts('council')), aParty(health, contacts('health'))];
  const days = { valid: { from: '2026-06-01', until: '2027-03-31' }, review: '2026-12-01' };
  const id = await test.begin(aDraft({ title: 'Children in Newcastle', parties, ...days }));
  await test.put(id);
  for (const agency of [council, health]) await test.signDraft(id, agency);
});
afterAll(() => test.drop());

type Sent = { to: string; subject: string; text: string };

/** Runs the job on a day at noon, twice and in two processes' way; returns what it newly queued. */
async function on(day: string, times = 1): Promise<Sent[]> {
  await test.asOwner('delete from graphile_worker._private_jobs');
  const clock = () => Date.parse(`${day}T12:00:00Z`) / 1000;
  const ground = { db: test.ground.db, clock, config: { baseUrl: 'https://wayleave.example' } };
  const state = test.state();
  const protocols = new Map([...state.protocols].filter(([, { document }]) => document.tier === 'operational'));
  const register = { state: () => ({ ...state, protocols }) };
  await Promise.all(Array.from({ length: times }, () => remindParties(ground, register)));
  const jobs = await test.asOwner('select payload from graphile_worker._private_jobs order by id');
  return jobs.map(({ payload }) => payload as Sent);
}

describe('reminders', () => {
  it('reach the senior officer and the data protection officer of each party, once a mark', async () => {
    expect(await on('2026-10-01')).toEqual([]);
    const first = await on('2026-10-02', 2);
    expect(first.map(({ to }) => to).sort()).toEqual([
      'council@agency.example',
      'dpo.council@agency.example',
      'dpo.health@agency.example',
      'health@agency.example',
    ]);
    expect(first[0]).toMatchObject({
      subject: 'A protocol is to be reviewed within 60 days',
      text: expect.stringContaining('https://wayleave.example/protocols/children-in-newcastle/1') as unknown,
    });
    expect(first[0]?.text).toContain('Children in Newcastle');
    // Nobody’s name or address: not even of those who answer for the protocol.
    for (const { text, subject } of first)
      expect(`${subject} ${text}`).not.toMatch(/@|council|health|data protection/i);
    expect(await on('2026-10-02')).toEqual([]);
    expect(await on('2026-10-20')).toEqual([]);
  });

  it('go on to the day itself, and say once that a review is overdue', async () => {
    const subjects: string[] = [];
    for (const day of ['2026-11-01', '2026-11-24', '2026-12-01', '2026-12-02', '2026-12-20']) {
      subjects.push(...new Set((await on(day)).map(({ subject }) => subject)));
    }
    expect(subjects).toEqual([
      'A protocol is to be reviewed within 30 days',
      'A protocol is to be reviewed within 7 days',
      'A protocol is to be reviewed today',
      'The review of a protocol is overdue',
    ]);
  });

  it('of the end come 90, 30 and 7 days before; after days without a run only the latest', async () => {
    const subjects = async (day: string) => [...new Set((await on(day)).map(({ subject }) => subject))];
    expect(await subjects('2026-12-30')).toEqual([]);
    expect(await subjects('2026-12-31')).toEqual(['A protocol ends within 90 days']);
    expect(await subjects('2027-03-29')).toEqual(['A protocol ends within 7 days']);
    expect(await subjects('2027-03-31')).toEqual([]);
  });

  it('leave out who withdrew, what is over, and everything while the register does not verify', async () => {
    const state = test.state();
    const clock = () => Date.parse('2026-10-02T12:00:00Z') / 1000;
    const ground = { db: test.ground.db, clock, config: { baseUrl: 'https://wayleave.example' } };
    const [one] = [...state.protocols.values()].filter(({ document }) => document.tier === 'operational');
    const remind = (changes: object) =>
      remindParties(ground, {
        state: () => ({ ...state, protocols: new Map([['x', { ...one!, hash: 'x', ...changes }]]) }),
      });
    expect(await remind({ status: 'superseded' })).toBe(0);
    expect(await remind({ status: 'awaiting-signatures' })).toBe(0);
    expect(await remind({ withdrawn: ['RTD'] })).toBe(2);
    expect(await remindParties(ground, { state: () => undefined })).toBe(0);
  });
});
