import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient, type Question } from '../../clients/typescript/src/index.ts';
import { listenLocally, stop } from '../support/application/casebook.ts';
import {
  anAnswer,
  credentials,
  type DecisionPoint,
  type Reply,
  sendAnswer,
  sendJson,
  startDecisionPoint,
} from '../support/policy/decision_point.ts';

let point: DecisionPoint;
beforeAll(async () => void (point = await startDecisionPoint()));
afterAll(() => point.close());
beforeEach(() => {
  point.asked.length = 0;
  point.tokens = 0;
  point.tokenSeconds = 300;
  point.reply = sendAnswer({});
});

const question: Question = {
  subject: { type: 'practitioner', id: 'somebody' },
  action: { name: 'read' },
  resource: { type: 'child-record', id: 'GC-1001' },
};
const aClient = (changes: object = {}) =>
  createClient({ baseUrl: point.url, ...credentials, timeoutMs: 20_000, random: () => 0, ...changes });
const html: Reply = (_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/html' });
  response.end('<h1>Welcome</h1>');
};
const cut: Reply = (_, response) => response.destroy();
const never: Reply = () => undefined;
const withContext = (context: object): Reply => sendJson(anAnswer({ context }));

describe('whatever comes instead of an answer', () => {
  it.each<[string, Reply, string]>([
    ['a page', html, 'answer-not-readable'],
    ['JSON cut short', (asked, response) => sendJson('')(asked, response), 'answer-not-readable'],
    ['a list', sendJson([]), 'answer-not-readable'],
    ['a decision in words', sendJson({ ...anAnswer(), decision: 'true' }), 'answer-not-readable'],
    ['a decision of 1', sendJson({ ...anAnswer(), decision: 1 }), 'answer-not-readable'],
    ['a boolean alone', sendJson({ decision: true }), 'answer-not-readable'],
    ['no end', withContext({ valid_until: undefined }), 'answer-not-readable'],
    ['an end in words', withContext({ valid_until: 'tomorrow' }), 'answer-not-readable'],
    ['fields that are not a list', withContext({ fields: { length: 1, 0: 'name' } }), 'answer-not-readable'],
    ['fields that are not words', withContext({ fields: [['name']] }), 'answer-not-readable'],
    ['no list of duties', withContext({ obligations: undefined }), 'answer-not-readable'],
    ['an answer to another request', sendJson(anAnswer(), 200, { 'X-Request-ID': 'x' }), 'answer-not-readable'],
    ['a status of 204', sendJson(anAnswer(), 206), 'answer-not-readable'],
    ['500', sendJson(anAnswer(), 500), 'service-failed'],
    ['502', sendJson(anAnswer(), 502), 'service-failed'],
    ['503', sendJson(anAnswer(), 503), 'not-available'],
    ['429', sendJson(anAnswer(), 429), 'not-available'],
    ['401', sendJson(anAnswer(), 401), 'not-authenticated'],
    ['403', sendJson(anAnswer(), 403), 'not-allowed'],
    ['400', sendJson({ code: 'invalid-input', detail: 'x' }, 400), 'question-refused'],
    ['a way elsewhere', sendJson(anAnswer(), 302, { Location: '/elsewhere' }), 'unreachable'],
    ['a cut line', cut, 'unreachable'],
    ['nothing in time', never, 'timed-out'],
  ])('%s is a refusal', async (_what, reply, code) => {
    point.reply = reply;
    const changes = reply === never ? { timeoutMs: 300 } : {};
    const answer = await aClient(changes).evaluate(question);
    expect(answer).toMatchObject({ decision: false, context: { fields: [], reason: { code } }, failure: { code } });
    expect(answer.context.reason.text).not.toBe('');
    const [first, second] = await aClient(changes).evaluations([question, question]);
    for (const one of [first, second]) expect(one).toMatchObject({ decision: false, context: { fields: [] } });
  });

  it('nobody at the address is a refusal, with the desk that the system knows', async () => {
    const server = createServer();
    const baseUrl = await listenLocally(server, 'localhost');
    await stop(server);
    const dutyDesk = { name: 'Our desk', phone: '0191' };
    const answer = await aClient({ baseUrl, dutyDesk }).evaluate(question);
    expect(answer).toMatchObject({
      decision: false,
      failure: { code: 'unreachable' },
      context: { duty_desk: dutyDesk },
    });
  });

  it('is not remembered: the next question is asked', async () => {
    const client = aClient();
    point.reply = html;
    expect((await client.evaluate(question)).decision).toBe(false);
    point.reply = sendAnswer({});
    expect((await client.evaluate(question)).decision).toBe(true);
  });

  it('a refusal that lists fields gives none', async () => {
    point.reply = sendJson(anAnswer({ decision: false, context: { fields: ['name'] } }));
    const answer = await aClient().evaluate(question);
    expect(answer).toMatchObject({ decision: false, context: { fields: [] } });
    expect(answer.failure).toBeUndefined();
  });

  it('an answer counts for a minute at most, whatever it says', async () => {
    point.reply = withContext({ valid_until: 9_999_999_999 });
    const { context } = await aClient({ clock: () => 1_000.7 }).evaluate(question);
    expect(context.valid_until).toBe(1_060);
  });
});

