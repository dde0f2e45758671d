/** Step: the record of a decision, durable before anybody is told. */
import type { JsonObject } from '../../../platform/json.ts';
import type { Appended, LogEvent } from '../../../platform/log/event.ts';
import type { Asked } from './circumstances.ts';
import type { PolicyContext } from './context.ts';
import type { DecisionRequest } from './decision.ts';
import { toDocument } from './document.ts';
import { sealExplanation, sealExplanations } from './explanation.ts';
import type { Inquiry } from './inquiry.ts';
import type { Unrecorded } from './work_out.ts';

/**
 * Appends the decision, under the fence: not recorded if anything was revoked since `epoch`, or once a fact has ended. The
 * content knows the data subject only by pseudonym, and never holds a token.
 */
export function recordDecision(context: PolicyContext, worked: Unrecorded<Asked>, epoch: number): Promise<Appended> {
  const { decision, inquiry } = worked;
  const { caller, register } = askedUnder(inquiry.circumstances);
  // Here and below keys stand in the order of the canonical form: sorting them costs as much as writing them.
  const content = {
    answer: toDocument(decision),
    caller,
    decided_at: inquiry.circumstances.now,
    epoch,
    register,
    request: requestOf(inquiry),
    ...sealExplanation(context.masterKey, decision.id, worked),
    standing: standingOf(inquiry),
  };
  const event = { id: decision.id, event: 'decision', ...partiesTo(inquiry), content };
  return context.log.append(event, { epoch, validUntil: decision.validUntil });
}

/**
 * The same for decisions (and their `documents`) on one question about many records, whose ids are those of one entry. Each
 * is a part of it, so that it can be shown and proved without the others.
 */
export function recordTogether(
  context: PolicyContext,
  worked: readonly Unrecorded<Asked>[],
  documents: readonly string[],
  epoch: number,
): Promise<Appended> {
  const { inquiry: first } = worked[0]!;
  const { id } = first;
  const { caller, register } = askedUnder(first.circumstances);
  const permitted = worked.filter(({ decision }) => decision.decision).length;
  const withDuties = worked.filter(({ decision }) => decision.obligations.length > 0).length;
  const content = {
    answered: { permitted, refused: worked.length - permitted, with_obligations: withDuties },
    caller,
    decided_at: first.circumstances.now,
    epoch,
    register,
    request: { ...questionOf(first), resource: kindOf(first) },
    ...sealExplanations(context.masterKey, id, worked),
    standing: standingOf(first),
  };
  const parts = worked.map(
    ({ inquiry }, index) => `{"answer":${documents[index]},"resource":${JSON.stringify(recordOf(inquiry))}}`,
  );
  const validUntil = Math.min(...worked.map(({ decision }) => decision.validUntil));
  return context.log.append({ id, event: 'decisions', ...partiesTo(first), content, parts }, { epoch, validUntil });
}

/** Who did it, whom it is about, and whose officers may read it. */
function partiesTo(inquiry: Inquiry<Asked>): Pick<LogEvent, 'actor' | 'agencies' | 'subject'> {
  const { request, circumstances, acting } = inquiry;
  const { partner, standing } = circumstances;
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

/** Who asked, and the register under whose rules. */
export function askedUnder({ partner, understands, rules }: Pick<Asked, 'partner' | 'understands' | 'rules'>) {
  return {
    caller: { agency: partner.agency, client: partner.clientId, understands: [...understands] },
    register: rules === undefined ? null : { hash: rules.head.hash, sequence: rules.head.sequence },
  };
}

/** The record as the log names it: one that is named by the person's own number is named by the pseudonym too. */
export function recordName({ id, dataSubject }: DecisionRequest['resource'], pseudonym: string | undefined): string {
  return pseudonym !== undefined && id === dataSubject?.value ? pseudonym : id;
}

function requestOf(inquiry: Inquiry): JsonObject {
  const { agency, fields, type } = kindOf(inquiry);
  const { data_subject, id } = recordOf(inquiry);
  const { action, override, purpose, subject } = questionOf(inquiry);
  return { action, override, purpose, resource: { agency, data_subject, fields, id, type }, subject };
}

function questionOf({ request: { subject, action, purpose, override } }: Inquiry) {
  return {
    action,
    // Never the reason: it stands sealed in the review.
    ...(override && { override: 'review' in override ? { review: override.review } : { ground: override.ground } }),
    purpose,
    subject: { id: subject.id, post: subject.post, type: subject.type },
  };
}

/** What kind of record it is, and what of it is asked for. */
function kindOf({ request: { resource } }: Inquiry) {
  return { agency: resource.agency, fields: resource.fields, type: resource.type };
}

/** Which record it is. */
function recordOf({ request: { resource }, facts: { subject } }: Inquiry) {
  return { data_subject: subject, id: recordName(resource, subject) };
}

function standingOf({ acting }: Inquiry): JsonObject | null {
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
