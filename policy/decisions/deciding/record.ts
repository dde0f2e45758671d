/** Step: the record of a decision, durable before anybody is told. */
import type { JsonObject } from '../../../platform/json.ts';
import type { Appended, LogEvent } from '../../../platform/log/event.ts';
import type { Asked } from './circumstances.ts';
import type { PolicyContext } from './context.ts';
import type { DecisionRequest } from './decision.ts';
import { toDocument } from './document.ts';
import { samePerson } from '../involvement/pseudonym.ts';
import { sealHidden } from './explanation.ts';
import type { Inquiry } from './inquiry.ts';
import type { Unrecorded } from './work_out.ts';

/**
 * Appends the decision, under the fence: not recorded if anything was revoked since `epoch`, or once a fact has ended. The
 * content knows the data subject not even by pseudonym, which is sealed beside it, and never holds a token.
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
    standing: standingOf(inquiry),
  };
  const hidden = sealed(context, decision.id, [worked]);
  const event = { id: decision.id, event: 'decision', ...partiesTo(inquiry), content, ...hidden };
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
    standing: standingOf(first),
  };
  const parts = worked.map(
    ({ inquiry }, index) => `{"answer":${documents[index]},"resource":${JSON.stringify(recordOf(inquiry))}}`,
  );
  const validUntil = Math.min(...worked.map(({ decision }) => decision.validUntil));
  const hidden = sealed(context, id, worked);
  const event = { id, event: 'decisions', ...partiesTo(first), content, parts, ...hidden };
  return context.log.append(event, { epoch, validUntil });
}

function sealed({ masterKey }: PolicyContext, entry: string, worked: readonly Unrecorded[]): Pick<LogEvent, 'sealed'> {
  const hidden = sealHidden(masterKey, entry, worked);
  return hidden === undefined ? {} : { sealed: hidden };
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

/** The record as the service itself names it: one that is named by the person's own number is named by the pseudonym too. */
export function recordName(resource: DecisionRequest['resource'], pseudonym: string | undefined): string {
  return pseudonym !== undefined && bearsNumber(resource) ? pseudonym : resource.id;
}

function bearsNumber({ id, dataSubject }: DecisionRequest['resource']): boolean {
  return dataSubject !== undefined && samePerson({ ...dataSubject, value: id }, dataSubject);
}

function requestOf(inquiry: Inquiry): JsonObject {
  const { agency, fields, type } = kindOf(inquiry);
  const { id } = recordOf(inquiry);
  const { action, override, purpose, subject } = questionOf(inquiry);
  return { action, override, purpose, resource: { agency, fields, id, type }, subject };
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

/** Which record it is; one that is named by the person's own number has no name that everybody could read. */
function recordOf({ request: { resource } }: Inquiry): { id?: string } {
  return bearsNumber(resource) ? {} : { id: resource.id };
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
