/** GET /drafts: what the own agency drafts, and what others ask it to read or sign. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { type DraftSummary, stateOf } from '../../../policy/governance/drafts/draft.ts';
import { listDrafts as list } from '../../../policy/governance/drafts/find_draft.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { draftContext, draftStateWords } from '../../kit/draft_of.ts';
import { actorOf } from '../../session/require_person.ts';

export function listDrafts(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const [drafts, actor] = [draftContext(context), actorOf(ctx)];
    const rows = await list(drafts, actor);
    const state = stateOf(drafts);
    const [own, others] = [
      rows.filter(({ owner }) => owner === actor.agency),
      rows.filter(({ owner }) => owner !== actor.agency),
    ];
    render(ctx, 'drafts/list-drafts/list-drafts.njk', {
      title: 'Drafts',
      own: own.map((draft) => row(state, draft)),
      others: others.map((draft) => row(state, draft)),
    });
  };
}

function row(state: RegisterState, { id, title, state: draftState, owner, parties, updatedAt }: DraftSummary) {
  return {
    id,
    title: title === '' ? 'Untitled protocol' : title,
    status: draftStateWords(draftState),
    owner: state.agencies.get(owner)?.name ?? owner,
    parties: parties.map((code) => state.agencies.get(code)?.name ?? code),
    updatedAt,
  };
}
