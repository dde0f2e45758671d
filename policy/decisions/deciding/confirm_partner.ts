/** Step: the enforcement point that asks is still a partner, and may ask about records of this holding agency. */
import type { Partner } from '../../../directory/partners/partner.ts';
import { PolicyError } from '../../errors.ts';
import type { PolicyContext } from './context.ts';
import type { DecisionRequest } from './decision.ts';

/** The partner as it stands now; `partner-suspended` (403) when it may not ask any more. */
export async function confirmPartner(context: PolicyContext, clientId: string): Promise<Partner> {
  const partner = await context.partners.get(clientId);
  if (partner === undefined || partner.status !== 'active' || !partner.scopes.includes('decisions')) {
    throw new PolicyError('forbidden', 'partner-suspended', 'This partner system may not ask for decisions now.');
  }
  return partner;
}

/** `not-your-records` (403) where the partner is not registered for records of the holding agency. */
export function checkHolder(request: DecisionRequest, partner: Partner): void {
  if (partner.holds.includes(request.resource.agency)) return;
  throw new PolicyError(
    'forbidden',
    'not-your-records',
    'This partner system is not registered to ask about records of that agency (resource.properties.agency).',
  );
}