describe('asking again', () => {
  it.each([503, 429])('happens after the time that a %i names, with the same question', async (status) => {
    let times: number[] = [];
    point.reply = (asked, response) => {
      times.push(performance.now());
      const off = sendJson({}, status, { 'Retry-After': '1' });
      return times.length === 1 ? off(asked, response) : sendAnswer({})(asked, response);
    };
    expect((await aClient().evaluate(question)).decision).toBe(true);
    expect(times[1]! - times[0]!).toBeGreaterThan(950);
    expect(point.asked[0]?.body).toEqual(point.asked[1]?.body);
    times = [];
  });

  it('ends after the second time', async () => {
    point.reply = sendJson({}, 503);
    await aClient().evaluate(question);
    expect(point.asked).toHaveLength(3);
  });

  it.each(['3600', new Date(Date.now() + 3_600_000).toUTCString()])(
    'is not tried after %s, which is too long',
    async (after) => {
      point.reply = sendJson({}, 503, { 'Retry-After': after });
      const began = performance.now();
      await aClient().evaluate(question);
      expect(point.asked).toHaveLength(1);
      expect(performance.now() - began).toBeLessThan(1_000);
    },
  );

  it.each<[string, Reply]>([
    ['a no', sendAnswer({ decision: false })],
    ['a failure', sendJson({}, 500)],
    ['a cut line', cut],
    ['something unreadable', html],
  ])('never follows %s', async (_what, reply) => {
    point.reply = reply;
    await aClient().evaluate(question);
    expect(point.asked).toHaveLength(1);
  });
});

describe('the token', () => {
  it('is had once for many questions at once, with the secret encoded as OAuth asks', async () => {
    const client = aClient();
    await Promise.all(Array.from({ length: 20 }, () => client.evaluate(question)));
    expect(point.tokens).toBe(1);
    expect(new Set(point.asked.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token 1']));
  });

  it('is renewed before it ends', async () => {
    let now = 1_000;
    const client = aClient({ clock: () => now });
    await client.evaluate(question);
    now += 280;
    await client.evaluate(question);
    expect(point.tokens).toBe(1);
    now += 10;
    await client.evaluate(question);
    expect(point.tokens).toBe(2);
  });

  it('is renewed once after a 401, however many questions were refused together', async () => {
    const client = aClient();
    point.reply = (asked, response) =>
      (asked.headers.authorization === 'Bearer token 1' ? sendJson({}, 401) : sendAnswer({}))(asked, response);
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.evaluate(question)));
    expect(answers.every(({ decision }) => decision)).toBe(true);
    expect(point.tokens).toBe(2);
  });

  it('that is refused again ends there', async () => {
    point.reply = sendJson({}, 401);
    await aClient().evaluate(question);
    expect(point.asked).toHaveLength(2);
  });

  it('may come from elsewhere; what goes wrong there is a refusal too', async () => {
    const asked: boolean[] = [];
    const getToken = async ({ fresh }: { fresh: boolean }) => {
      asked.push(fresh);
      if (asked.length > 2) throw new Error('no');
      return `mine ${asked.length}`;
    };
    const client = createClient({ baseUrl: point.url, getToken, timeoutMs: 20_000 });
    point.reply = (one, response) =>
      (one.headers.authorization === 'Bearer mine 1' ? sendJson({}, 401) : sendAnswer({}))(one, response);
    expect((await client.evaluate(question)).decision).toBe(true);
    expect(asked).toEqual([false, true]);
    expect((await client.evaluate(question)).failure?.code).toBe('token-refused');
    const never = createClient({ baseUrl: point.url, getToken: () => new Promise(() => undefined), timeoutMs: 200 });
    expect((await never.evaluate(question)).failure?.code).toBe('timed-out');
  });

  it('and people’s data go to https, or this machine, only', () => {
    for (const baseUrl of [
      'http://wayleave.example',
      'ftp://localhost',
      'wayleave.example',
      '',
      'http://localhost.evil',
    ]) {
      expect(() => aClient({ baseUrl })).toThrow(expect.objectContaining({ code: 'configuration-wrong' }));
    }
    expect(() => aClient({ baseUrl: 'https://wayleave.example/' })).not.toThrow();
  });

  it('knows the decision point again however its address is written', async () => {
    const client = aClient({ baseUrl: `${point.url.replace('http', 'HTTP')}/` });
    expect((await client.evaluate(question)).decision).toBe(true);
  });

  it('is sent to nobody whom the metadata name elsewhere', async () => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await globalThis.fetch(input, init);
      if (!response.url.endsWith('authzen-configuration')) return response;
      const body = { ...((await response.json()) as object), access_evaluation_endpoint: 'https://evil.example/x' };
      return Response.json(body);
    };
    expect((await aClient({ fetch }).evaluate(question)).failure?.code).toBe('answer-not-readable');
    expect(point.tokens).toBe(0);
  });
});

