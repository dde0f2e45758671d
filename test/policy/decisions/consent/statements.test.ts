/** Statements on a real database: what counts afterwards, whoever recorded it, in whatever order, on every process. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { uuidv7 } from '../../../../platform/uuid.ts';
import type { Recorder } from '../../../../policy/decisions/consent/check_recorder.ts';
import { findStatement, lookUpStatements } from '../../../../policy/decisions/consent/list_statements.ts';
import { answerObjection, listAnswers, listObjections } from '../../../../policy/decisions/consent/objection.ts';
import { type ConsentContext, recordStatement } from '../../../../policy/decisions/consent/record_statement.ts';
import type { Statement, StatementState } from '../../../../policy/decisions/consent/statement.ts';
import { createPseudonym } from '../../../../policy/decisions/involvement/pseudonym.ts';
import type { ProtocolStatus, RegisterState } from '../../../../policy/register/chain/state.ts';
import { type TestDatabase, testDatabase } from '../../../support/platform/database.ts';
import {
  anEvaluation,
  type DecisionServer,
  loadRegion,
  startDecisionServer,
} from '../../../support/policy/decision_server.ts';
import { anImportedAgency, load, gateshead, hospitals, newcastle } from '../../../support/directory/directory.ts';
import { asOwner } from '../../../support/journeys/journey.ts';
import { openTestLog } from '../../../support/platform/log.ts';
import { postJson, waitFor } from '../../../support/platform/web.ts';
import { aClause, aParty, aProtocol } from '../../../support/policy/documents.ts';
import { aState } from '../../../support/policy/decisions.ts';

const protocol = aProtocol({
  clauses: [
    aClause({
      id: 'help',
      purposes: ['early-help'],
      consent: { rule: 'required', as: 'confidence' },
      explain: 'facts',
    }),
    aClause({ id: 'charity', purposes: ['early-help'], consent: { rule: 'required', as: 'lawful-basis' } }),
    aClause({ id: 'told', consent: { rule: 'inform' } }),
  ],
});
const stateWith = (status: ProtocolStatus, withdrawn: string[] = []): RegisterState =>
  aState([{ protocol, status, withdrawn }]);

let database: TestDatabase;
let servers: DecisionServer[];
let context: ConsentContext;
let other: ConsentContext;
let visitor: string;
let child: { system: string; value: string };
let subject: string;
let count = 0;

const trust = (): Recorder => ({ agency: hospitals, practitioner: visitor, post: uuidv7(), role: 'health-visitor' });
const council: Recorder = { agency: gateshead, service: 'casebook' };
/** Seconds by which the clock of both processes is ahead. */
let ahead = 0;
const now = (): number => Date.now() / 1000 + ahead;

beforeAll(async () => {
  database = await testDatabase();
  const log = await openTestLog(database);
  [visitor = ''] = (await loadRegion(log)).people;
  await log.close();
  const state = stateWith('in-force');
  const options = { state, clock: now };
  servers = await Promise.all([startDecisionServer(database, options), startDecisionServer(database, options)]);
  [context, other] = servers.map((server) => ({
    log: server.log,
    register: { state: () => state },
    clock: now,
    baseUrl: 'http://wayleave.test',
  })) as [ConsentContext, ConsentContext];
});
beforeEach(() => {
  ahead = 0;
  count += 1;
  child = { system: 'urn:test', value: `child ${count}` };
  subject = servers[0]!.policy.pseudonym(child);
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await database.drop();
});

/** A mother's agreement to early help for a child who cannot decide it and agrees, said a minute ago. */
const agreement = (changes: Partial<Statement> = {}): Statement => ({
  subject,
  protocol: 'safeguarding-children',
  basis: 'confidence',
  scope: { purpose: 'early-help' },
  state: 'given',
  saidAt: now() - 60,
  givenBy: 'parental-responsibility',
  capacity: 'child-not-competent',
  authority: 'on-record',
  childView: 'agrees',
  wording: 'consent-form',
  language: 'en',
  ...changes,
});
/** The same person's own words, who can decide. */
const own = (changes: Partial<Statement> = {}): Statement => {
  const { authority: _, childView: __, ...rest } = agreement({ givenBy: 'self', capacity: 'competent-child' });
  return { ...rest, ...changes };
};

