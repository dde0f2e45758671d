/** What an agency that joins again said when it joined before, so that nobody types it a second time. */
import type { RegisteredProtocol } from '../../../policy/register/chain/state.ts';

/** Values with which the form opens, by field; none for an agency that joins for the first time. */
export function givenBefore({ acceded }: RegisteredProtocol, agency: string): Record<string, string | string[]> {
  const party = acceded.find((one) => one.agency === agency)?.party;
  if (party === undefined) return {};
  const { senior_officer: senior, dpo, lawful_basis: basis } = party;
  const signatory = { 'caldicott-guardian': party.caldicott_guardian, siro: party.siro, dpo, director: undefined };
  return {
    senior_name: senior.name,
    senior_email: senior.email,
    dpo_name: dpo.name,
    dpo_email: dpo.email,
    signatory_name: signatory[party.signs_as]?.name ?? '',
    signatory_email: signatory[party.signs_as]?.email ?? '',
    article6: basis.article6,
    article9: basis.article9,
    conditions: basis.schedule_conditions.join('\n'),
    powers: basis.statutory_powers.join('\n'),
    confidence: basis.confidence_basis,
  };
}
