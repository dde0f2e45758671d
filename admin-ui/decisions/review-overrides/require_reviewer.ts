/** The guard of the pages about reviews. */
import type Koa from 'koa';
import { WebApplicationError } from '../../errors.ts';
import { personOf } from '../../session/require_person.ts';

/** Lets through officers of the acting agency; administering it is not enough. */
export const requireReviewer: Koa.Middleware = async (ctx, next) => {
  if (personOf(ctx).capacities.length === 0) {
    throw new WebApplicationError(
      'forbidden',
      'reviewers-only',
      'Overrides are reviewed by officers of the agency that holds the record. If you used one yourself, it stands on the page “Your overrides”.',
    );
  }
  await next();
};
