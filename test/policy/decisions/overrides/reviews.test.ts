/** Reviews on a real database: opening, closing, reminding, counting; and who may see them. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../../../platform/database/database.ts';
import { sql } from '../../../../platform/database/sql.ts';
import { read } from '../../../../platform/database/transaction.ts';
import { findEntry } from '../../../../platform/log/read.ts';
import type { Log } from '../../../../platform/log/log.ts';
import { uuidv7 } from '../../../../platform/uuid.ts';
import { closeReview } from '../../../../policy/decisions/overrides/close_review.ts';
import { findReview, listLaterUses } from '../../../../policy/decisions/overrides/find_review.ts';
import { keepReviews, type Reviews } from '../../../../policy/decisions/overrides/keep_reviews.ts';
import { listOwnOverrides } from '../../../../policy/decisions/overrides/list_own_overrides.ts';
import { countReviews, listReviews } from '../../../../policy/decisions/overrides/list_reviews.ts';
import type { Opening } from '../../../../policy/decisions/overrides/open_review.ts';
import { remindReviewers } from '../../../../policy/decisions/overrides/remind_reviewers.ts';
import type { ReviewOutcome } from '../../../../policy/decisions/overrides/review.ts';
import { countOverrides } from '../../../../policy/decisions/overrides/statistics.ts';
import type { Officer, RegisterState } from '../../../../policy/register/chain/state.ts';
import type { Capacity } from '../../../../policy/register/signatures/capacity.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../../../support/platform/database.ts';
import {
  anImportedAgency,
  aPractitioner,
  aStaffedAgency,
  load,
  gateshead,
  hospitals,
  newcastle,
} from '../../../support/directory/directory.ts';
import { openTestLog } from '../../../support/platform/log.ts';
import { aProtocol } from '../../../support/policy/documents.ts';
import { aState, theChild } from '../../../support/policy/decisions.ts';

let database: TestDatabase;
let owner: ReturnType<typeof openDatabase>;
let log: Log;
let state: RegisterState;
let reviews: Reviews;
/** The log's clock is PostgreSQL's; ours is moved. */
let now = Date.now() / 1000;

const visitor = aPractitioner({ name: 'Ada Robson' });
const otherVisitor = aPractitioner({ name: 'Beth Liddle' });
const sharing = aPractitioner({ name: 'Iris Charlton' });
const siro = aPractitioner({ name: 'Sam Hedley' });
const formerly = aPractitioner({ name: 'Fay Storey' });
const elsewhere = aPractitioner({ name: 'Nick Bell' });
const register = { state: () => state };
const config = { masterKey: testMasterKey, baseUrl: 'http://localhost:4000' };

const officer = (
  agency: string,
  { id: practitioner }: { id: string },
  capacity: Capacity,
  changes: Partial<Officer> = {},
): [string, Officer] => [
  practitioner,
  { practitioner, name: 'An officer', agency, capacities: [capacity], kid: 'k', from: 1, ...changes },
];

function theRegister(...officers: [string, Officer][]): RegisterState {
  const built = aState([aProtocol()]);
  for (const [key, one] of officers) built.agencies.get(one.agency)!.officers.set(key, one);
  return built;
}

const staffed = () =>
  theRegister(
    officer(gateshead, sharing, 'information-sharing-officer'),
    officer(gateshead, siro, 'siro'),
    officer(gateshead, formerly, 'siro', { endedAt: 5 }),
    officer(newcastle, elsewhere, 'siro'),
  );

beforeAll(async () => {
  database = await testDatabase();
  owner = openDatabase(database.ownerUrl);
  log = await openTestLog(database);
  await load(
    log,
    aStaffedAgency([sharing, siro, formerly]),
    aStaffedAgency([elsewhere], { code: newcastle, name: 'Newcastle' }),
    aStaffedAgency(
      [visitor, otherVisitor],
      { code: hospitals, codeSystem: 'ods', kind: 'health', name: 'Newcastle Hospitals' },
      { role: 'health-visitor' },
    ),
    anImportedAgency({ code: 'E06000001', name: 'Hartlepool' }),
  );
  state = staffed();
  reviews = keepReviews({ db: database.db, log, config, register });
});
afterAll(async () => {
  await log.close();
  await owner.close();
  await database.drop();
});
afterEach(async () => {
  state = staffed();
  now = Date.now() / 1000;
  await owner.query(sql`delete from override_review`);
  await queued();
});

