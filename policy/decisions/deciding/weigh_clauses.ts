/** Step: what each clause about what is asked still asks for. */
import { consentFor } from '../consent/consent.ts';
import { involvementOf } from '../involvement/involvement.ts';
import type { Clause } from '../../register/protocols/document.ts';
import type { CompiledClause } from '../rules/clause.ts';
import type { Acting } from './choose_post.ts';
import type { ReasonCode } from './reasons.ts';
import type { Inquiry } from './inquiry.ts';

/**
 * `unmet`: what the clause asks for and is not there. `until`: epoch seconds at which the first fact ends that the clause
 * rests on; infinity where none does.
 */
export type Weighed = { entry: CompiledClause; unmet: readonly ReasonCode[]; until: number };

/** Weighs every clause about what is asked; the ones with nothing unmet give their fields. */
export function weighClauses(inquiry: Inquiry): Weighed[] {
  const { acting, matched } = inquiry;
  return acting === undefined ? [] : matched.about.map((entry) => weigh(entry, acting, inquiry));
}

function weigh(entry: CompiledClause, acting: Acting, inquiry: Inquiry): Weighed {
  const { clause } = entry;
  const { request, circumstances, matched } = inquiry;
  // Another purpose is no lack that could be made good: nothing else is looked at.
  if (!clause.purposes.includes(request.purpose ?? ''))
    return { entry, unmet: ['purpose-not-covered'], until: Infinity };
  const unmet: ReasonCode[] = [];
  let until = Infinity;
  const take = (found: Found): void => {
    if (typeof found === 'number') until = Math.min(until, found);
    else unmet.push(found);
  };
  take(presence(clause, acting));
  take(registration(clause, acting, circumstances.now));
  take(clause.identity_level > acting.standing.identity.level ? 'identity-level-too-low' : Infinity);
  take(obligations(clause, circumstances.understands));
  // Where the conditions do not hold, what else is missing is beside the point.
  if (!matched.applying.has(entry)) take('condition-not-met');
  else {
    take(consent(entry, inquiry));
    take(involvement(clause, acting, inquiry));
  }
  return { entry, unmet, until };
}

/** A need that is not met, or the moment until which what is met counts. */
type Found = ReasonCode | number;

function presence(clause: Clause, acting: Acting): Found {
  if (clause.presence !== 'required') return Infinity;
  if (acting.presence === undefined) return 'sign-in-needed';
  if (acting.presence.authenticationLevel < clause.authentication_level) return 'authentication-too-weak';
  return acting.presence.expiresAt;
}

function registration(clause: Clause, { standing }: Acting, now: number): Found {
  if (clause.registrations.length === 0) return Infinity;
  // "Looks right" is not "was checked": only a check that still counts satisfies a clause.
  const current = standing.registrations.filter(
    ({ body, evidence, lapsed, validUntil }) =>
      clause.registrations.includes(body) &&
      evidence === 'checked' &&
      !lapsed &&
      (validUntil === undefined || now < validUntil),
  );
  if (current.length === 0) return 'registration-lapsed';
  return Math.max(...current.map(({ validUntil }) => validUntil ?? Infinity));
}

function obligations(clause: Clause, understands: readonly string[]): Found {
  return clause.obligations.every(({ type }) => understands.includes(type)) ? Infinity : 'obligation-not-supported';
}

function consent({ clause, members, reference }: CompiledClause, { request, facts, circumstances }: Inquiry): Found {
  if (clause.consent.rule !== 'required') return Infinity;
  const scope = { protocol: reference.protocol, parties: members, clause, purpose: request.purpose ?? '' };
  const found = consentFor(scope, facts.consents, circumstances.now);
  if (found.state === 'given') return found.until ?? Infinity;
  return found.state === 'refused' ? 'consent-refused' : 'consent-needed';
}

function involvement(clause: Clause, { standing, post }: Acting, { facts, circumstances }: Inquiry): Found {
  if (clause.involvement !== 'required') return Infinity;
  const { practitioner } = standing;
  const found = involvementOf({ practitioner, post }, facts.involvements, circumstances.now);
  return found === undefined ? 'involvement-needed' : (found.until ?? Infinity);
}