/** What the given process answers now to the question that rests on the agreement. */
async function reason(server = servers[0]!): Promise<string> {
  const question = anEvaluation(
    visitor,
    { data_subject: child, fields: ['name'] },
    { context: { purpose: 'early-help' } },
  );
  const answer = await postJson(`${server.url}/access/v1/evaluation`, question, {
    authorization: `Bearer ${server.token}`,
  });
  return (answer.json() as { context: { reason: { code: string } } }).context.reason.code;
}
const standing = async (clause = 'help') =>
  (await lookUpStatements(context, council, { subject, protocol: 'safeguarding-children' })).counts.find(
    (one) => one.clause.id === clause,
  )?.state;
const recorded = (...statements: Statement[]): Promise<unknown> =>
  statements.reduce<Promise<unknown>>(
    async (before, one) => before.then(() => recordStatement(context, trust(), one)),
    Promise.resolve(),
  );

describe('what somebody said', () => {
  test('holds for the next request in every process, whichever party wrote it down', async () => {
    expect(await reason()).toBe('consent-needed');
    await recordStatement(context, trust(), agreement());
    expect([await reason(), await reason(servers[1])]).toEqual(['permitted', 'permitted']);
    await recordStatement(other, council, agreement({ state: 'withdrawn', saidAt: now() }));
    expect([await reason(), await reason(servers[1])]).toEqual(['consent-refused', 'consent-refused']);
    await recordStatement(context, council, agreement({ saidAt: now() }));
    expect([await reason(servers[1]), await reason()]).toEqual(['permitted', 'permitted']);
  });

  test('is never permitted after a withdrawal has returned, however many ask meanwhile', async () => {
    await recorded(agreement());
    let returned = Number.POSITIVE_INFINITY;
    let going = true;
    const answers: { sent: number; code: string }[] = [];
    const ask = async (lane: number): Promise<void> => {
      for (let turn = 0; going; turn += 1) {
        const sent = performance.now();
        answers.push({ sent, code: await reason(servers[(turn + lane) % 2]) });
      }
    };
    const late = () => answers.filter(({ sent }) => sent > returned);
    const asking = [ask(0), ask(1), ask(2), ask(3)];
    await waitFor(() => answers.filter(({ code }) => code === 'permitted').length >= 20);
    await recordStatement(other, council, agreement({ state: 'withdrawn', saidAt: now() }));
    returned = performance.now();
    await waitFor(() => late().length >= 40);
    going = false;
    await Promise.all(asking);
    expect(new Set(late().map(({ code }) => code))).toEqual(new Set(['consent-refused']));
  });

  test('is ordered by when it was said, then by when it was written down', async () => {
    await recorded(agreement({ saidAt: now() - 3_600 }), agreement({ state: 'withdrawn', saidAt: now() - 7_200 }));
    expect(await reason()).toBe('permitted');
    await recorded(agreement({ state: 'refused', saidAt: now() - 1_800 }));
    expect(await reason()).toBe('consent-refused');
    const saidAt = now() - 60;
    await recorded(agreement({ saidAt, state: 'withdrawn' }), agreement({ saidAt }));
    expect(await reason()).toBe('permitted');
  });

  test('ends with its last day', async () => {
    await recorded(agreement({ until: now() + 60 }));
    expect(await reason()).toBe('permitted');
    ahead = 61;
    expect([await reason(), await reason(servers[1])]).toEqual(['consent-needed', 'consent-needed']);
  });

  test('on one basis never stands for the other', async () => {
    await recorded(agreement());
    expect([await standing('help'), await standing('charity')]).toEqual(['given', 'needed']);
    await recorded(agreement({ basis: 'lawful-basis', state: 'refused' }));
    expect([await standing('help'), await standing('charity')]).toEqual(['given', 'refused']);
  });

  test('by a competent child is not overridden by a parent, before or after; the child’s own later agreement counts', async () => {
    await recorded(own({ state: 'refused', saidAt: now() - 600 }), agreement({ saidAt: now() - 300 }));
    expect(await reason()).toBe('consent-refused');
    await recordStatement(context, council, agreement({ saidAt: now() - 200, capacity: 'competent-child' }));
    expect(await reason()).toBe('consent-refused');
    await recorded(own({ saidAt: now() - 100 }));
    expect(await reason()).toBe('permitted');
    await recorded(agreement({ state: 'refused', saidAt: now() - 50 }));
    expect(await reason()).toBe('consent-refused');
  });

  test('and is sent twice under one id is recorded once; another statement under that id is refused', async () => {
    const id = uuidv7();
    const said = agreement({ id });
    const ids = await Promise.all([recordStatement(context, trust(), said), recordStatement(other, trust(), said)]);
    expect(ids).toEqual([id, id]);
    const { statements } = await lookUpStatements(context, council, { subject, protocol: 'safeguarding-children' });
    expect(statements).toHaveLength(1);
    await expect(recordStatement(context, trust(), { ...said, state: 'withdrawn' })).rejects.toMatchObject({
      code: 'statement-id-used',
    });
    await expect(recordStatement(context, council, said)).rejects.toMatchObject({ code: 'statement-id-used' });
  });

  test.each<[StatementState, number]>([
    ['given', 1.5],
    ['refused', 30],
    ['withdrawn', 290],
  ])('by a clock that is ahead is said now: %s, %f seconds early', async (state, early) => {
    const said = now() + early;
    await recordStatement(context, trust(), agreement({ state, saidAt: said }));
    const { statements } = await lookUpStatements(context, council, { subject, protocol: 'safeguarding-children' });
    expect(statements[0]).toMatchObject({ state, saidAt: statements[0]!.recordedAt });
    expect(said - statements[0]!.saidAt).toBeGreaterThan(early - 1);
    // What is said after it counts, though it names an earlier time than the first did.
    await recordStatement(context, trust(), agreement({ state: 'refused', saidAt: now() }));
    expect(await standing()).toBe('refused');
  });

  test('at one and the same time in two places leaves both on record, and the later word counts', async () => {
    const [given, taken] = [agreement({ saidAt: now() - 2 }), agreement({ state: 'withdrawn', saidAt: now() - 1 })];
    await Promise.all([recordStatement(context, trust(), taken), recordStatement(other, council, given)]);
    expect(await standing()).toBe('refused');
    const { statements } = await lookUpStatements(context, trust(), { subject, protocol: 'safeguarding-children' });
    expect(statements.map(({ state, agency }) => [state, agency])).toEqual([
      ['withdrawn', hospitals],
      ['given', gateshead],
    ]);
  });
});

