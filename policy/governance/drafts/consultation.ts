/** Opening a draft to the agencies that it names as parties, and closing it again. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import { change } from '../../../platform/log/change.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import type { Mail } from '../../../platform/mail/message.ts';
import { PolicyError } from '../../errors.ts';
import { type DraftContext, requireOfficer } from './draft.ts';
import { lockDraft, recordDraft } from './save_draft.ts';

/**
 * From now on officers of every named party may read and comment. Needs a party beside the owner (`nobody-to-consult`).
 * `letters` leave when it is open.
 */
export async function openConsultation(
  context: DraftContext,
  actor: ActingPerson,
  id: string,
  letters: readonly Mail[] = [],
): Promise<void> {
  await move(context, actor, id, 'consultation', letters);
}

/** Takes the draft back to its authors: nobody else can read it until it is opened again. Comments stay. */
export async function closeConsultation(context: DraftContext, actor: ActingPerson, id: string): Promise<void> {
  await move(context, actor, id, 'draft');
}

async function move(
  context: DraftContext,
  actor: ActingPerson,
  id: string,
  to: 'draft' | 'consultation',
  letters: readonly Mail[] = [],
): Promise<void> {
  requireOfficer(context, actor);
  const from = to === 'draft' ? 'consultation' : 'draft';
  await change(context.log, { agency: actor.agency }, async (tx) => {
    const row = await lockDraft(tx, actor, id);
    if (row.state === to) return; // asked for twice
    if (row.state !== from) throw notNow();
    if (to === 'consultation' && row.parties.every((party) => party === actor.agency)) throw nobody();
    await tx.query(sql`
      update draft set state = ${to}, updated_by = ${actor.practitioner},
                       updated_at = to_timestamp(${context.clock()}::float8)
      where id = ${id}`);
    for (const letter of letters) await enqueueMail(tx, letter);
    // Told to the parties both when it opens and when it closes: they could read it until now.
    recordDraft(tx, actor, 'draft.changed', { ...row, state: 'consultation' }, { from, to });
  });
}

function notNow(): PolicyError {
  return new PolicyError(
    'conflict',
    'draft-closed',
    'This draft was put to signature, signed or abandoned. Take it back to draft first, if nobody has signed.',
  );
}

function nobody(): PolicyError {
  return new PolicyError(
    'conflict',
    'nobody-to-consult',
    'The draft names no other agency as a party yet, so nobody would read it. Add the parties first.',
  );
}
