/** Action search, `POST /access/v1/search/action`: what this person may do with this record. */
import type { JsonObject } from '../../../../platform/json.ts';
import { type Asker, requireRequest } from '../evaluate.ts';
import type { PolicyContext } from '../../deciding/context.ts';
import { lookThrough } from './look_through.ts';
import type { ActionSearch } from './request.ts';
import { search, type SearchAnswer } from './search.ts';

type ActionResult = { name: string };

/** Answers one page of the actions that the type of record knows, in its order. */
export function searchActions(
  context: PolicyContext,
  { page, ...asked }: ActionSearch,
  asker: Asker,
): Promise<SearchAnswer<ActionResult>> {
  const request = requireRequest({ ...asked, action: { name: '' } }, asker);
  return search(context, {
    kind: 'action',
    asker,
    body: asked as JsonObject,
    page,
    requests: [request],
    look: (looking, rules) => {
      const actions = rules.asset(request.resource.type)?.actions ?? [];
      const requests = actions.map((action) => ({ ...request, action }));
      return lookThrough(context, requests, looking, ({ action }) => ({ name: action }));
    },
  });
}
