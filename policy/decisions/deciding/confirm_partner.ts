/** Step: the enforcement point that asks is still a partner, and may ask about records of these holding agencies. */
import type { Partner } from '../../../directory/partners/partner.ts';
import { PolicyError } from '../../errors.ts';
import type { PolicyContext } from './context.ts';
import type { DecisionRequest } from './decision.ts';

/**
 * The partner as it stands now. `partner-suspended` (403) when it may not ask any more, `not-your-records` (403) where it is
 * not registered for records of a holding agency.
 */
export async function confirmPartner(
  context: PolicyContext,
  clientId: string,
  requests: readonly DecisionRequest[],
): Promise<Partner> {
  const partner = await context.partners.get(clientId);
  if (partner === undefined || partner.status !== 'active' || !partner.scopes.includes('decisions')) {
    throw new PolicyError('forbidden', 'partner-suspended', 'This partner system may not ask for decisions now.');
  }
  for (const { resource } of requests) {
    if (partner.holds.includes(resource.agency)) continue;
    throw new PolicyError(
      'forbidden',
      'not-your-records',
      'This partner system is not registered to ask about records of that agency (resource.properties.agency).',
    );
  }
  return partner;
}