describe('nothing is recorded', () => {
  const refusal = async (recorder: Recorder, statement: Statement, where = context): Promise<unknown> =>
    recordStatement(where, recorder, statement).then(
      () => 'recorded',
      (error: { code: string }) => error.code,
    );
  const at = (status: ProtocolStatus, withdrawn: string[] = []): ConsentContext => ({
    ...context,
    register: { state: () => stateWith(status, withdrawn) },
  });

  test('by an agency that is no party, or has left', async () => {
    expect(await refusal({ agency: newcastle, service: 'system' }, agreement())).toBe('not-a-party');
    expect(await refusal(trust(), agreement(), at('in-force', [hospitals]))).toBe('not-a-party');
  });

  test('by an agency that joined later while it is stopped; it may while it is not, and its word counts', async () => {
    const joined = (suspended: boolean): ConsentContext => {
      const state = stateWith('in-force');
      const [registered] = state.protocols.values();
      const party = { ...aParty(newcastle), kind: 'health' };
      registered!.acceded.push({
        agency: newcastle,
        kind: 'health',
        party,
        signatures: [] as never,
        position: 9,
        suspended,
      });
      return { ...context, register: { state: () => state } };
    };
    await load(context.log, anImportedAgency({ code: newcastle, name: 'Newcastle' }));
    const system: Recorder = { agency: newcastle, service: 'system' };
    expect(await refusal(system, agreement(), joined(true))).toBe('not-a-party');
    expect(await refusal(system, agreement(), joined(false))).toBe('recorded');
    const found = await lookUpStatements(joined(false), council, { subject, protocol: 'safeguarding-children' });
    expect(found.counts.find(({ clause }) => clause.id === 'help')?.state).toBe('given');
    expect(await standing()).toBe('needed');
  });

  test('by somebody whose role receives nothing in an agency that holds nothing', async () => {
    const porter = { ...trust(), role: 'porter' } as Recorder;
    expect(await refusal(porter, agreement())).toBe('role-not-concerned');
    const clerk: Recorder = { agency: gateshead, practitioner: visitor, post: uuidv7(), role: 'clerk' };
    expect(await refusal(clerk, agreement())).toBe('recorded');
  });

  test('about a protocol that is not in force, unless it closes', async () => {
    for (const status of ['suspended', 'expired', 'withdrawn', 'superseded'] as const) {
      expect(await refusal(trust(), agreement(), at(status))).toBe('protocol-not-in-force');
      expect(await refusal(trust(), agreement({ state: 'withdrawn' }), at(status))).toBe('recorded');
    }
    expect(await refusal(trust(), agreement({ state: 'withdrawn' }), at('awaiting-signatures'))).toBe(
      'protocol-not-in-force',
    );
    const damaged = { ...context, register: { state: () => undefined } };
    expect(await refusal(trust(), agreement(), damaged)).toBe('register-damaged');
  });

  test('where nobody is asked, and no objection where they are', async () => {
    expect(await refusal(trust(), agreement({ scope: { purpose: 'safeguarding' } }))).toBe('consent-not-asked');
    expect(await refusal(trust(), agreement({ scope: { clause: 'told' } }))).toBe('consent-not-asked');
    expect(await refusal(trust(), agreement({ scope: { clause: 'help' }, basis: 'lawful-basis' }))).toBe(
      'consent-not-asked',
    );
    expect(await refusal(trust(), agreement({ scope: { purpose: 'elsewhere' } }))).toBe('consent-not-asked');
    const objected = { state: 'objected', basis: 'lawful-basis' } as const;
    expect(await refusal(trust(), agreement({ ...objected, scope: { clause: 'charity' } }))).toBe('consent-not-asked');
    expect(await refusal(trust(), agreement({ ...objected, basis: 'confidence', scope: { clause: 'told' } }))).toBe(
      'consent-not-asked',
    );
  });

  const invalid: [string, string, Partial<Statement>][] = [
    ['that is to be said tomorrow', '/said_at', { saidAt: now() + 86_400 }],
    ['that is to be said in six minutes', '/said_at', { saidAt: now() + 360 }],
    ['that ended before it was recorded', '/until', { until: now() - 1 }],
    ['that refuses and has an end', '/until', { state: 'refused', until: now() + 600 }],
    ['a child agreed who cannot decide it', '/given_by', { givenBy: 'self' }],
    ['a person agreed who lacks capacity', '/given_by', { givenBy: 'self', capacity: 'lacks-capacity' }],
    [
      'an advocate agreed for somebody who lacks capacity',
      '/given_by',
      { givenBy: 'advocate', capacity: 'lacks-capacity' },
    ],
    ['a parent agreed for somebody who can decide', '/given_by', { capacity: 'has-capacity' }],
    [
      'a parent agreed against a child who can decide',
      '/child_view',
      { capacity: 'competent-child', childView: 'disagrees' },
    ],
    ['a parent agreed and nobody checked who they are', '/authority', { authority: undefined }],
    ['a parent agreed and the child’s view is missing', '/child_view', { childView: undefined }],
    ['a child was not asked and nothing says why', '/not_asked_because', { childView: 'not-asked' }],
    [
      'a deputy agreed on their word alone',
      '/authority',
      { givenBy: 'deputy-or-attorney', capacity: 'lacks-capacity', authority: 'stated' },
    ],
    [
      'a decision in best interests is taken for a lawful basis',
      '/given_by',
      { givenBy: 'best-interests', capacity: 'lacks-capacity', basis: 'lawful-basis' },
    ],
  ] as never;

  test.each(invalid)('%s', async (_what, pointer, changes) => {
    const statement = Object.fromEntries(Object.entries(agreement(changes)).filter(([, value]) => value !== undefined));
    await expect(recordStatement(context, trust(), statement as Statement)).rejects.toMatchObject({
      code: 'statement-not-valid',
      issues: [{ pointer }],
    });
    expect(await standing()).toBe('needed');
  });

  test('and nothing is shown to those who may not record', async () => {
    const about = { subject, protocol: 'safeguarding-children' };
    const outsider = { agency: newcastle, service: 'system' };
    await expect(lookUpStatements(context, outsider, about)).rejects.toMatchObject({ code: 'not-a-party' });
    const id = await recordStatement(context, trust(), agreement());
    expect(await findStatement(context, gateshead, id)).toBeUndefined();
    expect(await findStatement(context, hospitals, id)).toMatchObject({ id, givenBy: 'parental-responsibility' });
  });
});

