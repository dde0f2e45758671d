import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Counter } from 'prom-client';
import { sql } from '../../../platform/database/sql.ts';
import { PlatformError } from '../../../platform/errors.ts';
import { scrub } from '../../../platform/telemetry/describe_error.ts';
import { loadConfig } from '../../../platform/config/config.ts';
import { createMetrics } from '../../../platform/telemetry/metrics.ts';
import { durabilityCheck, type ReadinessCheck } from '../../../platform/telemetry/readiness.ts';
import { telemetryOperations } from '../../../platform/telemetry/operations.ts';
import { testDatabase, type TestDatabase } from '../../support/platform/database.ts';
import { memoryLogger, send, serve, type Served, testApi, waitFor } from '../../support/platform/web.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.drop());

async function serveWith(
  checks: ReadinessCheck[],
  who: { open: boolean; token?: string } = { open: true },
): Promise<Served & { metrics: ReturnType<typeof createMetrics> }> {
  const metrics = createMetrics();
  const operations = telemetryOperations({ registry: metrics.registry, checks, metrics: who });
  return { ...(await serve(testApi(operations, { measure: metrics.measure }))), metrics };
}

describe('readiness', () => {
  test('is 200 while every check passes', async () => {
    const served = await serveWith([durabilityCheck(database.db)]);
    const answer = await send(`${served.url}/readyz`);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ status: 'ready', checks: [{ name: 'durability', ready: true }] });
    await served.close();
  });

  test('is 503 with the words of what is wrong, and never with the words of an unforeseen error', async () => {
    const served = await serveWith([
      { name: 'fine', check: async () => undefined },
      {
        name: 'register',
        check: () => Promise.reject(new PlatformError('unavailable', 'x', 'The register does not verify.')),
      },
      { name: 'strange', check: () => Promise.reject(new Error('password for postgres is hunter2')) },
      { name: 'stuck', check: () => new Promise(() => undefined) },
    ]);
    const [answer, again] = await Promise.all([send(`${served.url}/readyz`), send(`${served.url}/readyz`)]);
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({
      status: 'not ready',
      checks: [
        { name: 'fine', ready: true },
        { name: 'register', ready: false, problem: 'The register does not verify.' },
        { name: 'strange', ready: false, problem: 'The check failed.' },
        { name: 'stuck', ready: false, problem: 'No answer in time.' },
      ],
    });
    expect(again.status).toBe(503);
    expect((await send(`${served.url}/healthz`)).json()).toEqual({ status: 'alive' });
    await served.close();
  });

  test('is refused while PostgreSQL may lose a confirmed commit', async () => {
    // A session setting shows in pg_settings as the server's would.
    const client = await database.db.pool.connect();
    const query = async <Row extends object>({
      text,
      values,
    }: {
      text: string;
      values: readonly unknown[];
    }): Promise<Row[]> => (await client.query<Row>(text, [...values])).rows;
    await client.query('set synchronous_commit = off');
    await expect(durabilityCheck({ query }).check()).rejects.toMatchObject({
      code: 'not-durable',
      message: expect.stringContaining('synchronous_commit is off') as unknown,
    });
    await client.query('set synchronous_commit = remote_write');
    await expect(durabilityCheck({ query }).check()).rejects.toMatchObject({ code: 'not-durable' });
    await client.query('set synchronous_commit = on');
    await expect(durabilityCheck({ query }).check()).resolves.toBeUndefined();
    client.release(true);
  });
});

describe('metrics', () => {
  test('count requests by route pattern, show the pool, and take further counters', async () => {
    const served = await serveWith([]);
    served.metrics.watchPool('main', database.db.pool);
    const counter = new Counter({ name: 'wayleave_test_total', help: 'x', registers: [served.metrics.registry] });
    counter.inc(3);
    await database.db.query(sql`select 1`);
    await send(`${served.url}/people/jo.smith@gateshead.example?q=Thompson`);
    await send(`${served.url}/healthz`, { method: 'PROPFIND' });
    await send(`${served.url}/healthz`);
    let text = '';
    await waitFor(async () => /route="\/healthz"/.test((text = (await send(`${served.url}/metrics`)).text)));
    expect(text).toContain('wayleave_http_request_seconds_count{method="GET",route="/healthz",status="200"} 1');
    expect(text).toContain('wayleave_http_request_seconds_count{method="GET",route="unmatched",status="404"} 1');
    expect(text).toContain('method="OTHER"');
    expect(text).toContain('wayleave_test_total 3');
    expect(text).toMatch(/wayleave_database_connections\{pool="main",state="idle"\} 1/);
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    expect(text).not.toMatch(/jo\.smith|Thompson/);
    await served.close();
  });
});

