/** Duties through the whole service: acknowledged by the system that got the answer, gathered from the log, shown when overdue. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '../../../../platform/database/sql.ts';
import { read } from '../../../../platform/database/transaction.ts';
import { uuidv7 } from '../../../../platform/uuid.ts';
import { gatherDuties } from '../../../../policy/decisions/obligations/gather_duties.ts';
import { countOverdueDuties, listOverdueDuties } from '../../../../policy/decisions/obligations/list_duties.ts';
import { mailDuties } from '../../../../policy/decisions/obligations/mail_duties.ts';
import { type RunningApplication, startApplication } from '../../../support/application/application.ts';
import { asOwner, decideFor, openSession } from '../../../support/journeys/journey.ts';
import { askWith, callService, casebook, userToken } from '../../../support/policy/override.ts';

const gateshead = 'E08000037';
const newcastle = 'E08000021';
const day = 86_400;
const duty = 'tell-allocated-worker';

let service: RunningApplication;
let token: string;
let decision: string;

beforeAll(async () => {
  service = await startApplication();
  token = await userToken(service, 'social-worker');
  decision = await ask();
});
afterAll(async () => service.close());

/** A record that a social worker of Newcastle opened, with the duty to tell the allocated worker; the decision's id. */
async function ask(): Promise<string> {
  const answer = await askWith(service, 'social-worker', token, undefined, { record: 'GC-1001', fields: ['name'] });
  expect(answer).toMatchObject({ decision: true, context: { obligations: [{ id: duty }] } });
  return answer.context.id;
}

type Body = { outstanding: string[]; obligations: { id: string; due: number; said: { state: string }[] }[] };
const say = (id: string, obligations: object[], client = casebook) =>
  callService(service, `/access/v1/obligations/${id}`, { obligations }, client);
const list = async (id: string): Promise<Body> =>
  (await (await callService(service, `/access/v1/obligations/${id}`)).json()) as Body;

describe('the system that got the answer', () => {
  it('reads its duties with the time by which they are to be done', async () => {
    const { outstanding, obligations } = await list(decision);
    expect(outstanding).toEqual([duty]);
    expect(obligations).toEqual([expect.objectContaining({ id: duty, type: 'notification', said: [] })]);
    expect(Math.abs(obligations[0]!.due - (Date.now() / 1000 + day))).toBeLessThan(30);
  });

  it('says once that one was done, however often it says it', async () => {
    const entries = () =>
      asOwner(
        service.database,
        `select committed from log_content where event = 'obligation.acknowledged' and committed like $1`,
        [`%${decision}%`],
      );
    const done = { id: duty, state: 'done', note: 'Rang Jane Doe at 14:05.' };
    const answers = await Promise.all([say(decision, [done]), say(decision, [done]), say(decision, [done])]);
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({ outstanding: [] });
    }
    expect(await entries()).toHaveLength(1);
    expect(JSON.stringify(await entries())).not.toContain('Jane');
    const [row] = await asOwner(
      service.database,
      'select row_to_json(o)::text as text from obligation_acknowledgement o where decision = $1',
      [decision],
    );
    expect(String(row!.text)).not.toContain(Buffer.from('Jane').toString('hex'));
  });

  it('is taken at its word when it refuses afterwards, and the deed stays', async () => {
    expect(await (await say(decision, [{ id: duty, state: 'refused' }])).json()).toEqual({ outstanding: [] });
    const { obligations } = await list(decision);
    expect(obligations[0]!.said.map(({ state }) => state)).toEqual(['done', 'refused']);
  });

  it('still owes what it refused', async () => {
    const other = await ask();
    expect(await (await say(other, [{ id: duty, state: 'refused' }])).json()).toEqual({ outstanding: [duty] });
    expect(await (await say(other, [{ id: duty, state: 'done' }])).json()).toEqual({ outstanding: [] });
  });

  it.each<[string, object[], string]>([
    [
      'a duty that did not come with it',
      [
        { id: duty, state: 'done' },
        { id: 'other', state: 'done' },
      ],
      '/obligations/1/id',
    ],
    ['a state that nobody knows', [{ id: duty, state: 'perhaps' }], '/obligations/0/state'],
    ['nothing', [], '/obligations'],
    ['a word too many', [{ id: duty, state: 'done', when: 'now' }], '/obligations/0/when'],
  ])('is told where %s stands, and nothing is written', async (_what, obligations, pointer) => {
    const fresh = await ask();
    const answer = await say(fresh, obligations);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: { pointer: string }[] }).errors.map((one) => one.pointer)).toContain(
      pointer,
    );
    expect((await list(fresh)).outstanding).toEqual([duty]);
  });
});

