/** Revoked means revoked: while two processes answer, rights are taken away one after the other, of every kind there is. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Example } from '../../demo/examples.ts';
import { officerOf } from '../../demo/region/officers.ts';
import { restorePartner, suspendPartner } from '../../directory/partners/suspend_partner.ts';
import { restorePost, suspendPost } from '../../directory/people/end_post.ts';
import { restorePractitioner, suspendPractitioner } from '../../directory/people/suspend_practitioner.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import { openKeyRing } from '../../platform/keys/ring.ts';
import { checkLog } from '../../platform/log/check.ts';
import { createPseudonym, type DataSubject } from '../../policy/decisions/involvement/pseudonym.ts';
import { recordConsent, withdrawConsent } from '../../policy/decisions/consent/record_consent.ts';
import { appendEvent } from '../../policy/register/ledger/append.ts';
import { proposeEvent, signEvent } from '../../policy/register/events/sign.ts';
import { testMasterKey } from '../support/platform/database.ts';
import { demoKey } from '../support/policy/officers.ts';
import { type Caller, createCaller, type Floors, type Replicas, startReplicas } from '../support/platform/processes.ts';
import { waitFor } from '../support/platform/web.ts';

type Request = {
  subject: { id: string; properties: { post: string } };
  resource: { properties: { data_subject: DataSubject } };
};
/** A question that is answered yes until something is taken away. */
type Target = { partner: string; request: Request; agency: string };
type Answer = { decision?: boolean };
type Answers = Answer & { evaluations?: Answer[] };
type Asked = { target: Target; sent: number; received: number; status: number; permitted: boolean };
/** From `gone` (the call that took the right away has returned) until `back` (the call that gives it back begins). */
type Absence = { kind: string; targets: Target[]; gone: number; back: number };

let replicas: Replicas;
let caller: Caller;
let floors: Floors;
let people: Target[];
let family: Target;
let ward: Target;
const asked: Asked[] = [];
const absences: Absence[] = [];

const trust = { agency: 'RR7', service: 'tests' };
const council = { agency: 'E08000037', service: 'tests' };

beforeAll(async () => {
  replicas = await startReplicas(2);
  caller = createCaller(replicas.manifest);
  floors = await replicas.openFloors();
  const named = (name: RegExp): Target =>
    replicas.manifest.examples.find((one) => name.test(one.name)) as Example & Target;
  family = named(/teacher sees strengths when the family agreed/);
  ward = named(/hospital refers an older patient/);
  people = await listPeople(ward);
});
afterAll(async () => {
  caller?.close();
  await floors?.close();
  await replicas?.close();
});

/** The question of the example, asked for other social workers too. */
async function listPeople({ partner, request }: Target): Promise<Target[]> {
  const posts = await read(floors.ground.db, { reading: 'standing' }, (tx) =>
    tx.query<{ id: string; practitioner: string; agency: string }>(sql`
      select post.id, practitioner, post.agency from post join practitioner on practitioner.id = practitioner
      where post.agency = practitioner.agency and ends_at is null and role = 'social-worker' and status = 'active' limit 200`),
  );
  const targets = posts.map(({ id, practitioner, agency }) => ({
    partner,
    agency,
    request: { ...request, subject: { ...request.subject, id: practitioner, properties: { post: id } } },
  }));
  const permitted = await Promise.all(targets.map((target) => ask(replicas.addresses[0]!, target)));
  return targets.filter((_, index) => permitted[index]?.permitted).slice(0, 20);
}

/** Asks by itself, or every third time about two records at once, of which both count. */
async function ask(address: string, target: Target, turn = 1): Promise<Asked | undefined> {
  const { partner, request } = target;
  const { resource } = request;
  const reply = await (turn % 3 === 0
    ? caller.call<Answers>(address, partner, '/access/v1/evaluations', { ...request, evaluations: [{}, { resource }] })
    : caller.call<Answers>(address, partner, '/access/v1/evaluation', request));
  if (reply === undefined) return undefined;
  const { status, body, sent, received } = reply;
  const answers = body.evaluations ?? [body];
  return {
    target,
    sent,
    received,
    status,
    permitted: status === 200 && answers.some(({ decision }) => decision === true),
  };
}

const askedDuring = ({ targets, gone, back }: Absence): Asked[] =>
  asked.filter(({ target, sent, received }) => targets.includes(target) && sent > gone && received < back);

/** Takes a right away, leaves it away for a while, and gives it back. */
async function during(
  kind: string,
  targets: Target[],
  takeAway: () => Promise<unknown>,
  giveBack?: () => Promise<unknown>,
): Promise<void> {
  await takeAway();
  const absence: Absence = { kind, targets, gone: performance.now(), back: Infinity };
  absences.push(absence);
  // Long enough that both processes were asked about it again and again.
  await waitFor(() => askedDuring(absence).length >= (giveBack === undefined ? 40 : 10));
  if (giveBack === undefined) return;
  absence.back = performance.now();
  await giveBack();
}

