import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from '../../../platform/database/sql.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { change } from '../../../platform/log/change.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { byHand, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
const members: ChildProcess[] = [];

beforeAll(async () => {
  t = await testLog();
  await byHand(
    t,
    'create table suspended (person text primary key)',
    'grant select, insert, delete on suspended to wayleave_app',
  );
});
afterAll(async () => {
  for (const member of members) member.kill('SIGKILL');
  await t.drop();
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Takes the right of a person away, or gives it back. */
const suspend = (person: string, away: boolean): Promise<void> =>
  change(t.log, {}, async (tx) => {
    await tx.query(
      away
        ? sql`insert into suspended values (${person}) on conflict do nothing`
        : sql`delete from suspended where person = ${person}`,
    );
    tx.record({ event: away ? 'suspended' : 'restored', actor: {}, agencies: [], subject: person, content: {} });
    tx.affects('practitioner', person);
  });

it('while three processes decide, nobody is permitted after the change that took the right away', async () => {
  for (let count = 0; count < 3; count += 1) {
    const member = fork(path.join(import.meta.dirname, 'support/member.ts'), [t.url, 'decide']);
    members.push(member);
    await once(member, 'message');
  }
  for (let count = 0; count < 60; count += 1) {
    const person = `p-${count % 40}`;
    await suspend(person, true);
    await pause(20);
    if (count % 3 === 0) await suspend(person, false);
  }
  await pause(100);
  const ended = members.map((member) => once(member, 'exit'));
  for (const member of members) member.kill('SIGKILL');
  await Promise.all(ended);

  const entries = await transaction(t.db, { reading: 'audit' }, (tx) =>
    tx.query<{ event: string; subject: string; decision: string | null }>(sql`
      select event, subject, committed::json #>> '{content,answer,decision}' as decision
      from log_content where event in ('decision', 'suspended', 'restored') order by position`),
  );
  const suspended = new Set<string>();
  const counts = { permits: 0, refusals: 0, violations: 0 };
  for (const { event, subject, decision } of entries) {
    if (event === 'suspended') suspended.add(subject);
    else if (event === 'restored') suspended.delete(subject);
    else if (decision === 'false') counts.refusals += 1;
    else {
      counts.permits += 1;
      if (suspended.has(subject)) counts.violations += 1;
    }
  }
  expect(counts.violations).toBe(0);
  // Else the test would have shown nothing.
  expect(counts.permits).toBeGreaterThan(300);
  expect(counts.refusals).toBeGreaterThan(100);
  const check = await checkLog(t.db, await openKeyRing(t.db, testMasterKey).publicKeys('log'));
  expect(check.problems).toEqual([]);
});
