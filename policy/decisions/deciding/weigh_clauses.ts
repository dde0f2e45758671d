/** Step: what each clause about the topic still asks for. */
import { consentFor } from '../consent/consent.ts';
import { involvementOf } from '../involvement/involvement.ts';
import type { Clause } from '../../register/protocols/document.ts';
import type { CompiledClause } from '../rules/clause.ts';
import type { Acting } from './choose_post.ts';
import type { DecisionRequest, ReasonCode } from './decision.ts';
import type { SubjectFacts } from './gather_facts.ts';
import type { Matched } from './match_clauses.ts';

/** One thing that a clause asks for and that is not there. `aboutSubject`: saying so reveals a fact about the data subject. */
export type Need = { code: ReasonCode; aboutSubject: boolean };

/** `until`: epoch seconds at which the first fact ends that the clause rests on; infinity where none does. */
export type Weighed = { entry: CompiledClause; unmet: readonly Need[]; until: number };

type Situation = {
  request: DecisionRequest;
  acting: Acting;
  facts: SubjectFacts;
  understands: readonly string[];
  now: number;
};

/** Weighs every clause about the topic; the ones with nothing unmet give their fields. */
export function weighClauses({ about, applying }: Matched, situation: Situation): Weighed[] {
  return about.map((entry) => weigh(entry, applying.has(entry), situation));
}

function weigh(entry: CompiledClause, applies: boolean, situation: Situation): Weighed {
  const { clause } = entry;
  // Another purpose is no lack that could be made good: nothing else is looked at.
  if (!clause.purposes.includes(situation.request.purpose ?? '')) return { entry, unmet: [purpose], until: Infinity };
  const unmet: Need[] = [];
  let until = Infinity;
  const take = (found: Found): void => {
    if (typeof found === 'number') until = Math.min(until, found);
    else unmet.push({ code: found, aboutSubject: subjectNeeds.has(found) });
  };
  take(presence(clause, situation));
  take(registration(clause, situation));
  take(clause.identity_level > situation.acting.standing.identity.level ? 'identity-level-too-low' : Infinity);
  take(
    clause.obligations.every(({ type }) => situation.understands.includes(type))
      ? Infinity
      : 'obligation-not-supported',
  );
  // Where the conditions do not hold, the facts were not gathered: nothing can be said about them.
  if (!applies) take('condition-not-met');
  else {
    take(consent(entry, situation));
    take(involvement(clause, situation));
  }
  return { entry, unmet, until };
}

/** A need that is not met, or the moment until which what is met counts. */
type Found = ReasonCode | number;

const purpose: Need = { code: 'purpose-not-covered', aboutSubject: false };
const subjectNeeds = new Set<ReasonCode>([
  'condition-not-met',
  'consent-needed',
  'consent-refused',
  'involvement-needed',
]);

function presence(clause: Clause, { acting }: Situation): Found {
  if (clause.presence !== 'required') return Infinity;
  if (acting.presence === undefined) return 'sign-in-needed';
  if (acting.presence.authenticationLevel < clause.authentication_level) return 'authentication-too-weak';
  return acting.presence.expiresAt;
}

function registration(clause: Clause, { acting, now }: Situation): Found {
  if (clause.registrations.length === 0) return Infinity;
  // "Looks right" is not "was checked": only a check that still counts satisfies a clause.
  const current = acting.standing.registrations.filter(
    ({ body, evidence, lapsed, validUntil }) =>
      clause.registrations.includes(body) &&
      evidence === 'checked' &&
      !lapsed &&
      (validUntil === undefined || now < validUntil),
  );
  if (current.length === 0) return 'registration-lapsed';
  return Math.max(...current.map(({ validUntil }) => validUntil ?? Infinity));
}

function consent({ clause, members, reference }: CompiledClause, { request, facts, now }: Situation): Found {
  if (clause.consent.rule !== 'required') return Infinity;
  const scope = { protocol: reference.protocol, parties: members, clause, purpose: request.purpose ?? '' };
  const found = consentFor(scope, facts.consents, now);
  if (found.state === 'given') return found.until ?? Infinity;
  return found.state === 'refused' ? 'consent-refused' : 'consent-needed';
}

function involvement(clause: Clause, { acting, facts, now }: Situation): Found {
  if (clause.involvement !== 'required') return Infinity;
  const found = involvementOf(
    { practitioner: acting.standing.practitioner, post: acting.post },
    facts.involvements,
    now,
  );
  return found === undefined ? 'involvement-needed' : (found.until ?? Infinity);
}
