/** Resource search, `POST /access/v1/search/resource`: with which of the caller's records may this person do this. */
import type { JsonObject } from '../../../../platform/json.ts';
import { type Asker, requireRequest } from '../evaluate.ts';
import type { PolicyContext } from '../../deciding/context.ts';
import { lookThrough } from './look_through.ts';
import type { Candidate, ResourceSearch } from './request.ts';
import { search, type SearchAnswer } from './search.ts';

type ResourceResult = { type: string; id: string };

/** Answers one page of the candidates, in their order. Wayleave keeps no records: without candidates nothing is found. */
export function searchResources(
  context: PolicyContext,
  { page, ...asked }: ResourceSearch,
  asker: Asker,
): Promise<SearchAnswer<ResourceResult>> {
  const { candidates = [] } = asked.context ?? {};
  const requests = candidates.map((candidate, at) =>
    requireRequest({ ...asked, resource: resourceOf(asked, candidate) }, asker, `/context/candidates/${at}/properties`),
  );
  return search(context, {
    kind: 'resource',
    asker,
    body: asked as JsonObject,
    page,
    requests,
    look: (looking) =>
      lookThrough(context, requests, looking, ({ resource }) => ({ type: resource.type, id: resource.id })),
  });
}

function resourceOf({ resource }: ResourceSearch, { id, properties }: Candidate) {
  return { type: resource.type, id, properties: { ...resource.properties, ...properties } };
}
