/**
 * Searching, as a table of contents: who may do this, with what, and what. The rules and steps are those of decisions; what
 * is found opens nothing, and each record opened is evaluated. One record in the log a page, under the fence like a decision.
 */
import type { JsonObject } from '../../../platform/json.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import type { Partner } from '../../../directory/partners/partner.ts';
import type { Asker } from './evaluate.ts';
import { checkHolder, confirmPartner } from '../deciding/confirm_partner.ts';
import type { PolicyContext } from '../deciding/context.ts';
import type { DecisionRequest } from '../deciding/decision.ts';
import { pickRules } from '../deciding/pick_rules.ts';
import { settle } from '../deciding/settle.ts';
import type { Ruleset } from '../rules/compile.ts';
import { placeLabel, readPlace, rulesChanged, writePlace } from './place.ts';
import { type Kind, recordSearch } from './record_search.ts';
import type { Page } from './search_request.ts';

/** What one page looks at. `now`: epoch seconds. */
export type Looking = {
  id: string;
  now: number;
  partner: Partner;
  understands: readonly string[];
  rules: Ruleset;
  after: string | undefined;
  limit: number;
};

/** `next`: where the following page begins, undefined after the last. `until`: epoch seconds until which all of it holds. */
export type Found<Result> = { results: Result[]; looked: number; next: string | undefined; until: number };

export type Search<Result> = {
  kind: Kind;
  asker: Asker;
  /** The request without its page, to which the paging token is bound. */
  body: JsonObject;
  page: Page | undefined;
  /** What is asked about; each must be a record about which the caller may ask. */
  requests: readonly DecisionRequest[];
  look(looking: Looking): Promise<Found<Result>>;
};

export type SearchAnswer<Result> = {
  page: { next_token: string; count: number; total?: number };
  results: Result[];
};

/**
 * Answers one page. Throws `page-token-not-valid` (400), `not-your-records` and `partner-suspended` (403), and what `settle`
 * and the log throw (503). Where the register does not verify nothing is in force, and so nothing is found.
 */
export async function search<Result>(context: PolicyContext, asked: Search<Result>): Promise<SearchAnswer<Result>> {
  const { kind, asker, body, page, requests } = asked;
  const label = placeLabel(kind, asker.clientId, body);
  const place = readPlace(context, label, page);
  // Another replica may have answered the page before: this one is never answered from an earlier state.
  await context.log.fence.catchUp(place.epoch);
  return settle(context, async (epoch) => {
    const partner = await confirmPartner(context, asker.clientId);
    for (const request of requests) checkHolder(request, partner);
    const now = context.clock();
    const understands = asker.plain ? [] : partner.understands;
    const rules = await pickRules(context, now);
    if (place.register !== undefined && rules?.head.hash !== place.register) throw rulesChanged();
    const { after, limit } = place;
    const looking = { id: uuidv7(now), now, partner, understands, after, limit };
    const found = rules === undefined ? nothing : await asked.look({ ...looking, rules });
    const appended = await recordSearch(context, { ...asked, ...looking, rules, found, epoch });
    const next = found.next === undefined ? undefined : { after: found.next, limit, epoch, register: rules?.head.hash };
    return {
      value: toAnswer(found, after === undefined, next === undefined ? '' : writePlace(context, label, next)),
      appended,
    };
  });
}

const nothing: Found<never> = { results: [], looked: 0, next: undefined, until: Infinity };

function toAnswer<Result>({ results }: Found<Result>, first: boolean, nextToken: string): SearchAnswer<Result> {
  const count = results.length;
  const total = first && nextToken === '' ? { total: count } : {};
  return { page: { next_token: nextToken, count, ...total }, results };
}
