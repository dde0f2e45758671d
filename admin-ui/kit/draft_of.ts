/** The draft that a page is about, who is looking at it, and what the pages of a draft have in common. */
import type Koa from 'koa';
import type { DraftContext, DraftState } from '../../policy/governance/drafts/draft.ts';
import { type Draft, stateOf } from '../../policy/governance/drafts/draft.ts';
import { getDraft } from '../../policy/governance/drafts/find_draft.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
import type { WebContext } from '../context.ts';
import { actorOf } from '../session/require_person.ts';

export function draftContext({ ground, register }: WebContext): DraftContext {
  return { db: ground.db, log: ground.log, register, clock: ground.clock };
}

export type OpenDraft = { draft: Draft; state: RegisterState };

/** The draft of the address, with the register that it is written against; throws `unknown-draft`. */
export async function draftOf(context: WebContext, ctx: Koa.Context): Promise<OpenDraft> {
  const { id } = ctx.params as { id: string };
  const drafts = draftContext(context);
  return { draft: await getDraft(drafts, actorOf(ctx), id), state: stateOf(drafts) };
}

type Words = { text: string; tag: string; next: string };

const states: Record<DraftState, Words> = {
  draft: {
    text: 'Draft',
    tag: 'blue',
    next: 'Only your agency sees it. When it is ready to be read, open the consultation.',
  },
  consultation: {
    text: 'In consultation',
    tag: 'purple',
    next: 'The parties read it and comment. When nothing is left to mend, put it to signature.',
  },
  'awaiting-signatures': {
    text: 'To be signed',
    tag: 'yellow',
    next: 'The text is fixed. Each party’s officer signs exactly this text.',
  },
  signed: {
    text: 'Signed',
    tag: 'green',
    next: 'Every party has signed. What it gives, and from when, the protocol says.',
  },
  abandoned: { text: 'Abandoned', tag: 'grey', next: 'It was given up. Nothing can be changed any more.' },
};

export function draftStateWords(state: DraftState): Words {
  return states[state];
}

/** What stands at the head of every page of a draft. */
export function headOf({ draft, state }: OpenDraft) {
  return {
    id: draft.id,
    title: draft.title === '' ? 'Untitled protocol' : draft.title,
    status: draftStateWords(draft.state),
    state: draft.state,
    owner: state.agencies.get(draft.owner)?.name ?? draft.owner,
    editable: draft.editable,
    revision: draft.revision,
  };
}
