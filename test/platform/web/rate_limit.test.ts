import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type Koa from 'koa';
import { type Database, openDatabase } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { deleteExpiredLimits, openLimit } from '../../../platform/web/rate_limit.ts';
import { testDatabase, type TestDatabase } from '../../support/platform/database.ts';
import { send, serve, type Served } from '../../support/platform/web.ts';
import { sampleApp } from './sample.ts';

let database: TestDatabase;
let replica: Database;
const applications: Served[] = [];

beforeAll(async () => {
  database = await testDatabase();
  replica = openDatabase(database.url);
  for (const db of [database.db, replica]) {
    const limit = openLimit(db, { name: 'look', points: 3, seconds: 60 });
    const look = async (ctx: Koa.Context): Promise<void> => {
      await limit.consume(ctx.get('X-Who'));
      ctx.body = 'seen';
    };
    applications.push(await serve(sampleApp({}, (router) => router.get('/look', look))));
  }
});
afterAll(async () => {
  await Promise.all(applications.map((each) => each.close()));
  await replica.close();
  await database.drop();
});

const look = (who: string, which: number, headers: Record<string, string> = {}) =>
  send(`${applications[which]!.url}/look`, { headers: { 'X-Who': who, ...headers } });

describe('a limit', () => {
  test('counts over all replicas and then answers 429 with when to come back', async () => {
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await look('jo@agency.example', i % 2)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const page = await look('jo@agency.example', 0, { Accept: 'text/html' });
    expect(page.status).toBe(429);
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(50);
    expect(page.text).toMatch(/That was tried too often\. Wait (1 minute|\d+ seconds), then try again\./);
  });

  test('counts each key for itself, however strange', async () => {
    for (const who of ['other', 'x'.repeat(5000), "'; drop table rate_limit; --", ''])
      expect((await look(who, 0)).status).toBe(200);
  });

  test('keeps no names and addresses', async () => {
    const rows = await database.db.query<{ key: string }>(sql`select key from rate_limit`);
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.every(({ key }) => /^look:[\w-]{43}$/.test(key))).toBe(true);
  });

  test('lets exactly so many through when all come at once', async () => {
    const limit = openLimit(database.db, { name: 'burst', points: 5, seconds: 60 });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => limit.consume('k')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  test('is forgotten after success', async () => {
    const limit = openLimit(database.db, { name: 'sign-in', points: 1, seconds: 60 });
    await limit.consume('k');
    await expect(limit.consume('k')).rejects.toMatchObject({ code: 'too-many-requests', kind: 'too-many' });
    await limit.forget('k');
    await expect(limit.consume('k')).resolves.toBeUndefined();
  });

  test('goes on in this process while the database is away', async () => {
    const gone = openDatabase(database.url.replace(/:\d+\//, ':1/'));
    const limit = openLimit(gone, { name: 'away', points: 2, seconds: 60 });
    await limit.consume('k');
    await limit.consume('k');
    await expect(limit.consume('k')).rejects.toMatchObject({ code: 'too-many-requests' });
    await gone.close();
  });

  test('leaves nothing behind once its window ended', async () => {
    await deleteExpiredLimits(database.db, Date.now() / 1000 + 3600);
    expect(await database.db.query(sql`select key from rate_limit`)).toEqual([]);
  });
});
