import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import Koa from 'koa';
import { type DecisionPoint, startDecisionPoint } from '../../../clients/partner-kit/decision_point.ts';
import { findValues } from '../../../clients/partner-kit/look.ts';
import { readOptions, readRecord } from '../../../clients/partner-kit/options.ts';
import { type Report, runKit } from '../../../clients/partner-kit/run.ts';
import { type Client, createClient, koaGuard } from '../../../clients/typescript/src/index.ts';
import { startCasebookFor } from '../../../demo/casebook/under_test.ts';
import { listenLocally, stop } from '../../support/application/casebook.ts';

const slowMs = 1_200;
const fields = { name: 'Maisie Robson', address: '14 Saltwell Bank', gp: 'Bewick Road Surgery' };

let point: DecisionPoint;
let origin = '';
const servers: Server[] = [];
beforeAll(async () => void (point = await startDecisionPoint(0, () => origin)));
afterAll(() => point.close());
afterEach(async () => {
  for (const server of servers.splice(0)) await stop(server);
});

async function serve(app: Koa): Promise<string> {
  app.silent = true;
  const server = createServer(app.callback() as Parameters<typeof createServer>[1]);
  servers.push(server);
  return listenLocally(server, '127.0.0.1');
}

/** Runs the kit against an app of a few lines; returns what is not well by the case's name. */
async function faultsOf(write: (client: Client) => Koa.Middleware, handles: string[] = ['custom']) {
  const client = createClient({
    baseUrl: point.url,
    clientId: 'leaky',
    clientSecret: 'x',
    timeoutMs: slowMs / 2,
    dutyDesk: { name: 'desk', phone: '1' },
  });
  const url = await serve(new Koa().use(write(client)));
  const report = await runKit(point, { record: { url, fields }, headers: {}, handles, slowMs });
  return {
    report,
    faults: Object.fromEntries(report.lines.filter(({ passed }) => !passed).map((one) => [one.name, one.seen])),
  };
}

const question = {
  subject: { type: 'practitioner' as const, id: 'somebody' },
  action: { name: 'read' },
  resource: { type: 'child-record', id: 'GC-1001' },
};
async function tokenOf(): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const reply = await fetch(`${point.url}/oidc/token`, { method: 'POST', body });
  return ((await reply.json()) as { access_token: string }).access_token;
}
const lineOf = (report: Report, name: string) => report.lines.find((line) => line.name === name);

