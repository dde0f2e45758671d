/** GET /drafts/{id}/changes: who would gain and who would lose what, against the version in force. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import type { WebContext } from '../../context.ts';
import { draftOf, headOf } from '../../kit/draft_of.ts';
import { changesInWords } from '../../words/changes.ts';

export function compareDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const open = await draftOf(context, ctx);
    const { state, draft } = open;
    render(ctx, 'drafts/compare-draft/compare-draft.njk', {
      title: 'What changes',
      draft: headOf(open),
      ...changesInWords(state, draft.protocol, draft.document),
    });
  };
}
