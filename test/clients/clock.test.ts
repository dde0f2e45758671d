import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient, type Question, show } from '../../clients/typescript/src/index.ts';
import { guardRecord } from '../../clients/typescript/src/guard.ts';
import {
  anAnswer,
  credentials,
  type DecisionPoint,
  type Reply,
  sendJson,
  startDecisionPoint,
} from '../support/policy/decision_point.ts';

let point: DecisionPoint;
const warnings: string[] = [];
beforeAll(async () => void (point = await startDecisionPoint()));
afterAll(() => point.close());
beforeEach(() => {
  point.asked.length = 0;
  warnings.length = 0;
});

const question: Question = {
  subject: { type: 'practitioner', id: 'somebody' },
  action: { name: 'read' },
  resource: { type: 'child-record', id: 'GC-1001' },
};
const record = { name: 'Maisie', gp: 'Bewick Road', school: 'Kelvin Grove', worker: 'Ada' };
const fields = Object.keys(record);
const wallClock = () => Date.now() / 1000;
const aClient = (clock = wallClock, changes: object = {}) =>
  createClient({ baseUrl: point.url, ...credentials, clock, warn: (line) => warnings.push(line), ...changes });
/** An answer that counts for so many seconds from the `Date` that it bears, by a Wayleave whose clock differs from this machine's. */
const answering =
  (seconds: number, differs = 0, context: object = {}): Reply =>
  (asked, response) => {
    const date = Math.floor(wallClock() + differs);
    const answer = anAnswer({ context: { fields, valid_until: date + seconds, ...context } });
    sendJson(answer, 200, { Date: new Date(date * 1000).toUTCString() })(asked, response);
  };
const load = () => ({ ...record });

describe('where this machine’s clock is wrong', () => {
  it.each<[string, number]>([
    ['61 seconds ahead', 61],
    ['an hour ahead', 3_600],
    ['61 seconds behind', -61],
    ['ten years behind', -315_360_000],
  ])('%s, all that is permitted is shown, nothing later than that, and the clock is named once', async (_how, off) => {
    point.reply = answering(60);
    const clock = { now: 0 };
    const client = aClient(() => wallClock() + off + clock.now);
    const shown = await guardRecord(client, { question: () => question, load }, undefined);
    expect(shown).toMatchObject({ record });
    const answer = await client.evaluate(question);
    expect({ ...show(answer, record, client.clock()) }).toEqual(record);
    expect({ ...show(answer, record, client.clock() + 62) }).toEqual({});
    expect(warnings).toEqual([
      expect.stringMatching(/^This machine’s clock is \d+ seconds (ahead of|behind) Wayleave’s/),
    ]);
    expect(warnings[0]).toContain(off > 0 ? 'ahead of' : 'behind');
  });

  it('an answer whose time is over stays over, whatever this machine’s clock says', async () => {
    point.reply = answering(-1);
    for (const off of [-3_600, -61, 0, 61]) {
      const outcome = await guardRecord(
        aClient(() => wallClock() + off),
        { question: () => question, load },
        undefined,
      );
      expect(outcome).toMatchObject({ refusal: { failure: { code: 'answer-expired' } } });
    }
  });

  it('a clock that is right is not touched, nor named, and times come as Wayleave gave them', async () => {
    const until = Math.floor(wallClock()) + 1_800;
    point.reply = answering(30, 0, { override: { review: 'one', until } });
    const client = aClient();
    for (const _ of [1, 2, 3]) {
      expect((await client.evaluate(question)).context.override).toEqual({ review: 'one', until });
    }
    expect(warnings).toEqual([]);
  });

  it('what Wayleave’s own clock says is what counts: a wrong one of its is no reason to show for longer', async () => {
    point.reply = answering(60, 3_600);
    const answer = await aClient().evaluate(question);
    expect(answer.context.valid_until - wallClock()).toBeLessThanOrEqual(61);
    expect({ ...show(answer, record) }).toEqual(record);
  });

  it('a time to come back that is named as a date is waited for by Wayleave’s clock', async () => {
    let tries = 0;
    point.reply = (asked, response) => {
      tries += 1;
      if (tries > 1) return answering(60, -3_600)(asked, response);
      const date = Date.now() - 3_600_000;
      const headers = { Date: new Date(date).toUTCString(), 'Retry-After': new Date(date + 1_000).toUTCString() };
      sendJson({}, 503, headers)(asked, response);
    };
    expect(await aClient(wallClock, { random: () => 0 }).evaluate(question)).toMatchObject({ decision: true });
    expect(tries).toBe(2);
    // As long again is not waited where the date lies far ahead of the reply's own.
    point.reply = (asked, response) =>
      sendJson({}, 503, {
        Date: new Date(Date.now() - 3_600_000).toUTCString(),
        'Retry-After': new Date(Date.now()).toUTCString(),
      })(asked, response);
    expect(await aClient().evaluate(question)).toMatchObject({ failure: { code: 'not-available' } });
  });
});

describe('duties of an answer whose time is over', () => {
  const duty = (id: string) => ({ id, type: 'custom', properties: { text: 'Write it down.' } });
  const acknowledgements = () =>
    point.asked.filter(({ path }) => path.includes('/obligations/')).map(({ body }) => body.obligations);
  const withDuties = (seconds: number): Reply => {
    const answer = answering(seconds, 0, { obligations: [duty('first'), duty('second'), duty('third')] });
    return (asked, response) =>
      (asked.path.includes('/obligations/') ? sendJson({ outstanding: [] }) : answer)(asked, response);
  };

  it.each<[string, number, number, string[]]>([
    ['on arrival', -1, 0, []],
    ['while the first is carried out', 60, 61, ['first']],
  ])('%s are not carried out, and Wayleave is told', async (_when, seconds, takes, carriedOut) => {
    point.reply = withDuties(seconds);
    let passed = 0;
    const done: string[] = [];
    const custom = ({ id }: { id: string }) => {
      done.push(id);
      passed += takes;
      return 'done' as const;
    };
    const client = aClient(() => wallClock() + passed);
    const options = { question: () => question, load, obligations: { custom } };
    const outcome = await guardRecord(client, options, undefined);
    expect(outcome).toMatchObject({ refusal: { failure: { code: 'answer-expired' } } });
    expect(done).toEqual(carriedOut);
    expect(acknowledgements()).toEqual([
      ['first', 'second', 'third'].map((id) => ({ id, state: carriedOut.includes(id) ? 'done' : 'refused' })),
    ]);
  });
});
