/** GET /drafts/{id}/changes: who would gain and who would lose what, against the version in force. */
import type Koa from 'koa';
import type { JsonObject } from '../../../platform/json.ts';
import { render } from '../../../platform/web/render.ts';
import { groupChanges } from '../../../policy/governance/drafts/group_changes.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { draftOf, headOf } from '../../kit/draft_of.ts';
import { inSentence } from '../../words/sentence.ts';

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

/** Who would gain and lose what, for `compare-draft/groups.njk`; `id` is the protocol's. */
export function changesInWords(state: RegisterState, id: string, document: JsonObject) {
  const inForce = [...state.protocols.values()].find(
    (one) => one.document.id === id && one.status === 'in-force',
  )?.document;
  return {
    before: inForce && { href: `/protocols/${inForce.id}/${inForce.version}`, version: inForce.version },
    groups: groupChanges(state, document).map(({ role, agencies, asset, holders, purposes, ...rest }) => ({
      ...rest,
      role: role.name,
      agencies: names(agencies),
      what: `${asset.name}, held by ${names(holders)}`,
      purposes: purposes.map(({ name }) => inSentence(name)).join('; '),
    })),
  };
}

const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(', ');