describe('an objection', () => {
  const objection = (changes: Partial<Statement> = {}): Statement => ({
    ...own({ state: 'objected', basis: 'lawful-basis', scope: { purpose: 'safeguarding' }, ...changes }),
  });
  const officer = { agency: gateshead, practitioner: '', post: uuidv7() };
  /** Messages that wait to be sent and lead to that objection. */
  const listMail = async (id: string) => {
    const jobs = await asOwner(
      database,
      'select payload from graphile_worker._private_jobs where payload::text like $1',
      [`%${id}%`],
    );
    return jobs.map(({ payload }) => payload as { to: string });
  };
  const mine = async (agency: string, id: string) =>
    (await listObjections(context.log, agency)).filter((one) => one.id === id);

  test('changes no decision, waits for the holder alone, and is due in a month', async () => {
    await recorded(own({ saidAt: now() - 90 }));
    const said = objection();
    const id = await recordStatement(context, trust(), said);
    expect(await reason()).toBe('permitted');
    const [found] = await mine(gateshead, id);
    expect(found).toMatchObject({ askedThrough: hospitals, outcome: null, purpose: 'safeguarding' });
    expect((found!.dueAt - said.saidAt) / 86_400).toBeGreaterThanOrEqual(28);
    expect((found!.dueAt - said.saidAt) / 86_400).toBeLessThanOrEqual(31);
    expect(await mine(newcastle, id)).toEqual([]);
    // One message, to the data protection officer whom the protocol names, and nothing in it about whom.
    const [mail] = await listMail(id);
    expect(mail).toMatchObject({ to: 'pat.dodds@agency.example' });
    expect(JSON.stringify(mail)).not.toMatch(new RegExp(`${subject}|safeguarding|child`, 'i'));
    expect(await listMail(id)).toHaveLength(1);
  });

  test('by a clock that is ahead is said now, on both records of it', async () => {
    const id = await recordStatement(context, trust(), objection({ saidAt: now() + 90 }));
    const { statements } = await lookUpStatements(context, council, { subject, protocol: 'safeguarding-children' });
    const [found] = await mine(gateshead, id);
    expect(found!.saidAt).toBe(statements[0]!.recordedAt);
    expect(found!.saidAt).toBeLessThan(now() + 60);
  });

  test('is answered once, by the holder, and the agency that wrote it down sees how', async () => {
    const id = await recordStatement(context, trust(), objection());
    const answer = { id, outcome: 'goes-on', reason: 'Protecting the child outweighs it.' } as const;
    const trusted = { ...officer, practitioner: visitor };
    await expect(answerObjection(context.log, { ...trusted, agency: hospitals }, answer)).rejects.toMatchObject({
      code: 'objection-not-found',
    });
    const outcomes = await Promise.allSettled([
      answerObjection(context.log, trusted, answer),
      answerObjection(other.log, trusted, { ...answer, outcome: 'stopped' }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [answered] = await listAnswers(context.log, hospitals, id);
    expect(answered).toMatchObject({ agency: gateshead, answeredBy: visitor });
    expect(await listAnswers(context.log, newcastle, id)).toEqual([]);
  });

  test('is on every list, however many there are', async () => {
    await recorded(...Array.from({ length: 201 }, () => objection()));
    const found = await lookUpStatements(context, council, { subject, protocol: 'safeguarding-children' });
    expect(found.statements.length).toBeGreaterThan(200);
    expect((await listObjections(context.log, gateshead)).length).toBeGreaterThan(200);
  });
});

test('a pseudonym of another key finds nothing', async () => {
  await recorded(agreement());
  const elsewhere = { subject: createPseudonym(Buffer.alloc(32, 1))(child), protocol: 'safeguarding-children' };
  expect((await lookUpStatements(context, council, elsewhere)).statements).toEqual([]);
});
