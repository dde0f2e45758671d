/** Saving what an author typed. Two people may type at once: the second is told, and loses nothing. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { JsonObject } from '../../../platform/json.ts';
import { type Change, change } from '../../../platform/log/change.ts';
import { isUuid, uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import { type DraftContext, DraftMoved, requireOfficer, unknownDraft } from './draft.ts';
import { type DraftRow, findRow, isEditable } from './find_draft.ts';
import { partiesOf, requireStorable } from './text.ts';

/** What was typed, and the revision that it was typed upon. */
export type SaveInput = { revision: number; document: JsonObject };

/**
 * Saves the text as the next revision. Throws `DraftMoved` where somebody saved since (the text is kept as a version of
 * its own), `draft-closed` once it was put to signature or abandoned, `unknown-draft`, `draft-too-large`.
 */
export async function saveDraft(
  context: DraftContext,
  actor: ActingPerson,
  id: string,
  { revision, document }: SaveInput,
): Promise<{ revision: number }> {
  requireOfficer(context, actor);
  requireStorable(document);
  const saved = await change(context.log, { agency: actor.agency }, async (tx) => {
    const row = await lockDraft(tx, actor, id);
    if (!isEditable(row, actor)) throw closed();
    const aside = row.revision !== revision;
    const version = { id: uuidv7(context.clock()), revision: aside ? revision : revision + 1, aside, document };
    await keepVersion(tx, context, actor, id, version);
    if (aside) return { kept: version.id, revision: row.revision };
    await tx.query(sql`
      update draft set revision = ${version.revision}, document = ${JSON.stringify(document)}::jsonb,
                       parties = ${partiesOf(document)}, updated_by = ${actor.practitioner},
                       updated_at = to_timestamp(${context.clock()}::float8)
      where id = ${id}`);
    recordDraft(tx, actor, 'draft.changed', row, { revision: version.revision });
    return { revision: version.revision };
  });
  if (saved.kept !== undefined) throw new DraftMoved(saved.kept, saved.revision);
  return { revision: saved.revision };
}

/** Writes a text down as a version, for good. */
export async function keepVersion(
  tx: Change,
  context: DraftContext,
  actor: ActingPerson,
  draft: string,
  version: { id: string; revision: number; aside: boolean; document: JsonObject },
): Promise<void> {
  await tx.query(sql`
    insert into draft_revision (id, draft, revision, aside, document, saved_by, saved_at)
    values (${version.id}, ${draft}, ${version.revision}, ${version.aside}, ${JSON.stringify(version.document)}::jsonb,
            ${actor.practitioner}, to_timestamp(${context.clock()}::float8))`);
}

/** The draft of the actor's own agency, kept from others until the transaction ends; throws `unknown-draft`. */
export async function lockDraft(tx: Change, actor: ActingPerson, id: string): Promise<DraftRow> {
  // A reader may not lock a row of somebody else's: for them the policy shows none here.
  const row = isUuid(id) ? await findRow(tx, id, sql`for update`) : undefined;
  if (row === undefined || row.owner !== actor.agency) throw unknownDraft();
  return row;
}

type DraftEvent = 'draft.created' | 'draft.changed' | 'draft.commented' | 'draft.put-to-signature' | 'draft.abandoned';

/** Records what happened to a draft, for those who know of it. The text itself stays out of the log. */
export function recordDraft(
  tx: Change,
  actor: ActingPerson,
  event: DraftEvent,
  { id, owner, state, parties }: Pick<DraftRow, 'id' | 'owner' | 'state' | 'parties'>,
  content: JsonObject,
): void {
  const open = state === 'consultation' || state === 'awaiting-signatures';
  const agencies = [...new Set([owner, actor.agency, ...(open ? parties : [])])];
  tx.record({ event, actor, agencies, content: { draft: id, ...content } });
}

/** The refusal of a change to a text that is open no more. */
export function closed(): PolicyError {
  return new PolicyError(
    'conflict',
    'draft-closed',
    'This draft can no longer be changed: it was put to signature, signed or abandoned.',
  );
}
