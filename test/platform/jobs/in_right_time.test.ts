import { expect, test } from '@jest/globals';
import { PlatformError } from '../../../platform/errors.ts';
import { inRightTime } from '../../../platform/jobs/in_right_time.ts';
import type { Log } from '../../../platform/log/log.ts';

const doubt = new PlatformError('unavailable', 'clock-not-believed', 'The clock has jumped.');

/** A log whose clock is believed from that look at it on. */
function rightFrom(look: number, looked = () => {}) {
  let looks = 0;
  return {
    fence: {
      catchUp: async () => {
        looks += 1;
        looked();
      },
    },
    followed: { problem: () => (looks < look ? doubt : undefined) },
  } as unknown as Log;
}

test('a job begins where the clock is believed, and else waits until it is', async () => {
  const ran: string[] = [];
  const looks: number[] = [];
  const tasks = { forget: async (payload: unknown) => void ran.push(`${String(payload)} after ${looks.length}`) };
  for (const look of [1, 2]) {
    looks.length = 0;
    const { forget } = inRightTime(
      rightFrom(look, () => void looks.push(1)),
      tasks,
    );
    await forget!('old', { jobId: '1', attempt: 1, signal: new AbortController().signal });
  }
  expect(ran).toEqual(['old after 1', 'old after 2']);
});

test('a job that is told to stop meanwhile fails with why, and has done nothing', async () => {
  const stopping = new AbortController();
  const ran: string[] = [];
  const { forget } = inRightTime(
    rightFrom(Infinity, () => stopping.abort()),
    { forget: async () => void ran.push('ran') },
  );
  const running = forget!('old', { jobId: '1', attempt: 1, signal: stopping.signal });
  await expect(running).rejects.toBe(doubt);
  expect(ran).toEqual([]);
});
