/** GET /drafts/{id}/changes: who would gain and who would lose what, against the version in force. */
import type Koa from 'koa';
import { render } from '../../platform/web/render.ts';
import { groupChanges } from '../../policy/drafts/group_changes.ts';
import { whatChanges } from '../../policy/drafts/what_changes.ts';
import type { WebContext } from '../context.ts';
import { draftOf, headOf } from '../edit-draft/draft_of.ts';
import { inSentence } from '../words/sentence.ts';

export function compareDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const open = await draftOf(context, ctx);
    const { state, draft } = open;
    const groups = groupChanges(state, draft.document, whatChanges(state, draft.document));
    const inForce = [...state.protocols.values()].find(
      ({ document, status }) => document.id === draft.protocol && status === 'in-force',
    )?.document;
    render(ctx, 'compare-draft/compare-draft.njk', {
      title: 'What changes',
      draft: headOf(open),
      before: inForce && { href: `/protocols/${inForce.id}/${inForce.version}`, version: inForce.version },
      groups: groups.map(({ role, agencies, asset, holders, purposes, ...rest }) => ({
        ...rest,
        role: role.name,
        agencies: names(agencies),
        what: `${asset.name}, held by ${names(holders)}`,
        purposes: purposes.map(({ name }) => inSentence(name)).join('; '),
      })),
    });
  };
}

const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(', ');
