/** Opening a draft to its parties, with a message to each of their officers that says only that a draft waits. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Mail } from '../../../platform/mail/message.ts';
import { listOfficerAddresses } from '../addresses.ts';
import { openConsultation } from './consultation.ts';
import { type DraftContext, stateOf } from './draft.ts';
import { getDraft } from './find_draft.ts';

/** Opens the consultation. `address`: of the page on which the officers comment. */
export async function inviteParties(
  context: DraftContext,
  actor: ActingPerson,
  id: string,
  { address }: { address: string },
): Promise<void> {
  const { owner, parties } = await getDraft(context, actor, id);
  const officers = await listOfficerAddresses(
    context.db,
    stateOf(context),
    parties.filter((party) => party !== owner),
  );
  await openConsultation(
    context,
    actor,
    id,
    officers.map((to) => letter(to, address)),
  );
}

function letter(to: string, address: string): Mail {
  const lines = [
    'A draft waits for your comments.',
    '',
    'Sign in to read it, and to say what your agency thinks:',
    address,
    '',
    'This message says no more on purpose.',
    '',
  ];
  return { to, subject: 'A draft waits for your comments', text: lines.join('\n') };
}