describe('the log', () => {
  test('leaves out fields that name a person or open a door, wherever they are one level down', () => {
    const { logger, lines } = memoryLogger();
    logger.info(
      { email: 'jo@x.example', mail: { to: 'jo@x.example', subject: 's' }, token: 't0ken', form: { password: 'pa55' } },
      'a line',
    );
    logger.info({ req: { headers: { cookie: 'c00kie' } }, ctx: { url: '/?q=Jo' } }, 'another');
    expect(lines.join('')).not.toMatch(/jo@x|t0ken|pa55|c00kie|q=Jo/);
    expect(lines[0]).toContain('[left out]');
  });

  test('describes errors with their causes and frames, and takes data out of their words', () => {
    const { logger, lines } = memoryLogger();
    const cause = Object.assign(new Error('Key (email)=(jo@x.example) already exists'), {
      code: '23505',
      severity: 'ERROR',
      table: 'person',
    });
    logger.error({ err: new PlatformError('conflict', 'twice', 'It is there already.', { cause }) }, 'failed');
    const line = JSON.parse(lines[0]!) as { err: Record<string, unknown> & { cause: object } };
    expect(line.err).toMatchObject({ type: 'PlatformError', code: 'twice', message: 'It is there already.' });
    expect(line.err.stack).toContain('telemetry.test.ts');
    expect(line.err.cause).toMatchObject({ message: 'PostgreSQL error 23505', table: 'person' });
    expect(lines[0]).not.toContain('jo@x');
  });

  test.each([
    ['Mailbox <jo.smith@x.example> unknown', 'Mailbox <[e-mail]> unknown'],
    ['GET http://x/y?name=Jo&b=2 failed', 'GET http://x/y?[query] failed'],
    ['number 943 476 5919 is not valid', 'number [number] is not valid'],
    ['bad token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJqbyJ9.c2ln', 'bad token [token]'],
    ['took 12 ms at port 4000', 'took 12 ms at port 4000'],
  ])('scrubs %j', (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed);
  });
});

describe('who may read what is measured', () => {
  const token = 'a'.repeat(24);
  const statusOf = async (who: { open: boolean; token?: string }, authorization?: string): Promise<number> => {
    const served = await serveWith([], who);
    const headers = authorization === undefined ? {} : { authorization };
    const { status } = await send(`${served.url}/metrics`, { headers });
    await served.close();
    return status;
  };

  test('is anybody while the service is tried out, and nobody in production that set no token', async () => {
    expect(await statusOf({ open: true })).toBe(200);
    expect(await statusOf({ open: false })).toBe(403);
    expect(await statusOf({ open: false }, `Bearer ${token}`)).toBe(403);
  });

  test.each<[string | undefined, number]>([
    [`Bearer ${token}`, 200],
    [`bearer ${token}`, 200],
    [undefined, 401],
    ['', 401],
    ['Bearer ', 401],
    [token, 401],
    [`Basic ${token}`, 401],
    [`Bearer ${token}a`, 401],
    [`Bearer ${token} ${token}`, 401],
  ])('is whoever sends the token: %s is %d', async (authorization, status) => {
    expect(await statusOf({ open: false, token }, authorization)).toBe(status);
  });

  test('is closed by default in production, and open by default elsewhere', async () => {
    const production = {
      NODE_ENV: 'production',
      BASE_URL: 'https://wayleave.test',
      DATABASE_URL: 'postgres://o:p@db/w',
    };
    const rest = {
      KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      FEDERATION_NAME: 'wayleave.test',
      FEDERATION_ROOT_KEY: JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }),
      MAIL_FROM: 'wayleave@wayleave.test',
      MAIL_SMTP_URL: 'smtps://u:p@mail.test:465',
    };
    expect(loadConfig({ ...production, ...rest }).metrics).toEqual({ open: false });
    expect(loadConfig({ ...production, ...rest, METRICS_TOKEN: token }).metrics).toEqual({ open: false, token });
    expect(loadConfig({ NODE_ENV: 'test', KEY_ENCRYPTION_KEY: rest.KEY_ENCRYPTION_KEY }).metrics.open).toBe(true);
  });
});