describe('nobody else', () => {
  it.each([
    ['another system', () => decision, 'newcastle'],
    ['about a decision that there is not', () => uuidv7(), casebook],
    ['about what is no id', () => "'; drop table duty", casebook],
  ])('%s is told that there is no such decision', async (_who, id, client) => {
    const other = service.manifest.partners.find(
      ({ client_id: one, scopes }) => one !== casebook && scopes.includes('decisions'),
    )!.client_id;
    const answer = await say(
      encodeURIComponent(id()),
      [{ id: duty, state: 'done' }],
      client === casebook ? casebook : other,
    );
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ type: 'urn:wayleave:problem:decision-not-found' });
  });

  it('acknowledges for a refusal, which carries no duty', async () => {
    const refused = await askWith(service, 'social-worker', token, undefined, {
      record: 'GC-1001',
      fields: ['birth_family'],
    });
    expect((await say(refused.context.id, [{ id: duty, state: 'done' }])).status).toBe(404);
  });

  it('comes in without a token', async () => {
    expect((await fetch(`${service.baseUrl}/access/v1/obligations/${decision}`)).status).toBe(401);
  });
});

describe('what is never acknowledged', () => {
  const holder = { agency: gateshead, holds: true, acts: false };
  const at = (now: number) => listOverdueDuties(service.ground.db, holder, { page: 1, size: 50, now });
  let forgotten: string;
  let open: number;

  beforeAll(async () => {
    forgotten = await ask();
    await decideFor(service, 'emergency-doctor');
  });

  it('is gathered from the log once, also by two processes at once', async () => {
    const [one, two] = await Promise.all([gatherDuties(service.ground.db), gatherDuties(service.ground.db)]);
    const [row] = await asOwner(service.database, 'select count(*) as count from duty');
    expect(one + two).toBe(Number(row!.count));
    expect(await gatherDuties(service.ground.db)).toBe(0);
    await asOwner(service.database, `update duty_cursor set position = 0`);
    await gatherDuties(service.ground.db);
    const [again] = await asOwner(service.database, 'select count(*) as count from duty');
    expect(again!.count).toBe(row!.count);
  });

  it('is overdue once its hours are over, and not when it was done', async () => {
    const now = Date.now() / 1000;
    expect((await at(now + day - 60)).total).toBe(0);
    const { duties, total } = await at(now + day + 60);
    open = total;
    expect(duties).toContainEqual(expect.objectContaining({ decision: forgotten, acting: newcastle, refused: false }));
    expect(duties.map((one) => one.decision)).not.toContain(decision);
    await say(forgotten, [{ id: duty, state: 'refused' }]);
    expect((await at(now + day + 60)).duties).toContainEqual(
      expect.objectContaining({ decision: forgotten, refused: true }),
    );
  });

  it('is seen by the agency that holds the record and by the one that acted, and by no other', async () => {
    const now = Date.now() / 1000 + day + 60;
    const count = (agency: string, holds: boolean, acts: boolean) =>
      countOverdueDuties(service.ground.db, { agency, holds, acts }, now);
    expect(await count(gateshead, true, false)).toBe(open);
    const acted = (await at(now)).duties.filter(({ acting }) => acting === newcastle).length;
    expect(acted).toBeGreaterThan(0);
    expect(await count(newcastle, false, true)).toBe(acted);
    expect(await count(newcastle, true, false)).toBe(0);
    expect(await count('RTD', true, true)).toBe(0);
    expect(await count(gateshead, false, false)).toBe(0);
    expect(await read(service.ground.db, { agency: 'RTD' }, (tx) => tx.query(sql`select decision from duty`))).toEqual(
      [],
    );
  });

  it('is told each day to the holding agency, by number alone', async () => {
    const mail = async (now: number) => mailDuties({ ...service.ground, clock: () => now }, service.register);
    const take = () =>
      asOwner(
        service.database,
        `delete from graphile_worker._private_jobs job using graphile_worker._private_tasks task
         where task.id = job.task_id and task.identifier = 'send-mail' returning job.payload`,
      );
    await take();
    expect(await mail(Date.now() / 1000)).toBe(0);
    expect(await mail(Date.now() / 1000 + day + 60)).toBeGreaterThan(0);
    const text = JSON.stringify(await take());
    expect(text).toContain('/duties');
    expect(text).toContain(`${open} duties were not reported as done in time with records that your agency holds`);
    for (const secret of ['Amina', 'Begum', 'GC-1001', forgotten, duty]) expect(text).not.toContain(secret);
  });

  it('stands on the page of the agency’s officers, with what became of it', async () => {
    await asOwner(service.database, `update duty set due_at = now() - interval '1 hour'`);
    const officer = await openSession(service, 'siro');
    const page = await officer.open(`${service.baseUrl}/duties`);
    expect(page.text).toContain('Tell the allocated worker today');
    expect(page.text).toContain('Amina Begum, Newcastle City Council, through Casebook');
    expect(page.text).toContain('Refused');
    expect((await officer.open(`${service.baseUrl}/reviews`)).text).toContain(`${open} duties are overdue`);
    const practitioner = await openSession(service, 'housing-officer');
    expect((await practitioner.open(`${service.baseUrl}/duties`)).status).toBe(403);
    const elsewhere = await openSession(service, 'headteacher');
    expect((await elsewhere.open(`${service.baseUrl}/duties`)).text).toContain('Nothing is overdue');
  });
});
