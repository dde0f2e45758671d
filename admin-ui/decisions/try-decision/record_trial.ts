/** Writing down that an officer tried a decision out. What cannot be recorded is not shown. */
import { PlatformError } from '../../../platform/errors.ts';
import type { Decision, DecisionRequest } from '../../../policy/decisions/deciding/decision.ts';
import type { Trying } from '../../../policy/decisions/deciding/trace.ts';
import type { WebContext } from '../../context.ts';
import type { Person } from '../../session/person.ts';

export async function recordTrial(
  { ground, policy }: WebContext,
  { actor }: Person,
  { subject, action, resource, purpose }: DecisionRequest,
  { understands, presume }: Trying,
  { decision, reason }: Pick<Decision, 'decision' | 'reason'>,
): Promise<void> {
  const about = resource.dataSubject && policy.pseudonym(resource.dataSubject);
  const { outcome } = await ground.log.append({
    event: 'decision.tried',
    actor,
    agencies: [...new Set([actor.agency, resource.agency])],
    subject: subject.id,
    content: {
      request: {
        subject: { type: subject.type, id: subject.id, post: subject.post },
        action,
        resource: { type: resource.type, agency: resource.agency, data_subject: about },
        purpose,
      },
      signed_in: presume === undefined ? 'no' : `level ${presume.level}`,
      understands: [...understands],
      would_be: { decision, reason: reason.code },
    },
  });
  if (outcome === 'recorded') return;
  throw new PlatformError(
    'unavailable',
    'trial-not-recorded',
    'Trying this decision could not be recorded, so nothing is shown. Try again in a moment.',
  );
}
