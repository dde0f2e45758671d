/** Saving a draft from its pages. */
import type Koa from 'koa';
import type { JsonObject } from '../../../platform/json.ts';
import { type Draft, DraftMoved } from '../../../policy/governance/drafts/draft.ts';
import { saveDraft, type SaveInput } from '../../../policy/governance/drafts/save_draft.ts';
import type { WebContext } from '../../context.ts';
import { draftContext } from '../../kit/draft_of.ts';
import { actorOf } from '../../session/require_person.ts';

/** Saves the whole document upon the revision that was just read; throws `DraftMoved` when somebody was faster still. */
export async function saveInPlace(
  context: WebContext,
  ctx: Koa.Context,
  draft: Draft,
  document: JsonObject,
): Promise<void> {
  await saveDraft(draftContext(context), actorOf(ctx), draft.id, { revision: draft.revision, document });
}

/** Keeps what was typed upon an older revision as a version of its own, so that it is there even if the page is closed. */
export async function keepAside(context: WebContext, ctx: Koa.Context, draft: Draft, input: SaveInput): Promise<void> {
  // The revision that the page was opened at may not be believed: it comes from the form.
  const revision = Math.min(input.revision, draft.revision - 1);
  try {
    await saveDraft(draftContext(context), actorOf(ctx), draft.id, { ...input, revision });
  } catch (error) {
    if (!(error instanceof DraftMoved)) throw error;
  }
}
