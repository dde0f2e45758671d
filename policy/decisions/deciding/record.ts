/** Step: the record of a decision, durable before anybody is told. */
import type { Partner } from '../../../directory/partners/partner.ts';
import type { Standing } from '../../../directory/people/standing.ts';
import type { JsonObject } from '../../../platform/json.ts';
import type { Appended, LogEvent } from '../../../platform/log/event.ts';
import type { Ruleset } from '../rules/compile.ts';
import type { Acting } from './choose_post.ts';
import type { Overridden } from './choose_override.ts';
import type { PolicyContext } from './context.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { toDocument } from './document.ts';
import { sealExplanation, sealExplanations } from './explanation.ts';
import type { SubjectFacts } from './gather_facts.ts';
import type { Matched } from './match_clauses.ts';
import type { Weighed } from './weigh_clauses.ts';

/** A decision with everything it was worked out from. */
export type Considered = {
  decision: Decision;
  request: DecisionRequest;
  partner: Partner;
  understands: readonly string[];
  acting: Acting | undefined;
  standing: Standing | undefined;
  matched: Matched;
  weighed: readonly Weighed[];
  /** The override that the decision rests on. */
  overridden: Overridden | undefined;
  facts: SubjectFacts;
  rules: Ruleset | undefined;
  /** Epoch seconds. */
  now: number;
};

/**
 * Appends the decision, under the fence: not recorded if anything was revoked since `epoch`, or once a fact has ended. The
 * content knows the data subject only by pseudonym, and never holds a token.
 */
export function recordDecision(context: PolicyContext, considered: Considered, epoch: number): Promise<Appended> {
  const { decision } = considered;
  const { caller, decided_at, register, standing } = circumstances(considered);
  // Here and below keys stand in the order of the canonical form: sorting them costs as much as writing them.
  const content = {
    answer: toDocument(decision),
    caller,
    decided_at,
    epoch,
    register,
    request: requestOf(context, considered),
    ...sealExplanation(context.masterKey, decision.id, considered),
    standing,
  };
  const event = { id: decision.id, event: 'decision', ...partiesTo(considered), content };
  return context.log.append(event, { epoch, validUntil: decision.validUntil });
}

/**
 * The same for decisions (and their `documents`) on one question about many records, whose ids are those of one entry. Each is a part of it, so that
 * it can be shown and proved without the others.
 */
export function recordTogether(
  context: PolicyContext,
  considered: readonly Considered[],
  documents: readonly string[],
  epoch: number,
): Promise<Appended> {
  const first = considered[0]!;
  const { id } = first.decision;
  const { caller, decided_at, register, standing } = circumstances(first);
  const permitted = considered.filter(({ decision }) => decision.decision).length;
  const withDuties = considered.filter(({ decision }) => decision.obligations.length > 0).length;
  const content = {
    answered: { permitted, refused: considered.length - permitted, with_obligations: withDuties },
    caller,
    decided_at,
    epoch,
    register,
    request: { ...questionOf(first), resource: kindOf(first) },
    ...sealExplanations(context.masterKey, id, considered),
    standing,
  };
  const parts = considered.map(
    (one, index) => `{"answer":${documents[index]},"resource":${JSON.stringify(recordOf(context, one))}}`,
  );
  const validUntil = Math.min(...considered.map(({ decision }) => decision.validUntil));
  return context.log.append({ id, event: 'decisions', ...partiesTo(first), content, parts }, { epoch, validUntil });
}

/** Who did it, whom it is about, and whose officers may read it. */
function partiesTo({
  request,
  partner,
  acting,
  standing,
}: Considered): Pick<LogEvent, 'actor' | 'agencies' | 'subject'> {
  return {
    actor: {
      ...(acting && { agency: acting.post.agency }),
      client: partner.clientId,
      ...(acting && { post: acting.post.id }),
      ...(standing && { practitioner: standing.practitioner }),
    },
    agencies: [...new Set([request.resource.agency, ...(acting === undefined ? [] : [acting.post.agency])])],
    ...(standing && { subject: standing.practitioner }),
  };
}

/** What is the same for all decisions of one request. */
function circumstances({ partner, understands, acting, rules, now }: Considered) {
  return {
    caller: { agency: partner.agency, client: partner.clientId, understands: [...understands] },
    decided_at: now,
    register: rules === undefined ? null : { hash: rules.head.hash, sequence: rules.head.sequence },
    standing: standingOf(acting),
  };
}

/** The record as the log names it: one that is named by the person's own number is named by the pseudonym too. */
export function recordName({ id, dataSubject }: DecisionRequest['resource'], pseudonym: string | undefined): string {
  return pseudonym !== undefined && id === dataSubject?.value ? pseudonym : id;
}

function requestOf(context: PolicyContext, considered: Considered): JsonObject {
  const { agency, fields, type } = kindOf(considered);
  const { data_subject, id } = recordOf(context, considered);
  const { action, override, purpose, subject } = questionOf(considered);
  return { action, override, purpose, resource: { agency, data_subject, fields, id, type }, subject };
}

function questionOf({ request: { subject, action, purpose, override } }: Considered) {
  return {
    action,
    // Never the reason: it stands sealed in the review.
    ...(override && { override: 'review' in override ? { review: override.review } : { ground: override.ground } }),
    purpose,
    subject: { id: subject.id, post: subject.post, type: subject.type },
  };
}

/** What kind of record it is, and what of it is asked for. */
function kindOf({ request: { resource } }: Considered) {
  return { agency: resource.agency, fields: resource.fields, type: resource.type };
}

/** Which record it is. */
function recordOf(context: PolicyContext, { request: { resource }, facts }: Considered) {
  const person = resource.dataSubject && (facts.subject ?? context.pseudonym(resource.dataSubject));
  return { data_subject: person, id: recordName(resource, person) };
}

function standingOf(acting: Acting | undefined): JsonObject | null {
  if (acting === undefined) return null;
  const { standing, post, presence } = acting;
  return {
    agency: post.agency,
    identity_level: standing.identity.level,
    post: post.id,
    presence: presence
      ? { authenticated_at: presence.authenticatedAt, level: presence.authenticationLevel, session: presence.session }
      : null,
    registrations: standing.registrations.map(({ body, evidence, lapsed }) => ({ body, evidence, lapsed })),
    role: post.role,
  };
}
