import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from '../../../platform/database/sql.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { proveInclusion } from '../../../platform/log/prove.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../../support/platform/database.ts';
import { anEvent, openTestLog } from '../../support/platform/log.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** Starts a process that answers, and kills it the hard way once it has given `count` answers. Returns the answers. */
async function killAfter(count: number): Promise<string[]> {
  const answers: string[] = [];
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'support/member.ts'), [database.url, 'answer']);
  child.on('message', (message) => {
    if (message !== 'ready') answers.push(message as string);
    if (answers.length === count) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  return answers;
}

it('after kill -9 under load, every answer that was given is in the log, and the proofs hold', async () => {
  const answers: string[] = [];
  for (const count of [700, 900, 1_000]) answers.push(...(await killAfter(count)));
  expect(answers.length).toBeGreaterThanOrEqual(2_600);

  const rows = await database.db.query<{ id: string; position: number }>(sql`select id, position from log_leaf`);
  const present = new Set(rows.map(({ id, position }) => `${id} ${position}`));
  expect(answers.filter((answer) => !present.has(answer))).toEqual([]);

  const log = await openTestLog(database);
  expect(await log.append(anEvent())).toMatchObject({ outcome: 'recorded', position: rows.length });
  await log.close();
  const check = await checkLog(database.db, await openKeyRing(database.db, testMasterKey).publicKeys('log'));
  expect(check).toMatchObject({ problems: [], entries: rows.length + 1 });
  for (const answer of answers.filter((_, index) => index % 100 === 0)) {
    expect(await proveInclusion(database.db, answer.split(' ')[0]!)).toBeDefined();
  }
});