function anOpening(changes: Partial<Opening> = {}): Opening {
  return {
    id: uuidv7(),
    agency: gateshead,
    decision: uuidv7(),
    practitioner: visitor.id,
    post: uuidv7(),
    acting: hospitals,
    role: 'health-visitor',
    client: 'casebook',
    subject: theChild,
    clause: { protocol: 'safeguarding-children', version: 1, clause: 'c1', hash: [...state.protocols.keys()][0]! },
    ground: 'vital-interests',
    reason: 'He has not answered the door for two days.',
    action: 'read',
    asset: 'child-record',
    resource: 'case-17',
    purpose: 'safeguarding',
    fields: ['plan'],
    openedAt: now,
    until: now + 1_800,
    ...changes,
  };
}

async function opened(changes: Partial<Opening> = {}): Promise<Opening> {
  const opening = anOpening(changes);
  await reviews.open(opening);
  return opening;
}

/** Messages in the queue, taken out of it. */
async function queued(): Promise<{ to: string; subject: string; text: string }[]> {
  const rows = await owner.query<{ payload: { to: string; subject: string; text: string } }>(sql`
    delete from graphile_worker._private_jobs job using graphile_worker._private_tasks task
    where task.id = job.task_id and task.identifier = 'send-mail' returning job.payload`);
  return rows.map(({ payload }) => payload);
}

const desk = () => ({ log, clock: () => now, config, register });
const close = (id: string, who = sharing, outcome: ReviewOutcome = 'justified', agency = gateshead) =>
  closeReview(desk(), { practitioner: who.id, post: 'post', agency }, id, {
    outcome,
    note: 'I rang her; it was right.',
  });
const running = (one: Opening, changes: Partial<Opening> = {}) => reviews.findRunning(one.id, { ...one, ...changes });

describe('opening a review', () => {
  test('tells the holding agency’s information sharing officer, in words that name nobody', async () => {
    const { id } = await opened();
    const mails = await queued();
    expect(mails.map(({ to }) => to)).toEqual([sharing.email]);
    const text = JSON.stringify(mails);
    expect(text).toContain(`/reviews/${id}`);
    for (const secret of ['Ada', 'Robson', visitor.id, 'case-17', theChild, 'answered the door', 'vital', hospitals]) {
      expect(text).not.toContain(secret);
    }
  });

  test('tells the mailbox in the protocol where no such officer is appointed, active, or another than who overrode', async () => {
    const mailbox = state.protocols.values().next().value!.document.parties[0]!.dpo.email;
    state = theRegister(officer(gateshead, siro, 'siro'));
    await opened();
    state = theRegister(officer(gateshead, sharing, 'information-sharing-officer', { endedAt: 5 }));
    await opened();
    state = theRegister(officer(gateshead, sharing, 'information-sharing-officer'));
    await opened({ practitioner: sharing.id });
    expect((await queued()).map(({ to }) => to)).toEqual([mailbox, mailbox, mailbox]);
  });

  test('goes before the data protection officer’s mailbox to the one that the protocol names for this', async () => {
    state = theRegister();
    const [protocol] = state.protocols.values();
    protocol!.document.parties[0]!.information_sharing_officer = {
      name: 'Sharing',
      email: 'sharing@gateshead.example',
    };
    await opened();
    expect((await queued()).map(({ to }) => to)).toEqual(['sharing@gateshead.example']);
  });

  test('is all or nothing: a message that cannot be queued leaves no review and no entry in the log', async () => {
    state = theRegister();
    state.protocols.values().next().value!.document.parties[0]!.dpo.email = 'two@a.example, three@b.example';
    const before = await head();
    await expect(opened()).rejects.toMatchObject({ code: 'mail-invalid' });
    expect((await listReviews(database.db, gateshead, {}, { page: 1, size: 9, now })).total).toBe(0);
    expect(await head()).toBe(before);
  });

  test('notes when there are more than usual, one after the other even at the same moment, and refuses none', async () => {
    await Promise.all(Array.from({ length: 6 }, () => opened()));
    await opened({ practitioner: otherVisitor.id });
    const { reviews: all } = await listReviews(database.db, gateshead, {}, { page: 1, size: 9, now });
    expect(all.filter(({ unusual }) => unusual)).toHaveLength(3);
    expect((await queued()).filter(({ subject }) => subject.includes('more than usual'))).toHaveLength(3);
  });

  test('counts a day back, and the agency’s people together', async () => {
    for (let one = 0; one < 3; one += 1) await opened({ openedAt: now - 86_401, until: now });
    await opened();
    for (let one = 0; one < 17; one += 1)
      await opened({ practitioner: one % 2 === 0 ? sharing.id : siro.id, acting: newcastle });
    const all = await listReviews(database.db, gateshead, { acting: hospitals }, { page: 1, size: 50, now });
    expect(all.reviews.filter(({ unusual }) => unusual)).toEqual([]);
    const people = Array.from({ length: 20 }, () => aPractitioner());
    await load(
      log,
      aStaffedAgency(people, { code: hospitals, codeSystem: 'ods', kind: 'health' }, { role: 'health-visitor' }),
    );
    for (const { id } of people) await opened({ practitioner: id });
    const more = await listReviews(database.db, gateshead, { acting: hospitals }, { page: 1, size: 50, now });
    // One by Ada, then twenty by as many people: the twenty-first of the agency.
    expect(more.reviews.filter(({ unusual }) => unusual)).toHaveLength(1);
  });
});

