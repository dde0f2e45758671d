/** An override through the whole service: a real sign-in, the answer, the review, the message and the log. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { suspendPractitioner } from '../../../../directory/people/suspend_practitioner.ts';
import { startWorker } from '../../../../platform/jobs/worker.ts';
import { findEntry } from '../../../../platform/log/read.ts';
import { listMails } from '../../../../platform/mail/files.ts';
import { findReview, listLaterUses } from '../../../../policy/decisions/overrides/find_review.ts';
import { type RunningApplication, startApplication } from '../../../support/application/application.ts';
import { asOwner, traveller } from '../../../support/journeys/journey.ts';
import {
  aQuestion,
  askWith,
  callService,
  type OverrideAnswer,
  signedInEarlier,
  stated,
  theReason,
  userToken,
} from '../../../support/policy/override.ts';
import { waitFor } from '../../../support/platform/web.ts';

const gateshead = 'E08000037';
const visitor = 'health-visitor';

let service: RunningApplication;
let worker: { stop(): Promise<void> };
let token: string;

beforeAll(async () => {
  service = await startApplication();
  worker = await startWorker({ url: service.ground.directUrl, logger: service.ground.logger, ...service.jobs });
  token = await userToken(service, visitor);
});
afterAll(async () => {
  await worker.stop();
  await service.close();
});

/** Reviews of what this visitor did: others of the demo region overrode before. */
async function reviews(): Promise<number> {
  const [row] = await asOwner(
    service.database,
    'select count(*) as count from override_review where practitioner = $1',
    [traveller(service, visitor).id],
  );
  return Number(row!.count);
}

