/** Step: the one clause that an override opens, and what of it; or why none can be used. */
import type { Review } from '../overrides/review.ts';
import type { Acting } from './choose_post.ts';
import { type Composed, composeFields } from './compose_fields.ts';
import type { OverrideRequest } from './decision.ts';
import type { Inquiry } from './inquiry.ts';
import type { Presence } from './presence.ts';
import { reasons } from './reasons.ts';
import type { Weighed } from './weigh_clauses.ts';
import type { OverrideLack } from './wording.ts';

/** A clause opened: `weighed` as it stood, the fields `added` to what is given anyway; `until` in epoch seconds. */
export type Overridden = { weighed: Weighed; review: string; until: number; composed: Composed; added: string[] };

/** The review that the request names, as far as it is this person's, for this person concerned, and not over. */
export type Resumed = Pick<Review, 'id' | 'clause' | 'until'> | undefined;

/** What an override is chosen from. `plainly`: what is given without one. `review`: id for a review that would be opened. */
type Choice = {
  inquiry: Inquiry & { acting: Acting };
  weighed: readonly Weighed[];
  plainly: Composed;
  resumed: Resumed;
  review: string;
};

/** Within which somebody must have signed in who states a ground and a reason. */
const freshnessSeconds = 60;

/**
 * Lifts consent and involvement, and nothing else, of the one clause that adds most to what is given anyway; of those that add
 * as much, the one that sets least aside. Prohibitions stand, as does every other need of the clause; of its fields only
 * those open that its override names.
 */
export function chooseOverride(override: OverrideRequest, choice: Choice): Overridden | OverrideLack {
  const { withheld, given } = choice.plainly;
  if (withheld.length === 0) return given.length > 0 ? 'not-needed' : 'no-clause';
  const offers = choice.weighed.filter((weighed) => offersMore(weighed, choice));
  if (offers.length === 0) return 'no-clause';
  const tried = offers.map((weighed) => open(override, weighed, choice));
  const opened = tried.filter((one) => typeof one !== 'string');
  const lacks = tried.filter((one) => typeof one === 'string');
  if (opened.length === 0) return lacks[0]!;
  return opened.toSorted(byWorth)[0]!;
}

function byWorth(one: Overridden, other: Overridden): number {
  return (
    other.added.length - one.added.length ||
    one.weighed.unmet.length - other.weighed.unmet.length ||
    // So that one question is always answered from the same clause.
    (nameOf(one) < nameOf(other) ? -1 : 1)
  );
}

function nameOf({ weighed }: Overridden): string {
  const { hash, clause } = weighed.entry.reference;
  return `${hash} ${clause}`;
}

/** True for a clause that was opened. */
export function isOpened(found: Overridden | OverrideLack | undefined): found is Overridden {
  return typeof found === 'object';
}

/** A clause whose override is for the acting role, and would give a field that is withheld without it. */
function offersMore({ entry, unmet }: Weighed, { inquiry, plainly }: Choice): boolean {
  const { override, purposes } = entry.clause;
  if (override === undefined || unmet.length === 0 || !purposes.includes(inquiry.request.purpose ?? '')) return false;
  const { role } = inquiry.acting.post;
  return override.roles.includes(role) && override.fields.some((field) => plainly.withheld.includes(field));
}

// What the request itself lacks is told first: nobody learns what a clause lacks from an override that could not be used.
function open(override: OverrideRequest, weighed: Weighed, choice: Choice): Overridden | OverrideLack {
  const { inquiry, plainly } = choice;
  const { request, acting } = inquiry;
  const { clause } = weighed.entry;
  if (request.resource.dataSubject === undefined) return 'data-subject';
  if (acting.presence === undefined) return 'signed-in';
  const term = 'review' in override ? resume(weighed, choice) : begin(override, weighed, acting.presence, choice);
  if (typeof term === 'string') return term;
  const lifts = weighed.unmet.every((code) => reasons[code].liftable);
  if (!lifts || acting.presence.authenticationLevel < clause.authentication_level) return 'something-else';
  const fields = new Set(clause.override?.fields.filter((field) => weighed.entry.fields.has(field)));
  const until = Math.min(weighed.until, term.until);
  const lifted: Weighed = { entry: { ...weighed.entry, fields }, unmet: [], until };
  const everything = choice.weighed.map((one) => (one === weighed ? lifted : one));
  const more = composeFields(inquiry, everything);
  const added = more.given.filter((field) => !plainly.given.includes(field));
  return added.length === 0 ? 'something-else' : { weighed, ...term, composed: more, added };
}

type Term = { review: string; until: number };

function begin(
  { ground }: Exclude<OverrideRequest, { review: string }>,
  { entry: { clause } }: Weighed,
  presence: Presence,
  { review, inquiry: { circumstances } }: Choice,
): Term | OverrideLack {
  const { grounds, minutes } = clause.override!;
  if (!grounds.includes(ground)) return 'ground';
  const { now } = circumstances;
  if (now - presence.authenticatedAt >= freshnessSeconds) return 'sign-in-again';
  return { review, until: Math.floor(now + minutes * 60) };
}

function resume({ entry: { reference } }: Weighed, { resumed, inquiry }: Choice): Term | OverrideLack {
  const { clause: id, hash } = reference;
  if (resumed === undefined || resumed.clause.clause !== id || resumed.clause.hash !== hash) return 'review-ended';
  return inquiry.circumstances.now < resumed.until ? { review: resumed.id, until: resumed.until } : 'review-ended';
}
