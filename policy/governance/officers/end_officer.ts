/** Ending an officer: one administrator is enough, and it holds at once. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { PolicyError } from '../../errors.ts';
import { type Outcome, signAdministrative } from '../signing/administrative.ts';
import { type KeyContext, memberOf, requireAdministrator } from '../signing/context.ts';

/** `done` once it stands in the register; otherwise the agency's own key signs what is `wanted`. Throws `unknown-officer`. */
export async function endOfficer(context: KeyContext, actor: ActingPerson, practitioner: string): Promise<Outcome> {
  await requireAdministrator(context, actor);
  const officer = memberOf(context, actor.agency).officers.get(practitioner);
  if (officer === undefined || officer.endedAt !== undefined) {
    throw new PolicyError('not-found', 'unknown-officer', 'Your agency has no such officer now.');
  }
  return signAdministrative(context, actor, {
    type: 'officer-ended',
    data: { agency: actor.agency, practitioner },
  });
}
