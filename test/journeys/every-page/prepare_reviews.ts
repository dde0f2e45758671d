/** Overrides and duties for the pages about them: an open review, an overdue one, closed ones, and duties past their time. */
import { gatherDuties } from '../../../policy/decisions/obligations/gather_duties.ts';
import { closeReview } from '../../../policy/decisions/overrides/close_review.ts';
import type { RunningApplication } from '../../support/application/application.ts';
import { asOwner, forgetLastCode, traveller } from '../../support/journeys/journey.ts';
import { askWith, stated, userToken } from '../../support/policy/override.ts';

export type Prepared = { open: string; closed: string; decision: string };

/** Uses overrides as Casebook would, and has the council's officer close some. */
export async function prepareReviews(service: RunningApplication): Promise<Prepared> {
  const token = await userToken(service, 'health-visitor');
  const answers = [];
  for (const record of ['GC-1002', 'GC-1003', 'GC-1004', 'GC-1006']) {
    answers.push((await askWith(service, 'health-visitor', token, stated, { record })).context);
  }
  const [overdue, closed, concern, open] = answers.map(({ override }) => override!.review);
  await askWith(service, 'health-visitor', token, { review: closed! }, { record: 'GC-1003' });
  const siro = traveller(service, 'siro');
  const reviewer = { practitioner: siro.id, post: siro.posts[0]!, agency: 'E08000037' };
  const desk = { ...service.ground, register: service.register };
  const note = 'She rang the duty desk as well. Next time ask for the address too.';
  await closeReview(desk, reviewer, closed!, { outcome: 'justified-with-learning', note });
  await closeReview(desk, reviewer, concern!, { outcome: 'concern-raised', note });
  await asOwner(
    service.database,
    `update override_review set opened_at = opened_at - interval '9 days' where id = $1`,
    [overdue],
  );
  const worker = await userToken(service, 'social-worker');
  for (const record of ['GC-1001', 'GC-1002'])
    await askWith(service, 'social-worker', worker, undefined, { record, fields: ['name'] });
  await gatherDuties(service.ground.db);
  await asOwner(service.database, `update duty set due_at = now() - interval '1 hour'`);
  // Both sign in again with their browsers.
  for (const key of ['health-visitor', 'social-worker']) await forgetLastCode(service, traveller(service, key));
  return { open: open!, closed: closed!, decision: answers[1]!.id };
}
