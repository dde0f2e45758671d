/**
 * What a partner system needs to work with Wayleave: asking for decisions, letting exactly what they give out of a record,
 * carrying out the duties that come with them. Whatever goes wrong is a refusal with a reason, never a permit.
 */
export { type Client, type ClientOptions, createClient } from './client.ts';
export { type FailureCode, WayleaveError } from './errors.ts';
export { type ExpressGuard, expressGuard } from './express_guard.ts';
export type { Guarded, GuardOptions, Refusal } from './guard.ts';
export { type KoaGuard, koaGuard } from './koa_guard.ts';
export type { Handler, Handlers, Outcome } from './obligations.ts';
export { show } from './show.ts';
export type {
  ActionQuestion,
  Answer,
  Clause,
  DutyDesk,
  Missing,
  Obligation,
  ObligationState,
  OverrideOffer,
  Question,
  ResourceQuestion,
  Semantic,
  SubjectQuestion,
  Withheld,
} from './types.ts';
