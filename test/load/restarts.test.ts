/** The service outlives its database, however that ends, with jobs running; and no answer is without its record. */
import { expect, it } from '@jest/globals';
import { restartUnderLoad } from '../support/application/restarts.ts';

it('lives through a fast shutdown, an immediate one and kill -9 of PostgreSQL under load, and says so', async () => {
  const { restarts, ended, said } = await restartUnderLoad(3, () => undefined);
  expect(ended).toBeUndefined();
  expect(restarts.map(({ way }) => way)).toEqual(['fast', 'immediate', 'kill -9']);
  for (const { jobs, answers, unrecorded, back } of restarts) {
    expect(jobs).toBeGreaterThan(0);
    expect(answers).toBeGreaterThan(0);
    expect(unrecorded).toBe(0);
    expect(back).toBeLessThan(30_000);
  }
  expect(said).toContain('the database is away');
  expect(said).toContain('the database is back');
  process.stderr.write(`back after ${restarts.map(({ way, back }) => `${way} ${Math.round(back)} ms`).join(', ')}\n`);
});