describe('batches and pages that do not add up', () => {
  const three = [question, question, question];

  it.each<[string, unknown]>([
    ['fewer answers', { evaluations: [anAnswer()] }],
    ['more answers', { evaluations: [1, 2, 3, 4].map(() => anAnswer()) }],
    ['no answers', { evaluations: [] }],
    ['one that cannot be read', { evaluations: [anAnswer(), {}, anAnswer()] }],
    ['a single answer', anAnswer()],
  ])('%s refuse all', async (_what, body) => {
    point.reply = sendJson(body);
    const answers = await aClient().evaluations(three);
    expect(answers.map(({ decision }) => decision)).toEqual([false, false, false]);
  });

  it('what a semantic leaves out is refused', async () => {
    point.reply = sendJson({ evaluations: [anAnswer()] });
    const answers = await aClient().evaluations(three, 'permit_on_first_permit');
    expect(answers.map(({ decision }) => decision)).toEqual([true, false, false]);
    expect(answers[1]?.failure?.code).toBe('not-evaluated');
  });

  it('an item that could not be read refuses itself, and says why', async () => {
    const error = { decision: false, context: { error: { status: 400, message: '/subject is missing.' } } };
    point.reply = sendJson({ evaluations: [anAnswer(), error, anAnswer({ decision: false })] });
    const answers = await aClient().evaluations(three);
    expect(answers.map(({ decision }) => decision)).toEqual([true, false, false]);
    expect(answers[1]?.failure).toMatchObject({ code: 'question-refused', status: 400 });
  });

  it('more than a hundred questions, or none, are not sent', async () => {
    expect(await aClient().evaluations([])).toEqual([]);
    const many = await aClient().evaluations(Array.from({ length: 101 }, () => question));
    expect(many).toHaveLength(101);
    expect(many.every(({ failure }) => failure?.code === 'too-many-questions')).toBe(true);
    expect(point.asked).toHaveLength(0);
  });

  it('a page that names itself as the next ends the search, as does a failure half-way', async () => {
    point.reply = sendJson({ results: [{ name: 'read' }], page: { next_token: 'again' } });
    const found: string[] = [];
    const look = async (): Promise<void> => {
      for await (const { name } of aClient().search.action(question)) found.push(name);
    };
    await expect(look()).rejects.toMatchObject({ code: 'answer-not-readable' });
    point.reply = ({ body }, response) =>
      ((body.page as { token?: string }).token === undefined
        ? sendJson({ results: [{ name: 'read' }], page: { next_token: 'more' } })
        : sendJson({}, 403))({ path: '', headers: {}, body }, response);
    await expect(look()).rejects.toMatchObject({ code: expect.stringMatching(/not-allowed|answer-not-readable/) });
  });
});
