import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express, { type Request, type Response as ExpressResponse } from 'express';
import Koa from 'koa';
import {
  createClient,
  expressGuard,
  type Guarded,
  type Handlers,
  koaGuard,
  type Question,
  type Refusal,
} from '../../clients/typescript/src/index.ts';
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
const servers: Server[] = [];
beforeAll(async () => void (point = await startDecisionPoint()));
afterAll(() => point.close());
beforeEach(() => void (point.asked.length = 0));
afterEach(async () => {
  for (const server of servers.splice(0)) await stop(server);
});

const question = (): Question => ({
  subject: { type: 'practitioner', id: 'somebody' },
  action: { name: 'read' },
  resource: { type: 'child-record', id: 'GC-1001' },
});
type Child = { name: string; gp: string };
const child: Child = { name: 'Maisie', gp: 'Bewick Road' };

type Options = {
  obligations?: Handlers<unknown>;
  load?: () => Child | undefined | Promise<Child>;
  onRefusal?: 'page';
  clock?: () => number;
};
const words = ({ reason, missing, dutyDesk }: Refusal): string =>
  `${reason.text} ${dutyDesk?.phone} ${missing.map(({ text }) => text).join()}`;

const loads: string[] = [];
beforeEach(() => void (loads.length = 0));

/** The same small page with each framework; its handler says what it was handed. */
const frameworks: [string, (options: Options) => Promise<string>][] = [
  [
    'Koa',
    async ({ load = () => child, onRefusal, clock, ...options }) => {
      const app = new Koa();
      app.silent = true;
      app.use(
        koaGuard<Koa.Context, Child>(aClient(clock), {
          ...options,
          question,
          load: () => (loads.push('load'), load()),
          ...(onRefusal && { onRefusal: (ctx, refusal) => void (ctx.body = words(refusal)) }),
        }),
      );
      app.use((ctx) => {
        ctx.body = (ctx.state.wayleave as Guarded<Child>).record;
      });
      return serve(app.callback());
    },
  ],
  [
    'Express',
    async ({ load = () => child, onRefusal, clock, ...options }) => {
      const app = express();
      app.set('env', 'test');
      app.use(
        expressGuard<Request, ExpressResponse, Child>(aClient(clock), {
          ...options,
          question,
          load: () => (loads.push('load'), load()),
          ...(onRefusal && { onRefusal: ({ response }, refusal) => void response.send(words(refusal)) }),
        }),
      );
      app.use((_request, response) => void response.json((response.locals.wayleave as Guarded<Child>).record));
      return serve(app);
    },
  ],
];

function aClient(clock?: () => number) {
  return createClient({ baseUrl: point.url, ...credentials, timeoutMs: 1_000, ...(clock && { clock }) });
}

async function serve(handler: (...request: never[]) => unknown): Promise<string> {
  const server = createServer(handler as Parameters<typeof createServer>[1]);
  servers.push(server);
  return listenLocally(server, '127.0.0.1');
}

