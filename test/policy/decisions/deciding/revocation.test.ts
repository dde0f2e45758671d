/** Revoked means revoked, on every process; and no answer without its record, whatever dies. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { suspendPractitioner } from '../../../../directory/people/suspend_practitioner.ts';
import { sql } from '../../../../platform/database/sql.ts';
import { read } from '../../../../platform/database/transaction.ts';
import { openKeyRing } from '../../../../platform/keys/ring.ts';
import { checkLog } from '../../../../platform/log/check.ts';
import type { Log } from '../../../../platform/log/log.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../../../support/platform/database.ts';
import { anEvaluation, loadRegion } from '../../../support/policy/decision_server.ts';
import { type DecisionProcess, startDecisionProcess } from '../../../support/policy/decision_process.ts';
import { openTestLog } from '../../../support/platform/log.ts';
import { waitFor } from '../../../support/platform/web.ts';
import { hospitals } from '../../../support/directory/directory.ts';

let database: TestDatabase;
let log: Log;
let people: string[];
const processes: DecisionProcess[] = [];

beforeAll(async () => {
  database = await testDatabase();
  log = await openTestLog(database);
  ({ people } = await loadRegion(log, 60));
});

afterAll(async () => {
  await Promise.all(processes.map((one) => one.kill()));
  await log.close();
  await database.drop();
});

async function start(): Promise<DecisionProcess> {
  const started = await startDecisionProcess(database.url);
  processes.push(started);
  return started;
}

const checked = async () => checkLog(database.db, await openKeyRing(database.db, testMasterKey).publicKeys('log'));

describe('two processes that answer while people are suspended', () => {
  test('permit nothing that was asked after the suspension returned', async () => {
    const both = await Promise.all([start(), start()]);
    const suspendedAt = new Map<string, number>();
    const answers: { person: string; sent: number; decision: boolean; reason: string }[] = [];
    let going = true;
    const ask = async (server: DecisionProcess, offset: number): Promise<void> => {
      for (let turn = offset; going; turn += 1) {
        const person = people[turn % people.length]!;
        const sent = performance.now();
        const answer = await server.ask(anEvaluation(person));
        if (answer) answers.push({ person, sent, decision: answer.decision, reason: answer.context.reason.code });
      }
    };
    const asking = both.flatMap((server, index) =>
      Array.from({ length: 8 }, (_, lane) => ask(server, lane * 7 + index * 3)),
    );
    const permits = () => answers.filter(({ decision }) => decision).length;
    // Nor does it say anything unless there were permits before.
    await waitFor(() => permits() > 100);
    for (const practitioner of people) {
      await suspendPractitioner(log, { agency: hospitals, service: 'tests' }, { practitioner, reason: 'a test' });
      suspendedAt.set(practitioner, performance.now());
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    const askedLate = () => answers.filter(({ person, sent }) => sent > suspendedAt.get(person)!);
    // The test says something only once everybody was asked about afterwards.
    await waitFor(() => new Set(askedLate().map(({ person }) => person)).size === people.length);
    going = false;
    await Promise.all(asking);
    const late = askedLate();
    expect(late.filter(({ decision }) => decision)).toEqual([]);
    expect(new Set(late.map(({ reason }) => reason))).toEqual(new Set(['suspended']));
  });

  test('leave a log in which no permit stands after the suspension of the person', async () => {
    const late = await read(database.db, { reading: 'audit' }, (tx) =>
      tx.query(sql`
        select permit.position from log_content permit
        join log_content suspension on suspension.event = 'practitioner.suspended' and suspension.subject = permit.subject
        where permit.event = 'decision' and permit.committed::jsonb #>> '{content,answer,decision}' = 'true'
          and permit.position > suspension.position`),
    );
    expect(late).toEqual([]);
    expect((await checked()).problems).toEqual([]);
  });
});

describe('a process that is killed under load', () => {
  test('leaves every decision that it answered in the log, and a log that holds', async () => {
    const person = people[0]!;
    const victim = await start();
    const answered: string[] = [];
    let going = true;
    const ask = async (): Promise<void> => {
      while (going) {
        const answer = await victim.ask(anEvaluation(person));
        if (answer) answered.push(answer.context.id);
      }
    };
    const asking = Array.from({ length: 48 }, ask);
    await waitFor(() => answered.length >= 2_000);
    await victim.kill();
    going = false;
    await Promise.all(asking);
    expect(answered.length).toBeGreaterThanOrEqual(2_000);
    const found = await database.db.query<{ count: number }>({
      text: 'select count(*)::int as count from log_leaf where id = any ($1::uuid[])',
      values: [answered],
    });
    expect(found[0]!.count).toBe(answered.length);
    const successor = await start();
    expect(await successor.ask(anEvaluation(person))).toMatchObject({
      decision: false,
      context: { reason: { code: 'suspended' } },
    });
    expect(await checked()).toMatchObject({ problems: [], checkpoint: expect.anything() });
  });
});
