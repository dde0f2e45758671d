/** Step: the review of an override, durable before the decision that rests on it is recorded. */
import type { PolicyContext } from './context.ts';
import type { Asked } from './circumstances.ts';
import { recordName } from './record.ts';
import type { Unrecorded } from './work_out.ts';

/**
 * Opens the review and tells the holding agency's officer, in one transaction; undefined for a decision without a newly
 * stated override. Returns the id of the review that the question goes on under, decided again: one act never opens two, so
 * it may be another than was worked out. A decision that is then not recorded leaves a review that shows as not answered.
 */
export async function openReview(context: PolicyContext, unrecorded: Unrecorded<Asked>): Promise<string | undefined> {
  const { decision, inquiry, overridden } = unrecorded;
  const { request, circumstances, acting, facts } = inquiry;
  const { override, resource } = request;
  if (override === undefined || 'review' in override) return undefined;
  if (overridden === undefined || acting === undefined || facts.subject === undefined) return undefined;
  const { review, weighed, added, until } = overridden;
  return context.reviews.open({
    id: review,
    agency: resource.agency,
    decision: decision.id,
    practitioner: acting.standing.practitioner,
    post: acting.post.id,
    acting: acting.post.agency,
    role: acting.post.role,
    client: circumstances.partner.clientId,
    subject: facts.subject,
    clause: weighed.entry.reference,
    ground: override.ground,
    reason: override.reason,
    action: request.action,
    asset: resource.type,
    resource: recordName(resource, facts.subject),
    purpose: request.purpose ?? '',
    fields: added,
    openedAt: circumstances.now,
    until,
  });
}
