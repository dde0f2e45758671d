/** Why a decision came out as it did, what would be decided, and what came of overrides and duties. */
import { closeReview, showReview } from './close-review/close_review.ts';
import { explainDecision } from './explain-decision/explain_decision.ts';
import { listDuties } from './list-duties/list_duties.ts';
import { myOverrides } from './my-overrides/my_overrides.ts';
import { overrideStatistics } from './override-statistics/override_statistics.ts';
import { requireReviewer } from './review-overrides/require_reviewer.ts';
import { reviewOverrides } from './review-overrides/review_overrides.ts';
import { startTrial, tryDecision } from './try-decision/try_decision.ts';
import { whoCanSee } from './who-can-see/who_can_see.ts';
import { requireWatcher } from '../session/require_person.ts';
import type { WebContext } from '../context.ts';
import type { RouteSteps } from '../kit/route_steps.ts';

export function addDecisionPages(context: WebContext, { get, post, person, form }: RouteSteps): void {
  get('/decisions/:id', person, explainDecision(context));
  get('/try-a-decision', person, requireWatcher, form, startTrial(context));
  post('/try-a-decision', person, requireWatcher, form, tryDecision(context));
  get('/who-can-see', person, requireWatcher, whoCanSee(context));
  get('/my-overrides', person, myOverrides(context));
  get('/reviews', person, requireReviewer, reviewOverrides(context));
  get('/reviews/statistics', person, requireReviewer, overrideStatistics(context));
  get('/reviews/:id', person, requireReviewer, form, showReview(context));
  post('/reviews/:id', person, requireReviewer, form, closeReview(context));
  get('/duties', person, requireWatcher, listDuties(context));
}
