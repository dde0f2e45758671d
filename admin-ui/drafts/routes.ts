/** The pages with which officers negotiate a protocol, with their guards: who may change what, the draft itself says. */
import { formUpTo } from '../../platform/web/body.ts';
import {
  answerOnDraft,
  closeToParties,
  commentOnDraft,
  openToParties,
  resolveOnDraft,
  showComments,
} from './comment-on-draft/comment_on_draft.ts';
import { compareDraft } from './compare-draft/compare_draft.ts';
import type { WebContext } from '../context.ts';
import {
  downloadDraft,
  downloadVersion,
  replaceText,
  showHistory,
  takeVersion,
} from './draft-history/draft_history.ts';
import { savePart } from './edit-draft/save_part.ts';
import { showPart } from './edit-draft/show_part.ts';
import { changeItems, showItems } from './edit-draft/list_items.ts';
import { isSeries } from './edit-draft/parts/part.ts';
import { parts } from './edit-draft/parts/parts.ts';
import { listDrafts } from './list-drafts/list_drafts.ts';
import type { RouteSteps } from '../kit/route_steps.ts';
import { putDraft, showSignature, takeBack } from './put-to-signature/put_to_signature.ts';
import { requireOfficer } from '../session/require_person.ts';
import {
  longestText,
  showStart,
  startFromProtocol,
  startFromTemplate,
  startFromText,
} from './start-draft/start_draft.ts';
import { giveUpDraft, viewDraft } from './view-draft/view_draft.ts';

export function addDraftPages(context: WebContext, { get, post, person, form }: RouteSteps): void {
  get('/drafts', person, requireOfficer, listDrafts(context));
  get('/drafts/start', person, requireOfficer, form, showStart(context));
  post('/drafts/start/template', person, requireOfficer, form, startFromTemplate(context));
  post('/drafts/start/next', person, requireOfficer, form, startFromProtocol(context));
  post('/drafts/start/import', person, requireOfficer, formUpTo(longestText), form, startFromText(context));

  get('/drafts/:id', person, requireOfficer, form, viewDraft(context));
  post('/drafts/:id/abandon', person, requireOfficer, form, giveUpDraft(context));

  get('/drafts/:id/comments', person, requireOfficer, form, showComments(context));
  post('/drafts/:id/comments', person, requireOfficer, form, commentOnDraft(context));
  post('/drafts/:id/comments/answer', person, requireOfficer, form, answerOnDraft(context));
  post('/drafts/:id/comments/resolve', person, requireOfficer, form, resolveOnDraft(context));
  post('/drafts/:id/comments/open', person, requireOfficer, form, openToParties(context));
  post('/drafts/:id/comments/close', person, requireOfficer, form, closeToParties(context));

  get('/drafts/:id/changes', person, requireOfficer, compareDraft(context));

  get('/drafts/:id/signature', person, requireOfficer, form, showSignature(context));
  post('/drafts/:id/signature', person, requireOfficer, form, putDraft(context));
  post('/drafts/:id/signature/back', person, requireOfficer, form, takeBack(context));

  get('/drafts/:id/history', person, requireOfficer, form, showHistory(context));
  get('/drafts/:id/history/:version', person, requireOfficer, downloadVersion(context));
  post('/drafts/:id/history/:version', person, requireOfficer, form, takeVersion(context));
  get('/drafts/:id/export', person, requireOfficer, downloadDraft(context));
  post('/drafts/:id/import', person, requireOfficer, formUpTo(longestText), form, replaceText(context));

  for (const part of parts) {
    const page = `/drafts/:id/${part.code}`;
    const sheet = isSeries(part) ? `${page}/:number` : page;
    get(sheet, person, requireOfficer, form, showPart(context, part));
    post(sheet, person, requireOfficer, formUpTo(longestText), form, savePart(context, part));
    if (!isSeries(part)) continue;
    get(page, person, requireOfficer, form, showItems(context, part));
    post(page, person, requireOfficer, form, changeItems(context, part));
  }
}
