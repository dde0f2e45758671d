/** Search requests of OpenID's Authorization API 1.0. The entity that is searched for has a type and no id; one that is sent is ignored. */
import { z } from 'zod';
import { Action, Context, Resource, Subject, word } from '../request.ts';

/** Most results on a page, and how many where the caller names no limit. */
export const largestPage = 100;
/** Most records among which one search may look. */
export const mostCandidates = 1_000;

const Page = z.object({
  token: z.string().max(4_096).optional().describe('`next_token` of the page before; all else as in that request'),
  limit: z.int().min(0).optional().describe(`Most results; no page holds more than ${largestPage}`),
});
export type Page = z.infer<typeof Page>;

// Nothing is ever found by an override, so it is not even read.
const SearchContext = Context.omit({ override: true });

/** A record that the caller holds: Wayleave keeps none, so it can only say which of these may be seen. */
const Candidate = z.object({ id: word, properties: Resource.shape.properties });
export type Candidate = z.infer<typeof Candidate>;

/** Who may do this with this record? */
export const SubjectSearch = z.object({
  subject: z.object({ type: word }),
  action: Action,
  resource: Resource,
  context: SearchContext.optional(),
  page: Page.optional(),
});
export type SubjectSearch = z.infer<typeof SubjectSearch>;

/** With which of these records may this person do this? */
export const ResourceSearch = z.object({
  subject: Subject,
  action: Action,
  resource: Resource.omit({ id: true }).describe(
    'Its properties count for every candidate that does not say otherwise',
  ),
  context: SearchContext.extend({ candidates: z.array(Candidate).max(mostCandidates).optional() }).optional(),
  page: Page.optional(),
});
export type ResourceSearch = z.infer<typeof ResourceSearch>;

/** What may this person do with this record? */
export const ActionSearch = z.object({
  subject: Subject,
  resource: Resource,
  context: SearchContext.optional(),
  page: Page.optional(),
});
export type ActionSearch = z.infer<typeof ActionSearch>;

const pageAnswer = z.object({
  next_token: z.string().describe('Empty on the last page'),
  count: z.int(),
  total: z.int().optional().describe('Where one page holds everything'),
});

/** The answer's shape, for the OpenAPI document. */
export const SearchResponse = z.object({
  page: pageAnswer,
  results: z.array(z.union([z.object({ type: z.string(), id: z.string() }), z.object({ name: z.string() })])),
});
