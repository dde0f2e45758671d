/** /drafts/{id}/history: every text that was saved, to look at or take up again; the text as JSON, out and in. */
import type Koa from 'koa';
import { z } from 'zod';
import { listNames } from '../../../directory/people/list_names.ts';
import { ServiceError } from '../../../platform/errors.ts';
import { emptyForm, type FormView, parseForm, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { exportDraft, importDraft } from '../../../policy/governance/drafts/import_draft.ts';
import { saveDraft } from '../../../policy/governance/drafts/save_draft.ts';
import { findVersion, listVersions } from '../../../policy/governance/drafts/versions.ts';
import type { WebContext } from '../../context.ts';
import { draftContext, draftOf, headOf } from '../../kit/draft_of.ts';
import { WebApplicationError } from '../../errors.ts';
import { actorOf } from '../../session/require_person.ts';

const Import = z.object({
  file: z.string().prefault(''),
  text: z.string().prefault(''),
  revision: z.coerce.number().int(),
});

export function showHistory(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, emptyForm(Import));
}

/** The text as a file. */
export function downloadDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    sendJson(ctx, await exportDraft(draftContext(context), actorOf(ctx), id), `draft-${id}`);
  };
}

/** An earlier text as a file. */
export function downloadVersion(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { document, id } = await versionOf(context, ctx);
    sendJson(ctx, `${JSON.stringify(document, null, 2)}\n`, `draft-version-${id}`);
  };
}

/** Saves an earlier text as the newest. */
export function takeVersion(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { draft } = await draftOf(context, ctx);
    const { document } = await versionOf(context, ctx);
    await saveDraft(draftContext(context), actorOf(ctx), draft.id, { revision: draft.revision, document });
    ctx.redirect(`/drafts/${draft.id}?saved=1`);
  };
}

/** Puts an imported text in place of the draft's. */
export function replaceText(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const parsed = await parseForm(ctx, Import);
    const text = parsed.ok ? parsed.data.file || parsed.data.text : '';
    if (!parsed.ok || text === '')
      return show(context, ctx, withError(parsed.form, 'text', 'Paste the text, or choose a file'));
    try {
      await importDraft(draftContext(context), actorOf(ctx), id, { revision: parsed.data.revision, text });
    } catch (error) {
      if (!(error instanceof ServiceError) || !['invalid', 'too-large'].includes(error.kind)) throw error;
      return show(context, ctx, withError(parsed.form, parsed.data.file === '' ? 'text' : 'file', error.message));
    }
    ctx.redirect(`/drafts/${id}?saved=1`);
  };
}

async function versionOf(context: WebContext, ctx: Koa.Context) {
  const { id, version } = ctx.params as { id: string; version: string };
  const found = await findVersion(draftContext(context), actorOf(ctx), id, version);
  if (found !== undefined) return found;
  throw new WebApplicationError('not-found', 'version-unknown', 'Your agency’s draft has no such version.');
}

function sendJson(ctx: Koa.Context, text: string, name: string): void {
  ctx.attachment(`${name}.json`);
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = text;
}

async function show(context: WebContext, ctx: Koa.Context, form: FormView): Promise<void> {
  const open = await draftOf(context, ctx);
  const versions = await listVersions(draftContext(context), actorOf(ctx), open.draft.id);
  const names = await listNames(
    context.ground.db,
    versions.map(({ savedBy }) => savedBy),
  );
  render(ctx, 'drafts/draft-history/draft-history.njk', {
    title: 'History and text',
    draft: headOf(open),
    form,
    versions: versions.map((version) => ({ ...version, who: names.get(version.savedBy) ?? 'somebody' })),
    current: open.draft.revision,
  });
}