describe('the same override, stated again', () => {
  test('is the same review, however many at once: one row, one message, one entry in the log', async () => {
    const first = anOpening();
    const before = await head();
    const same = Array.from({ length: 10 }, () => ({ ...first, id: uuidv7(), decision: uuidv7() }));
    const ids = await Promise.all(same.map((one) => reviews.open(one)));
    expect(new Set(ids).size).toBe(1);
    expect((await listReviews(database.db, gateshead, {}, { page: 1, size: 50, now })).total).toBe(1);
    expect(await queued()).toHaveLength(1);
    expect(await head()).toBe(before + 1);
  });

  test('is another one for another person, post, system, subject, clause, ground or reason, and at another agency', async () => {
    const first = await opened();
    const hash = 'h'.repeat(43);
    const others: Partial<Opening>[] = [
      { practitioner: otherVisitor.id },
      { post: uuidv7() },
      { client: 'other' },
      { subject: 'x'.repeat(43) },
      { clause: { ...first.clause, clause: 'c2' } },
      { clause: { ...first.clause, hash } },
      { ground: 'risk-of-significant-harm' },
      { reason: 'He has not answered the door for three days.' },
      { agency: newcastle },
    ];
    for (const changes of others) {
      const again = { ...first, id: uuidv7(), decision: uuidv7(), ...changes };
      expect(await reviews.open(again)).toBe(again.id);
    }
    const same = { ...first, id: uuidv7(), decision: uuidv7(), resource: 'case-18', fields: ['address'] };
    expect(await reviews.open(same)).toBe(first.id);
  });

  test('is another one when the first has been closed, or its minutes are over', async () => {
    const first = await opened();
    const late = { ...first, id: uuidv7(), decision: uuidv7(), openedAt: first.until, until: first.until + 1_800 };
    expect(await reviews.open(late)).toBe(late.id);
    await close(first.id);
    await close(late.id);
    const after = { ...first, id: uuidv7(), decision: uuidv7() };
    expect(await reviews.open(after)).toBe(after.id);
  });

  test('is another one, and opens, where the first row was damaged', async () => {
    const first = await opened();
    await owner.query(sql`update override_review set reason = '' where id = ${first.id}`);
    const again = { ...first, id: uuidv7(), decision: uuidv7() };
    expect(await reviews.open(again)).toBe(again.id);
  });

  test('shows as answered when the first question was not, but the one sent again was', async () => {
    const first = await opened();
    const again = { ...first, id: uuidv7(), decision: uuidv7() };
    await reviews.open(again);
    const answered = async () => (await findReview({ db: database.db, config }, gateshead, first.id))!.answered;
    expect(await answered()).toBe(false);
    await log.append({
      id: again.decision,
      event: 'decision',
      actor: { practitioner: visitor.id },
      agencies: [gateshead],
      content: { answer: { context: { override: { review: first.id } } } },
    });
    expect(await answered()).toBe(true);
    const review = (await findReview({ db: database.db, config }, gateshead, first.id))!;
    expect((await listLaterUses(database.db, review)).map(({ id }) => id)).toEqual([again.decision]);
  });
});

const head = async (): Promise<number> =>
  (await owner.query<{ size: number }>(sql`select size from log_head where log = 'main'`))[0]!.size;

