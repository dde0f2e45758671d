/** Beginning a draft: from a template, from JSON text, or from a protocol that the register holds. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { JsonObject } from '../../../platform/json.ts';
import { change } from '../../../platform/log/change.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { fillTemplate } from '../templates/fill.ts';
import { getTemplate } from '../templates/templates.ts';
import { type DraftContext, requireOfficer } from './draft.ts';
import { readImport } from './import_draft.ts';
import { keepVersion, recordDraft } from './save_draft.ts';
import { partiesOf, requireStorable } from './text.ts';

/**
 * Where a draft begins. `template`: its code, for these agencies (the author's own where none are named); `text`: JSON;
 * `from`: hash of a text in the register, of which it becomes the next version.
 */
export type DraftSource =
  { template: string; parties?: readonly string[]; host?: string } | { text: string | Uint8Array } | { from: string };

/** Makes a draft and returns its id. Throws `unknown-template`, `unknown-protocol`, and what an import may be refused for. */
export async function createDraft(context: DraftContext, actor: ActingPerson, source: DraftSource): Promise<string> {
  const state = requireOfficer(context, actor);
  const document = beginWith(context, state, actor, source);
  requireStorable(document);
  const now = context.clock();
  const id = uuidv7(now);
  const parties = partiesOf(document);
  return change(context.log, { agency: actor.agency }, async (tx) => {
    await tx.query(sql`
      insert into draft (id, owner, state, revision, document, parties, created_by, created_at, updated_by, updated_at)
      values (${id}, ${actor.agency}, 'draft', 1, ${JSON.stringify(document)}::jsonb, ${parties}, ${actor.practitioner},
              to_timestamp(${now}::float8), ${actor.practitioner}, to_timestamp(${now}::float8))`);
    await keepVersion(tx, context, actor, id, { id: uuidv7(now), revision: 1, aside: false, document });
    recordDraft(tx, actor, 'draft.created', { id, owner: actor.agency, state: 'draft', parties }, begun(source));
    return id;
  });
}

function begun(source: DraftSource): JsonObject {
  if ('template' in source) return { template: source.template };
  return 'from' in source ? { from: source.from } : { imported: true };
}

function beginWith(context: DraftContext, state: RegisterState, actor: ActingPerson, source: DraftSource): JsonObject {
  if ('text' in source) return readImport(source.text);
  if ('from' in source) return nextVersion(state, source.from);
  const { parties = [actor.agency], host } = source;
  const today = new Date(context.clock() * 1000).toISOString().slice(0, 10);
  return fillTemplate(getTemplate(source.template), state, {
    parties,
    owner: actor.agency,
    today,
    ...(host !== undefined && { host }),
  });
}

// Number and predecessor are filled in when it is checked; to keep them here would only let them grow stale.
function nextVersion(state: RegisterState, hash: string): JsonObject {
  const document = state.protocols.get(hash)?.document;
  if (document === undefined) {
    throw new PolicyError('not-found', 'unknown-protocol', 'The register holds no text with this hash.');
  }
  const { version: _, supersedes: __, pins: ___, ...rest } = document;
  return rest;
}
