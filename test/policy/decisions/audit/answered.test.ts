import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { LogEvent } from '../../../../platform/log/event.ts';
import { type LogFilters, listEntries } from '../../../../platform/log/read.ts';
import { answered } from '../../../../policy/decisions/audit/recorded.ts';
import { anEvent, recorded, testLog } from '../../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;

const events: Partial<LogEvent>[] = [
  { event: 'decision', content: { answer: { decision: true } } },
  { event: 'decision', content: { answer: { decision: false } } },
  { event: 'directory.search' },
  ...[
    { permitted: 2, refused: 0 },
    { permitted: 0, refused: 3 },
    { permitted: 10, refused: 1 },
  ].map((counts) => ({
    event: 'decisions',
    content: { answered: counts },
    parts: [JSON.stringify({ resource: { id: 'one' } })],
  })),
];

beforeAll(async () => {
  t = await testLog();
  for (const event of events) recorded(await t.log.append(anEvent(event)));
});
afterAll(() => t.drop());

it.each<[string, LogFilters, number[]]>([
  ['permits, of several decisions at least one', { matching: answered(true) }, [6, 4, 1]],
  ['refusals, of several decisions at least one', { matching: answered(false) }, [6, 5, 2]],
  ['permits alone', { event: 'decision', matching: answered(true) }, [1]],
])('a page of the log is narrowed to %s', async (_, filters, expected) => {
  const { entries } = await listEntries(t.db, { reading: 'audit' }, filters);
  expect(entries.map(({ position }) => position)).toEqual(expected);
});