async function open(url: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const duty = { id: 'note', type: 'custom', properties: { text: 'Write it down.' } };
/** Answers questions with duties, and takes acknowledgements with this status. */
const withDuties = (obligations: object[], acknowledged = 200): Reply => {
  const answer = sendAnswer({ context: { obligations } });
  return (asked, response) =>
    (asked.path.includes('/obligations/') ? sendJson({ outstanding: [] }, acknowledged) : answer)(asked, response);
};
const acknowledgements = () =>
  point.asked.filter(({ path }) => path.includes('/obligations/')).map(({ body }) => body.obligations);

describe.each(frameworks)('the guard for %s', (_name, start) => {
  it('loads the record after a permit, lets the permitted fields through, and forbids caches', async () => {
    point.reply = sendAnswer({});
    const { status, text, headers } = await open(await start({}));
    expect([status, JSON.parse(text), headers.get('cache-control')]).toEqual([200, { name: 'Maisie' }, 'no-store']);
    expect(loads).toEqual(['load']);
  });

  it('refuses with a problem document: the reason, the desk, what is missing; and loads nothing', async () => {
    const missing = [{ need: 'involvement-needed', text: 'Confirm it.' }];
    point.reply = sendAnswer({ decision: false, context: { missing } });
    const { status, text, headers } = await open(await start({}));
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      403,
      expect.stringMatching(/^application\/problem\+json/),
      'no-store',
    ]);
    expect(JSON.parse(text)).toMatchObject({
      status: 403,
      code: 'involvement-needed',
      detail: 'Not known.',
      missing,
      duty_desk: { phone: '0191 498 0999' },
    });
    expect(loads).toEqual([]);
  });

  it('leaves the words to the page that has its own', async () => {
    point.reply = sendAnswer({ decision: false, context: { missing: [{ need: 'x', text: 'Confirm it.' }] } });
    const { status, text } = await open(await start({ onRefusal: 'page' }));
    expect([status, text]).toEqual([403, 'Not known. 0191 498 0999 Confirm it.']);
  });

  it('says 503 where Wayleave cannot be asked, and 404 where there is no record', async () => {
    point.reply = sendJson({}, 500);
    expect(await open(await start({}))).toMatchObject({ status: 503, text: expect.stringContaining('service-failed') });
    expect(loads).toEqual([]);
    point.reply = sendAnswer({});
    expect((await open(await start({ load: () => undefined }))).status).toBe(404);
  });

  it('leaves what goes wrong in the page to the page', async () => {
    point.reply = sendAnswer({});
    const { status, text } = await open(await start({ load: () => Promise.reject(new Error('Maisie')) }));
    expect(status).toBe(500);
    expect(text).not.toContain('Bewick');
  });

  it('refuses where a duty has no handler, before any is carried out, and says so to Wayleave', async () => {
    const calls: string[] = [];
    point.reply = withDuties([duty, { ...duty, id: 'other', type: 'toString' }]);
    const { status, text } = await open(await start({ obligations: { custom: () => (calls.push('custom'), 'done') } }));
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ code: 'obligation-unknown' });
    expect(text).not.toContain('Maisie');
    expect(calls).toEqual([]);
    expect(acknowledgements()).toEqual([[{ id: 'other', state: 'refused' }]]);
  });

  it('carries out each before anything goes out, and acknowledges those that are done', async () => {
    const done: string[] = [];
    const say = (line: string) => done.push(line);
    point.reply = withDuties([duty, { ...duty, id: 'tell', type: 'notification' }, { ...duty, id: 'later' }]);
    const obligations: Handlers<unknown> = {
      custom: async ({ id }, { decision }) => (say(`${id} of ${decision.slice(0, 8)}`), 'done' as const),
      later: () => 'taken',
      notification: ({ id }) => (done.push(id), 'done'),
    };
    expect(await open(await start({ obligations }))).toMatchObject({ status: 200, text: '{"name":"Maisie"}' });
    expect(done).toEqual(['note of 01941f29', 'tell']);
    expect(acknowledgements()).toEqual([
      [
        { id: 'note', state: 'done' },
        { id: 'tell', state: 'done' },
      ],
    ]);
  });

  it.each<[string, Handlers<unknown>[string]]>([
    ['throws', () => Promise.reject(new Error('no'))],
    ['says nothing', () => undefined as never],
  ])('refuses where a handler %s', async (_what, custom) => {
    point.reply = withDuties([duty]);
    const { status, text } = await open(await start({ obligations: { custom } }));
    expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([403, 'obligation-failed']);
    expect(acknowledgements()).toEqual([[{ id: 'note', state: 'refused' }]]);
  });

  it('refuses where Wayleave cannot be told that a duty was done', async () => {
    point.reply = withDuties([duty], 500);
    const { status, text } = await open(await start({ obligations: { custom: () => 'done' } }));
    expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([403, 'obligation-not-acknowledged']);
  });

  it('refuses when the answer’s time is over before, or while, the record is made ready', async () => {
    const clock = { now: Date.now() / 1000 };
    point.reply = sendJson(anAnswer({ context: { valid_until: Math.floor(clock.now) - 1 } }));
    expect(await open(await start({}))).toMatchObject({ status: 403, text: expect.stringContaining('answer-expired') });
    point.reply = withDuties([duty]);
    const custom = () => {
      clock.now += 61;
      return 'done' as const;
    };
    const late = await open(await start({ obligations: { custom }, clock: () => clock.now }));
    expect(late).toMatchObject({ status: 403, text: expect.stringContaining('answer-expired') });
    expect(late.text).not.toContain('Maisie');
  });
});
