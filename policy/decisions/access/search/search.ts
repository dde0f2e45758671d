/**
 * Searching, as a table of contents: who may do this, with what, and what. The rules and steps are those of decisions; what
 * is found opens nothing, and each record opened is evaluated. One record in the log a page, under the fence like a decision.
 */
import type { JsonObject } from '../../../../platform/json.ts';
import { uuidv7 } from '../../../../platform/uuid.ts';
import type { Asker } from '../evaluate.ts';
import { type Asked, understoodBy } from '../../deciding/circumstances.ts';
import { confirmPartner } from '../../deciding/confirm_partner.ts';
import type { PolicyContext } from '../../deciding/context.ts';
import type { DecisionRequest } from '../../deciding/decision.ts';
import { pickRules } from '../../deciding/pick_rules.ts';
import { settle } from '../../deciding/settle.ts';
import type { Ruleset } from '../../rules/compile.ts';
import { cursorLabel, readCursor, rulesChanged, writeCursor } from './cursor.ts';
import type { Found, Kind, Looking } from './looking.ts';
import { recordSearch } from './record.ts';
import type { Page } from './request.ts';

type Search<Result> = {
  kind: Kind;
  asker: Asker;
  /** The request without its page, to which the paging token is bound. */
  body: JsonObject;
  page: Page | undefined;
  /** What is asked about; each must be a record about which the caller may ask. */
  requests: readonly DecisionRequest[];
  look(looking: Looking<Asked>, rules: Ruleset): Promise<Found<Result>>;
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
  const label = cursorLabel(kind, asker.clientId, body);
  const cursor = readCursor(context, label, page);
  // Another replica may have answered the page before: this one is never answered from an earlier state.
  await context.log.fence.catchUp(cursor.epoch);
  return settle(context, async (epoch) => {
    const partner = await confirmPartner(context, asker.clientId, requests);
    const now = context.clock();
    const rules = await pickRules(context, now);
    if (cursor.register !== undefined && rules?.head.hash !== cursor.register) throw rulesChanged();
    const { after, limit } = cursor;
    const understands = understoodBy(partner, asker);
    const looking = { id: uuidv7(now), now, partner, understands, alone: false, rules, after, limit };
    const found = rules === undefined ? nothing : await asked.look(looking, rules);
    const appended = await recordSearch(context, asked, looking, found, epoch);
    const next = found.next === undefined ? undefined : { after: found.next, limit, epoch, register: rules?.head.hash };
    return {
      value: toAnswer(found, after === undefined, next === undefined ? '' : writeCursor(context, label, next)),
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
