/** Step: the record of a decision, durable before anybody is told. */
import type { Partner } from '../../directory/partners/partner.ts';
import type { Standing } from '../../directory/standing/standing.ts';
import type { JsonObject } from '../../platform/json.ts';
import { seal } from '../../platform/keys/envelope.ts';
import type { Appended } from '../../platform/log/event.ts';
import type { CompiledClause } from '../rules/clause.ts';
import { isConditional } from '../rules/conditions.ts';
import type { Ruleset } from '../rules/compile.ts';
import type { Acting } from './choose_post.ts';
import type { Overridden } from './choose_override.ts';
import type { PolicyContext } from './context.ts';
import type { ClauseReference, Decision, DecisionRequest, ReasonCode } from './decision.ts';
import { toDocument } from './document.ts';
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
  const { decision, request, partner, acting, standing, rules, now } = considered;
  const agencies = new Set([request.resource.agency, ...(acting === undefined ? [] : [acting.post.agency])]);
  // Here and below keys stand in the order of the canonical form: sorting them costs as much as writing them.
  return context.log.append(
    {
      id: decision.id,
      event: 'decision',
      actor: {
        ...(acting && { agency: acting.post.agency }),
        client: partner.clientId,
        ...(acting && { post: acting.post.id }),
        ...(standing && { practitioner: standing.practitioner }),
      },
      agencies: [...agencies],
      ...(standing && { subject: standing.practitioner }),
      content: {
        answer: toDocument(decision),
        caller: { agency: partner.agency, client: partner.clientId, understands: [...considered.understands] },
        decided_at: now,
        epoch,
        register: rules === undefined ? null : { hash: rules.head.hash, sequence: rules.head.sequence },
        request: requestOf(context, considered),
        ...sealedExplanation(context, considered),
        standing: standingOf(acting),
      },
    },
    { epoch, validUntil: decision.validUntil },
  );
}

/** What `sealed` holds, as JSON. */
export type Explanation = {
  attributes: JsonObject;
  clauses: (ClauseReference & { unmet: ReasonCode[] })[];
  prohibitions: ClauseReference[];
};

/** What `sealed` in a decision's record is sealed as: an envelope moved to another decision stays shut. */
export function sealLabel(id: string): string {
  return `decision ${id}`;
}

/** The record as the log names it: one that is named by the person's own number is named by the pseudonym too. */
export function recordName({ id, dataSubject }: DecisionRequest['resource'], pseudonym: string | undefined): string {
  return pseudonym !== undefined && id === dataSubject?.value ? pseudonym : id;
}

function requestOf(context: PolicyContext, { request, facts }: Considered): JsonObject {
  const { subject, action, resource, purpose, override } = request;
  const person = resource.dataSubject && (facts.subject ?? context.pseudonym(resource.dataSubject));
  return {
    action,
    // Never the reason: it stands sealed in the review.
    ...(override && { override: 'review' in override ? { review: override.review } : { ground: override.ground } }),
    purpose,
    resource: {
      agency: resource.agency,
      data_subject: person,
      fields: resource.fields,
      id: recordName(resource, person),
      type: resource.type,
    },
    subject: { id: subject.id, post: subject.post, type: subject.type },
  };
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

/**
 * What the acting agency may not know, sealed for the holding agency's officers: the attributes that conditions tested, what
 * each clause lacked, which prohibition applied. It is there whenever there could be something to hide, so that its
 * presence tells nothing.
 */
function sealedExplanation(context: PolicyContext, { decision, request, matched, weighed }: Considered): JsonObject {
  const attributes = testedAttributes(request, matched);
  const asks = matched.mayProhibit || weighed.some(({ entry }) => asksAboutSubject(entry, request));
  if (!asks && Object.keys(attributes).length === 0) return {};
  const explanation: Explanation = {
    attributes,
    clauses: weighed.map(({ entry, unmet }) => ({ ...entry.reference, unmet: unmet.map(({ code }) => code) })),
    prohibitions: matched.prohibitions.map(({ reference }) => reference),
  };
  const bytes = Buffer.from(JSON.stringify(explanation), 'utf8');
  return { sealed: seal(context.masterKey, sealLabel(decision.id), bytes).toString('base64') };
}

// Only what conditions can test is kept; whatever else a caller sends along is none of our business.
function testedAttributes({ resource }: DecisionRequest, { asset }: Matched): JsonObject {
  const names = new Set(['area', ...(asset?.attributes ?? []).map(({ name }) => name)]);
  const known = [...names].filter((name) => Object.hasOwn(resource.attributes, name));
  return Object.fromEntries(known.map((name) => [name, resource.attributes[name]])) as JsonObject;
}

function asksAboutSubject({ clause }: CompiledClause, { purpose = '' }: DecisionRequest): boolean {
  if (clause.explain === 'facts' || !clause.purposes.includes(purpose)) return false;
  return isConditional(clause) || clause.consent.rule === 'required' || clause.involvement === 'required';
}
