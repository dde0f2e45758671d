import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../../platform/database/sql.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { canonicalText } from '../../../platform/json.ts';
import { change } from '../../../platform/log/change.ts';
import { leafHash } from '../../../platform/log/merkle.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { anEvent, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
beforeAll(async () => {
  t = await testLog();
});
afterAll(() => t.drop());

test('an event is recorded under its own id, at the next position', async () => {
  const id = uuidv7();
  const first = await t.log.append(anEvent({ id }));
  const second = await t.log.append(anEvent());
  expect(first).toMatchObject({ outcome: 'recorded', id });
  if (first.outcome !== 'recorded' || second.outcome !== 'recorded') throw new Error('not recorded');
  expect(second.position).toBe(first.position + 1);
  expect(second.time).toBeGreaterThanOrEqual(first.time);
});

test('the leaf is the canonical entry exactly as hashed, and names nobody', async () => {
  const event = anEvent({
    content: { text: 'quoted "word", back\\slash, \u20ac, \ud83d\ude00 </script>', n: 1e-7 },
    subject: 'p-2',
  });
  const appended = await t.log.append(event);
  if (appended.outcome !== 'recorded') throw new Error('not recorded');
  const [leaf] = await t.db.query<{ entry: string; hash: Buffer }>(
    sql`select entry, hash from log_leaf where position = ${appended.position}`,
  );
  expect(canonicalText(JSON.parse(leaf!.entry))).toBe(leaf!.entry);
  expect(leafHash(leaf!.entry)).toEqual(leaf!.hash);
  expect(leaf!.entry).not.toMatch(/(?<![\w-])p-[12](?![\w-])|post-1|E08000021|quoted/);
});

test('the same id is refused the second time, and its neighbours in the batch are not', async () => {
  const id = uuidv7();
  await t.log.append(anEvent({ id }));
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 20 }, () => t.log.append(anEvent())),
    t.log.append(anEvent({ id })),
    ...Array.from({ length: 20 }, () => t.log.append(anEvent())),
  ]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(40);
  expect(outcomes[20]).toMatchObject({ status: 'rejected', reason: { code: 'already-recorded', kind: 'conflict' } });
});

test('a record whose epoch has passed is stale, one whose time has run out is expired, and the others are recorded', async () => {
  const epoch = t.log.fence.epoch();
  const later = Date.now() / 1000 + 60;
  await change(t.log, {}, async (tx) => {
    tx.record(anEvent({ event: 'practitioner.suspended' }));
    tx.affects('practitioner', 'p-1');
  });
  const now = t.log.fence.epoch();
  expect(now).toBeGreaterThan(epoch);
  const outcomes = await Promise.all([
    t.log.append(anEvent(), { epoch, validUntil: later }),
    t.log.append(anEvent(), { epoch: now, validUntil: later }),
    t.log.append(anEvent(), { epoch: now, validUntil: Date.now() / 1000 - 1 }),
    t.log.append(anEvent()),
  ]);
  expect(outcomes).toMatchObject([
    { outcome: 'stale', epoch: now },
    { outcome: 'recorded' },
    { outcome: 'expired' },
    { outcome: 'recorded' },
  ]);
});

test('content is shown to the officers of the agencies it names, and to nobody else', async () => {
  const appended = await t.log.append(anEvent({ agencies: ['RTD', 'E23000007'] }));
  if (appended.outcome !== 'recorded') throw new Error('not recorded');
  const count = (scope: Parameters<typeof transaction>[1]) =>
    transaction(t.db, scope, (tx) => tx.query(sql`select 1 from log_content where position = ${appended.position}`));
  expect(await count({ agency: 'RTD' })).toHaveLength(1);
  expect(await count({ reading: 'audit' })).toHaveLength(1);
  expect(await count({ agency: 'E08000021' })).toHaveLength(0);
  expect(await count({})).toHaveLength(0);
});