async function takeEverythingAwayOnce(): Promise<void> {
  const { ground } = floors;
  const { log } = ground;
  const reason = 'a test';
  for (const [index, target] of people.entries()) {
    const { id: practitioner, properties } = target.request.subject;
    const actor = { agency: target.agency, service: 'tests' };
    if (index % 2 === 0) {
      const input = { practitioner, reason };
      await during(
        'practitioner suspended',
        [target],
        () => suspendPractitioner(log, actor, input),
        () => restorePractitioner(log, actor, input),
      );
    } else {
      const input = { post: properties.post, reason };
      await during(
        'post suspended',
        [target],
        () => suspendPost(log, actor, input),
        () => restorePost(log, actor, input),
      );
    }
  }
  const subject = createPseudonym(testMasterKey)(family.request.resource.properties.data_subject);
  const consent = {
    subject,
    protocol: 'safeguarding-children',
    basis: 'confidence',
    scope: { purpose: 'early-help' },
  } as const;
  for (let round = 0; round < 6; round += 1) {
    await during(
      'consent withdrawn',
      [family],
      () => withdrawConsent(log, council, consent),
      () => recordConsent(log, council, { ...consent, state: 'given' }),
    );
    const input = { clientId: ward.partner, reason };
    await during(
      'partner suspended',
      [ward],
      () => suspendPartner(log, trust, input),
      () => restorePartner(log, trust, input),
    );
  }
  await during('protocol suspended', [ward, ...people], () => suspendProtocol('hospital-discharge'));
}

/** The trust's officer suspends a protocol, with the key that the demo keeps for them. */
async function suspendProtocol(id: string): Promise<void> {
  const { ground, register } = floors;
  const { agency } = trust;
  const { practitioner: officer, signsAs: capacity } = officerOf(agency);
  const key = await demoKey(ground, agency, officer);
  const found = [...register.state()!.protocols.values()].find(({ document }) => document.id === id)!;
  const data = { protocol: found.hash, id, version: found.document.version, agency, reason: 'a test' };
  await appendEvent(ground, register, trust, async (head) => {
    const event = proposeEvent(head, {
      federation: ground.config.federation.name,
      type: 'protocol-suspended',
      data,
      time: ground.clock(),
    });
    return { event, signature: await signEvent(event, { agency, officer, capacity, key }) };
  });
}

describe('two processes that answer while rights are taken away', () => {
  it('permit nothing that was asked after the call that took it away had returned', async () => {
    expect(people.length).toBeGreaterThanOrEqual(8);
    let going = true;
    const all = [...people, family, ward];
    const lane = async (address: string, offset: number): Promise<void> => {
      for (let turn = offset; going; turn += 1) {
        // Every second question is about what was taken away last.
        const last = absences.at(-1)?.targets ?? all;
        const target = turn % 2 === 0 ? last[turn % last.length]! : all[turn % all.length]!;
        const one = await ask(address, target, turn);
        if (one !== undefined) asked.push(one);
      }
    };
    const lanes = replicas.addresses.flatMap((address, process) =>
      Array.from({ length: 6 }, (_, index) => lane(address, index * 5 + process * 3)),
    );
    const permits = () => asked.filter(({ permitted }) => permitted).length;
    // Else the test would show nothing.
    await waitFor(() => permits() > 500);
    await takeEverythingAwayOnce();
    going = false;
    await Promise.all(lanes);

    const counts: Record<string, { times: number; late: number; permitted: number }> = {};
    for (const absence of absences) {
      const late = askedDuring(absence);
      const count = (counts[absence.kind] ??= { times: 0, late: 0, permitted: 0 });
      count.times += 1;
      count.late += late.length;
      count.permitted += late.filter(({ permitted }) => permitted).length;
    }
    process.stderr.write(
      `${asked.length} answers, ${permits()} permits, ${asked.filter(({ status }) => status === 503).length} × 503; asked after it was taken away: ${JSON.stringify(counts)}\n`,
    );
    expect(Object.values(counts).map(({ permitted }) => permitted)).toEqual(Object.keys(counts).map(() => 0));
    // Each kind was asked about.
    expect(Object.keys(counts)).toHaveLength(5);
    for (const { times, late } of Object.values(counts)) expect(late).toBeGreaterThan(times);
  });

  it('give an answer to whoever may ask, and turn a suspended system away', () => {
    const statuses = new Set(asked.map(({ status }) => status));
    // 503: what the decision rests on changed three times while it was made.
    expect([...statuses].filter((status) => ![200, 403, 503].includes(status))).toEqual([]);
    expect(asked.filter(({ status }) => status === 503).length).toBeLessThan(asked.length / 50);
    const turnedAway = asked.filter(({ status }) => status === 403);
    expect(turnedAway.length).toBeGreaterThan(0);
    expect(turnedAway.filter(({ target }) => target.partner !== ward.partner)).toEqual([]);
  });

  it('leave a log in which no permit stands between a suspension and the restoration', async () => {
    const { db } = floors.ground;
    const entries = await read(db, { reading: 'audit' }, (tx) =>
      tx.query<{ event: string; subject: string; permitted: boolean; client: string }>(sql`
        select event, subject, committed::json #>> '{actor,client}' as client,
               committed::json #>> '{content,answer,decision}' = 'true'
               or (committed::json #>> '{content,answered,permitted}')::int > 0 as permitted
        from log_content order by position`),
    );
    const gone = new Set<string>();
    const late = entries.filter(({ event, subject, permitted, client }) => {
      if (/^(practitioner|post|partner)\.suspended$/.test(event)) gone.add(subject);
      if (/^(practitioner|post|partner)\.restored$/.test(event)) gone.delete(subject);
      return permitted && (gone.has(subject) || gone.has(client));
    });
    expect(late).toEqual([]);
    expect(entries.filter(({ permitted }) => permitted).length).toBeGreaterThan(500);
    expect((await checkLog(db, await openKeyRing(db, testMasterKey).publicKeys('log'))).problems).toEqual([]);
  });
});