describe('the partner kit', () => {
  it('finds nothing wrong with Casebook, whose people sign in at the kit', async () => {
    const { casebook, options } = await startCasebookFor(point, slowMs);
    origin = casebook.url;
    const report = await runKit(point, options);
    await casebook.close();
    expect(report.lines.filter(({ passed }) => !passed)).toEqual([]);
    expect(report).toMatchObject({ system: casebook.url, passed: true });
    expect(report.lines.length).toBeGreaterThan(18);
    expect(lineOf(report, 'part of the fields')?.seen).toMatch(/^\d fields there, \d not$/);
  });

  it('finds nothing wrong with a page that stands behind the client’s guard', async () => {
    const { faults } = await faultsOf((client) => {
      const guard = koaGuard<Koa.Context, typeof fields>(client, {
        question: () => question,
        load: () => fields,
        obligations: { custom: () => 'done' },
      });
      return (ctx) =>
        guard(ctx, async () => {
          ctx.body = (ctx.state.wayleave as { record: object }).record;
        });
    });
    expect(faults).toEqual({});
  });

  it('names what a page does wrong that looks at the decision alone', async () => {
    const { faults, report } = await faultsOf((client) => async (ctx) => {
      const { decision } = await client.evaluate(question);
      ctx.body = decision ? `<p>${fields.name}</p><!-- ${JSON.stringify({ ...fields })} -->` : '<p>No.</p>';
    });
    expect(report.passed).toBe(false);
    expect(Object.keys(faults)).toEqual([
      'part of the fields',
      'the other part',
      'copies',
      'no, in words',
      'yes, to no field',
      'an answer whose time is over',
      'an answer by a clock two minutes behind yours',
      'one whose time is over, by a clock ahead of yours',
      'a duty that nobody knows',
      'a duty of type custom',
    ]);
    expect(faults['part of the fields']).toBe('withheld, and yet there: gp');
    expect(faults['the other part']).toBe('withheld, and yet there: name, address');
    expect(faults.copies).toBe('no Cache-Control header');
    expect(faults['yes, to no field']).toBe('there all the same: name, address, gp');
    expect(faults['a duty of type custom']).toBe('shown without a word of the duty, and not acknowledged');
  });

  it('names a page that shows everything when Wayleave fails, and one that keeps an old answer', async () => {
    const open = await faultsOf((client) => async (ctx) => {
      const { decision, failure } = await client.evaluate(question);
      ctx.set('Cache-Control', 'no-store');
      ctx.body = decision || failure !== undefined ? fields : {};
    });
    for (const name of [
      'Wayleave is down',
      'Wayleave answers 503',
      'Wayleave answers 401',
      'a page instead of an answer',
    ]) {
      expect(open.faults[name]).toBe('there all the same: name, address, gp');
    }
    expect(open.faults['an answer that comes too late']).toContain('there all the same');
    let kept: object | undefined;
    const once = await faultsOf((client) => async (ctx) => {
      kept ??= (await client.evaluate(question)).context.fields;
      ctx.body = kept;
    });
    expect(once.faults['an answer to be used once']).toBe('Wayleave was not asked');
    expect(once.faults.no).toBe('Wayleave was not asked');
  });

  it('names a page that times answers by its own clock', async () => {
    const { faults } = await faultsOf(() => async (ctx) => {
      const authorization = { authorization: `Bearer ${await tokenOf()}` };
      const reply = await fetch(`${point.url}/access/v1/evaluation`, {
        method: 'POST',
        headers: authorization,
        body: '{}',
      });
      const { decision, context } = (await reply.json()) as {
        decision: boolean;
        context: { fields: string[]; valid_until: number };
      };
      const given = decision && Date.now() / 1000 < context.valid_until ? context.fields : [];
      ctx.set('Cache-Control', 'no-store');
      ctx.body = Object.fromEntries(Object.entries(fields).filter(([name]) => given.includes(name)));
    });
    expect(faults).toMatchObject({
      'an answer by a clock two minutes behind yours': 'given, and not there: name, address (status 200)',
      'one whose time is over, by a clock ahead of yours': 'there all the same: name, address, gp',
    });
    expect(faults).not.toHaveProperty('an answer whose time is over');
  });

  it('names a token in an address, and values in headers and escapes', async () => {
    const { faults } = await faultsOf(() => async (ctx) => {
      const token = await tokenOf();
      if (ctx.query.token === undefined) return ctx.redirect(`/?token=${token}`);
      ctx.set('X-Debug', encodeURIComponent(fields.gp));
      ctx.body = '';
    });
    expect(faults.tokens).toBe('a token stands in an address');
    expect(faults.no).toBe('there all the same: gp');
    const page = (text: string) => ({
      pages: [{ url: '', status: 200, headers: '', text }],
      addresses: [],
      failed: undefined,
    });
    for (const text of [
      'O&#39;Neill &amp; Sons',
      '"O\\u0027Neill & Sons"',
      "O'Neill\n  & Sons",
      'O%27Neill+%26+Sons',
    ]) {
      expect(findValues(page(text), ["O'Neill & Sons"])).toHaveLength(1);
    }
  });

  it('proves nothing on a system that is not there', async () => {
    const server = createServer();
    const url = await listenLocally(server, '127.0.0.1');
    await stop(server);
    const report = await runKit(point, { record: { url, fields }, headers: {}, handles: [], slowMs });
    expect(report.lines.filter(({ name }) => name !== 'tokens').every(({ passed }) => !passed)).toBe(true);
    expect(lineOf(report, 'no')?.seen).toBe('it could not be opened (ECONNREFUSED)');
  });
});

describe('what the kit is told', () => {
  it.each([
    [['--cases', 'x.json'], 'Name the address'],
    [['http://127.0.0.1:1'], '--record and --cases'],
    [
      ['http://127.0.0.1:1', '--record', '/{record}', '--cases', '/nowhere.json'],
      '/nowhere.json cannot be read (ENOENT)',
    ],
    [['--what'], '--what'],
  ])('%j is refused in words', (args, words) => {
    expect(() => readOptions(args)).toThrow(words);
  });

  it.each([
    ['{', 'not JSON'],
    ['{}', 'needs a "record"'],
    ['{"record":"a","fields":{"name":"Maisie"}}', 'at least two fields'],
    ['{"record":"a","fields":{"name":"Maisie","gp":"None"}}', 'value of gp must have at least 5'],
    ['{"record":"a","fields":{"name":"Maisie","gp":"Maisie Robson"}}', 'value of name stands in another'],
  ])('a file of %s is refused in words', (text, words) => {
    expect(() => readRecord('http://127.0.0.1:1', '/{record}', text)).toThrow(words);
  });

  it('ends with 1, a table and a report where a system leaks', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'wayleave-kit-'));
    const url = await serve(new Koa().use((ctx) => void (ctx.body = ctx.get('cookie') === 'session=1' ? fields : {})));
    const [cases, headers, report] = ['cases.json', 'headers', 'report.json'].map((name) => path.join(folder, name));
    await writeFile(cases!, JSON.stringify({ record: 'GC-1001', fields }));
    await writeFile(headers!, 'Cookie: session=1\n');
    const main = path.resolve(import.meta.dirname, '../../../clients/partner-kit/main.ts');
    const args = [
      '--record',
      '/cases/{record}',
      '--cases',
      cases!,
      '--headers',
      headers!,
      '--slow',
      '0.1',
      '--port',
      '0',
    ];
    const ended = await promisify(execFile)(process.execPath, [main, url, ...args, '--report', report!]).catch(
      (error: { code: number; stdout: string }) => error,
    );
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringMatching(/FAIL {2}no .*there all the same: name/) });
    expect(JSON.parse(await readFile(report!, 'utf8'))).toMatchObject({ system: url, passed: false });
    await rm(folder, { recursive: true });
  });
});