describe('a running override', () => {
  test('is found for whom and what it was opened, and for nothing else', async () => {
    const one = await opened();
    expect(await running(one)).toMatchObject({ id: one.id, clause: one.clause });
    for (const changes of [
      { practitioner: otherVisitor.id },
      { post: uuidv7() },
      { client: 'other' },
      { subject: 'x'.repeat(43) },
      { agency: newcastle },
      { id: uuidv7() },
    ]) {
      expect(await reviews.findRunning(changes.id ?? one.id, { ...one, ...changes })).toBeUndefined();
    }
  });

  test.each<[ReviewOutcome, boolean]>([
    ['justified', true],
    ['justified-with-learning', true],
    ['not-justified', false],
    ['concern-raised', false],
  ])('whose review was closed as %s goes on: %s', async (outcome, goesOn) => {
    const one = await opened();
    const epoch = async (): Promise<number> =>
      (await owner.query<{ epoch: number }>(sql`select epoch from log_head where log = 'main'`))[0]!.epoch;
    const before = await epoch();
    await close(one.id, sharing, outcome);
    expect((await running(one)) !== undefined).toBe(goesOn);
    // What is being decided at this moment must look again.
    expect((await epoch()) > before).toBe(!goesOn);
  });
});

describe('closing a review', () => {
  test('writes down who, when and what, seals the note, and records the outcome alone', async () => {
    const { id } = await opened();
    await close(id, siro, 'justified-with-learning');
    expect(await findReview({ db: database.db, config }, gateshead, id)).toMatchObject({
      closed: { by: siro.id, outcome: 'justified-with-learning' },
      note: 'I rang her; it was right.',
    });
    const [row] = await owner.query<{ text: string }>(sql`select row_to_json(r)::text as text from override_review r`);
    expect(row!.text).not.toContain(Buffer.from('I rang her').toString('hex'));
    const [leaf] = await owner.query<{ id: string }>(sql`select id from log_leaf order by position desc limit 1`);
    const entry = await findEntry(database.db, { agency: hospitals }, leaf!.id);
    expect(entry).toMatchObject({
      event: 'override.reviewed',
      subject: visitor.id,
      content: { review: id, outcome: 'justified-with-learning' },
    });
    expect(JSON.stringify(entry)).not.toContain('rang');
  });

  test('is not for the person who overrode, even as an officer of the agency', async () => {
    const { id } = await opened({ practitioner: siro.id, acting: gateshead });
    await expect(close(id, siro)).rejects.toMatchObject({ kind: 'forbidden', code: 'own-override' });
    await close(id, sharing);
  });

  test('the table itself refuses it', async () => {
    const { id } = await opened();
    const mend = sql`update override_review set outcome = 'justified', note = '', closed_by = practitioner, closed_at = now() where id = ${id}`;
    await expect(owner.query(mend)).rejects.toMatchObject({ constraint: 'never_ones_own' });
  });

  test.each([
    ['somebody who is no officer', () => visitor, gateshead, 'officers-only'],
    ['somebody who was one', () => formerly, gateshead, 'officers-only'],
    ['another agency’s officer, for theirs', () => elsewhere, newcastle, 'review-not-found'],
    ['another agency’s officer, for this one', () => elsewhere, gateshead, 'officers-only'],
  ])('is not for %s', async (_who, who, agency, code) => {
    const { id } = await opened();
    await expect(close(id, who(), 'justified', agency)).rejects.toMatchObject({ code });
    expect((await findReview({ db: database.db, config }, gateshead, id))?.closed).toBeUndefined();
  });

  test('happens once: of two at the same moment one is told that the other was first', async () => {
    const { id } = await opened();
    const both = await Promise.allSettled([close(id, sharing, 'justified'), close(id, siro, 'not-justified')]);
    const [late] = both.filter((one) => one.status === 'rejected');
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(late!.reason).toMatchObject({ kind: 'conflict', code: 'review-closed' });
    await expect(close(id)).rejects.toMatchObject({ code: 'review-closed' });
    const entries = await owner.query(
      sql`select from log_content where event = 'override.reviewed' and committed::json #>> '{content,review}' = ${id}`,
    );
    expect(entries).toHaveLength(1);
  });

  test.each(['', 'x', uuidv7()])('of what is none (%s) is told', async (id) => {
    await expect(close(id)).rejects.toMatchObject({ code: 'review-not-found' });
  });

  test('cannot be undone or rewritten by the application', async () => {
    const { id } = await opened();
    await close(id);
    await expect(database.db.query(sql`update override_review set reason = '' where id = ${id}`)).rejects.toMatchObject(
      { code: '42501' },
    );
    await expect(database.db.query(sql`delete from override_review`)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('reviews', () => {
  test('are read by the holding agency; the acting agency sees its own people’s, others nothing', async () => {
    const { id } = await opened();
    const seen = async (agency: string): Promise<unknown[]> =>
      read(database.db, { agency }, (tx) => tx.query(sql`select id from override_review where id = ${id}`));
    expect(await seen(gateshead)).toHaveLength(1);
    expect(await seen(hospitals)).toHaveLength(1);
    expect(await seen(newcastle)).toHaveLength(0);
    // The acting agency opens none of them, and has none of them in its queue.
    expect(await findReview({ db: database.db, config }, hospitals, id)).toBeUndefined();
    expect((await listReviews(database.db, hospitals, {}, { page: 1, size: 9, now })).total).toBe(0);
    expect(await countReviews(database.db, hospitals, now)).toEqual({ open: 0, overdue: 0 });
  });

  test('are shown to the person whose override it is, and to no colleague', async () => {
    const { reason } = await opened();
    const own = (practitioner: string, agency = hospitals) =>
      listOwnOverrides({ db: database.db, config }, { practitioner, agency }, { page: 1, size: 9 });
    expect((await own(visitor.id)).overrides).toMatchObject([{ reason, answered: false }]);
    expect((await own(otherVisitor.id)).total).toBe(0);
    expect((await own(visitor.id, gateshead)).total).toBe(0);
  });

  test('stand with the open ones first and the oldest on top, and are narrowed', async () => {
    const day = 86_400;
    const ids = [];
    for (const age of [1, 9, 3]) ids.push((await opened({ openedAt: now - age * day, until: now })).id);
    const shut = await opened({ ground: 'risk-of-significant-harm', openedAt: now - 20 * day });
    await close(shut.id);
    const list = async (filters: Parameters<typeof listReviews>[2]): Promise<string[]> =>
      (await listReviews(database.db, gateshead, filters, { page: 1, size: 9, now })).reviews.map(({ id }) => id);
    expect(await list({})).toEqual([ids[1], ids[2], ids[0], shut.id]);
    expect(await list({ state: 'overdue' })).toEqual([ids[1]]);
    expect(await list({ state: 'open' })).toEqual([ids[1], ids[2], ids[0]]);
    expect(await list({ state: 'closed' })).toEqual([shut.id]);
    expect(await list({ ground: 'risk-of-significant-harm' })).toEqual([shut.id]);
    expect(await list({ acting: newcastle })).toEqual([]);
    expect(await countReviews(database.db, gateshead, now)).toEqual({ open: 3, overdue: 1 });
    const second = await listReviews(database.db, gateshead, {}, { page: 2, size: 3, now });
    expect(second).toMatchObject({ reviews: [{ id: shut.id }], total: 4 });
  });

  test('that are overdue are reminded of, once they are, by how many and nothing else', async () => {
    const remind = () => remindReviewers({ db: database.db, clock: () => now, config }, register);
    await opened();
    await opened();
    const shut = await opened();
    await close(shut.id);
    await queued();
    now += 5 * 86_400 - 60;
    expect(await remind()).toBe(0);
    now += 120;
    expect(await remind()).toBe(1);
    expect(await queued()).toEqual([
      expect.objectContaining({
        to: sharing.email,
        text: expect.stringMatching(/^2 reviews of overrides have been open for more than 5 days/),
      }),
    ]);
  });

  test('are counted by month, ground, agency, clause and outcome, with the median time; nobody is named', async () => {
    const june = Date.UTC(2026, 5, 30, 23, 30) / 1000;
    await opened({ openedAt: june });
    const two = await opened({ openedAt: june - 7_200, ground: 'risk-of-significant-harm' });
    const three = await opened({ openedAt: june - 7_200 });
    now = june + 3_600;
    await close(two.id);
    now = june + 10_800;
    await close(three.id, siro, 'concern-raised');
    const figures = await countOverrides(database.db, gateshead, june - 86_400);
    expect(figures).toEqual({
      total: 3,
      medianTime: 14_400,
      // Half past eleven in UTC is July in London.
      byMonth: [
        { key: '2026-07', count: 1 },
        { key: '2026-06', count: 2 },
      ],
      byGround: [
        { key: 'vital-interests', count: 2 },
        { key: 'risk-of-significant-harm', count: 1 },
      ],
      byAgency: [{ key: hospitals, count: 3 }],
      byClause: [{ key: 'safeguarding-children 1 c1', count: 3 }],
      byOutcome: [
        { key: 'concern-raised', count: 1 },
        { key: 'justified', count: 1 },
        { key: 'open', count: 1 },
      ],
    });
    expect((await countOverrides(database.db, hospitals, 0)).total).toBe(0);
    expect(JSON.stringify(figures)).not.toContain(theChild);
  });
});