describe('a health visitor who has just signed in', () => {
  let answer: OverrideAnswer;

  it('is refused without an override, and told what one needs', async () => {
    const { decision, context } = await askWith(service, visitor, token);
    expect({ decision, fields: context.fields }).toEqual({ decision: false, fields: [] });
    expect(JSON.stringify(context)).toContain('"need":"override"');
    expect(await reviews()).toBe(0);
  });

  it('is given the override’s fields, with a review and half an hour', async () => {
    answer = await askWith(service, visitor, token, stated);
    expect(answer).toMatchObject({
      decision: true,
      context: {
        fields: ['allocated_worker', 'child_protection_plan'],
        reason: { code: 'permitted-by-override' },
        override: { review: expect.any(String), until: expect.any(Number) },
      },
    });
    expect(answer.context.override!.until - Date.now() / 1000).toBeGreaterThan(1_790);
    expect(answer.context.valid_until - Date.now() / 1000).toBeLessThanOrEqual(60);
  });

  it('has a review that belongs to the agency that holds the record, with their words', async () => {
    const review = await findReview(service.ground, gateshead, answer.context.override!.review);
    const { id, posts } = traveller(service, visitor);
    expect(review).toMatchObject({
      practitioner: id,
      post: posts[0],
      acting: 'RR7',
      role: 'health-visitor',
      decision: answer.context.id,
      answered: true,
      resource: 'GC-1003',
      ground: stated.ground,
      reason: theReason,
    });
    expect(await findReview(service.ground, 'RR7', answer.context.override!.review)).toBeUndefined();
  });

  it('leaves neither their words nor the child in clear: in the tables, in the log, in the queue', async () => {
    const entries = await asOwner(service.database, 'select committed from log_content');
    const rows = await asOwner(service.database, 'select row_to_json(r)::text as text from override_review r');
    const texts = [...entries.map(({ committed }) => String(committed)), ...rows.map(({ text }) => String(text))];
    const hex = Buffer.from(theReason).toString('hex');
    for (const text of texts) {
      expect(text).not.toContain('not been seen');
      expect(text).not.toContain(hex);
    }
    const { dataSubject } = aQuestionAbout();
    expect(texts.filter((text) => text.includes(dataSubject))).toEqual([]);
    const used = entries
      .map(({ committed }) => JSON.parse(String(committed)) as { actor: { practitioner?: string }; content: object })
      .filter(({ actor, content }) => actor?.practitioner === traveller(service, visitor).id && 'review' in content);
    expect(used).toHaveLength(1);
  });

  it('records the use before the decision, and both for both agencies', async () => {
    const decision = await findEntry(service.ground.db, { agency: gateshead }, answer.context.id);
    const [used] = await asOwner(
      service.database,
      `select position, agencies from log_content where event = 'override.used' order by position desc limit 1`,
    );
    expect(Number(used!.position)).toBeLessThan(decision!.position);
    expect(used!.agencies).toEqual([gateshead, 'RR7']);
  });

  it('is announced to the holding agency by a message that says only that something waits', async () => {
    const address = `${service.baseUrl}/reviews/${answer.context.override!.review}`;
    const listAnnounced = async () =>
      (await listMails(service.config.dataDir)).filter(({ text }) => text.includes(address));
    await waitFor(async () => (await listAnnounced()).length > 0);
    const mails = await listAnnounced();
    expect(mails.map(({ to }) => to)).toEqual([traveller(service, 'council-sharing-officer').email]);
    const text = mails.map((mail) => mail.subject + mail.text).join();
    for (const secret of [
      'Grace',
      'Neill',
      'GC-1003',
      aQuestionAbout().dataSubject,
      'locked',
      'harm',
      'visitor',
      'RR7',
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it('goes on under it without stating anything again, also with a sign-in of long ago', async () => {
    const { review } = answer.context.override!;
    const before = await signedInEarlier(service, token, 3_600);
    const again = await askWith(service, visitor, before, { review });
    expect(again).toMatchObject({ decision: true, context: { override: answer.context.override } });
    expect(await reviews()).toBe(1);
    const other = await askWith(service, visitor, token, { review }, { record: 'GC-1002' });
    expect(other.decision).toBe(false);
    expect(other.context.reason.text).toContain('State ground and reason again');
  });
});

const aQuestionAbout = () => ({
  dataSubject: aQuestion('', undefined, { person: '' }).resource.properties.data_subject.value,
});

describe('an override', () => {
  it('is not used with a sign-in that is a minute old', async () => {
    const stale = await askWith(service, visitor, await signedInEarlier(service, token, 3_600), stated);
    expect(stale.decision).toBe(false);
    expect(stale.context.reason.text).toContain('less than a minute ago');
  });

  it('opens no field that a prohibition covers', async () => {
    const { context } = await askWith(service, visitor, token, stated, {
      fields: ['address', 'allocated_worker'],
      properties: { address_protected: true },
    });
    expect(context).toMatchObject({ fields: ['allocated_worker'], reason: { code: 'permitted-by-override' } });
  });

  it('is not used among several questions, and each of them says so', async () => {
    const before = await reviews();
    const question = aQuestion(token, stated, { person: traveller(service, visitor).id });
    const response = await callService(service, '/access/v1/evaluations', { evaluations: [question, question] });
    const { evaluations } = (await response.json()) as { evaluations: OverrideAnswer[] };
    expect(evaluations.map(({ decision }) => decision)).toEqual([false, false]);
    for (const { context } of evaluations) expect(context.reason.text).toContain('never for several at once');
    expect(await reviews()).toBe(before);
  });

  it.each<[string, object]>([
    ['nothing in it', {}],
    ['no reason', { ground: stated.ground }],
    ['a reason of a few words', { ...stated, reason: 'Urgent, please hurry'.slice(0, 19) }],
    ['a reason of spaces', { ...stated, reason: ' '.repeat(40) }],
    ['a reason without end', { ...stated, reason: 'x'.repeat(2_001) }],
    ['a ground that nobody knows', { ...stated, ground: 'curiosity' }],
    ['a word too many', { ...stated, grund: 'vital-interests' }],
    ['a review and a ground', { ...stated, review: '01941f29-7c00-7acf-b992-a3426507f1d0' }],
    ['a review that is no id', { review: '1 or 1=1' }],
  ])('with %s is refused as a bad request', async (_what, override) => {
    const before = await reviews();
    const question = aQuestion(token, override, { person: traveller(service, visitor).id });
    const response = await callService(service, '/access/v1/evaluation', question);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('/context/override');
    expect(await reviews()).toBe(before);
  });

  it('of many kinds at once opens a review for each, and blocks nobody', async () => {
    const before = await reviews();
    const reasons = [1, 2, 3, 4, 5].map((number) => ({ ...stated, reason: `${theReason} This is reason ${number}.` }));
    const answers = await Promise.all(reasons.map((each) => askWith(service, visitor, token, each)));
    expect(answers.map(({ decision }) => decision)).toEqual(Array.from({ length: 5 }, () => true));
    expect(new Set(answers.map(({ context }) => context.override?.review)).size).toBe(5);
    expect(await reviews()).toBe(before + 5);
    // Three were usual; this is the seventh.
    const [row] = await asOwner(service.database, 'select count(*) as count from override_review where unusual');
    expect(Number(row!.count)).toBe(before + 5 - 3);
  });

  it('sent several times at once is one act with one review, and each answer has its own record', async () => {
    const before = await reviews();
    const once = { ...stated, reason: `${theReason} I rang the duty desk too.` };
    const answers = await Promise.all(Array.from({ length: 8 }, () => askWith(service, visitor, token, once)));
    const [review, ...others] = new Set(answers.map(({ context }) => context.override?.review));
    expect({ opened: (await reviews()) - before, others }).toEqual({ opened: 1, others: [] });
    expect(answers.map(({ decision }) => decision)).not.toContain(false);
    expect(new Set(answers.map(({ context }) => context.override?.until)).size).toBe(1);
    const decisions = [...new Set(answers.map(({ context }) => context.id))];
    expect(decisions).toHaveLength(8);
    for (const id of decisions)
      expect(await findEntry(service.ground.db, { agency: gateshead }, id)).toMatchObject({
        content: { answer: { context: { override: { review } } } },
      });
    // Whichever of them opened it, the reviewer sees all the others under it.
    const found = (await findReview(service.ground, gateshead, review!))!;
    const later = await listLaterUses(service.ground.db, found);
    expect([found.decision, ...later.map(({ id }) => id)].toSorted()).toEqual(decisions.toSorted());
    const used = await asOwner(
      service.database,
      `select from log_content where event = 'override.used' and committed::json #>> '{content,review}' = $1`,
      [review],
    );
    expect(used).toHaveLength(1);
    const address = `${service.baseUrl}/reviews/${review}`;
    const told = async () => (await listMails(service.config.dataDir)).filter(({ text }) => text.includes(address));
    await waitFor(async () => (await told()).length > 0);
    expect(await told()).toHaveLength(1);
  });

  it('gives nothing to somebody else with the same token, nor to somebody signed in elsewhere', async () => {
    const { id } = traveller(service, 'police-officer');
    const question = { ...aQuestion(token, stated, { person: id }) };
    const response = await callService(service, '/access/v1/evaluation', question);
    expect(((await response.json()) as OverrideAnswer).decision).toBe(false);
  });

  it('ends with the person’s standing: nothing is gone on under, nothing opened anew', async () => {
    const { context } = await askWith(service, visitor, token, stated);
    const before = await reviews();
    const { id } = traveller(service, visitor);
    await suspendPractitioner(
      service.ground.log,
      { agency: 'RR7', service: 'tests' },
      { practitioner: id, reason: 'a test' },
    );
    for (const override of [{ review: context.override!.review }, stated]) {
      const late = await askWith(service, visitor, token, override);
      expect(late).toMatchObject({ decision: false, context: { fields: [], reason: { code: 'suspended' } } });
    }
    expect(await reviews()).toBe(before);
  });
});
