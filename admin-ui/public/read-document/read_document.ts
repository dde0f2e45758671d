/** GET /agreements/{id}/{document}/{agency}: what a party published: exactly the approved text, or that it no longer applies. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import type { DocumentKind } from '../../../policy/governance/publications/kinds.ts';
import { findText, listPublished, type Published } from '../../../policy/governance/publications/published.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getState } from '../../kit/register_state.ts';

export function readDocument(context: WebContext, kind: DocumentKind): Koa.Middleware {
  return async (ctx) => {
    const { id, agency } = ctx.params as { id: string; agency: string };
    const state = getState(context);
    const published = await listPublished(context.ground.db, state, { agency });
    const found = published
      .filter((one) => one.protocolId === id && one.document === kind)
      .sort((a, b) => Number(b.current) - Number(a.current) || b.version - a.version)[0];
    if (found === undefined) {
      throw new WebApplicationError(
        'not-found',
        'not-published',
        'Nothing is published here. The agency may not have approved it yet, or may have taken it back.',
      );
    }
    const document = findText(state, state.protocols.get(found.protocol)!, found);
    render(ctx, 'public/read-document/read-document.njk', {
      title: document?.title ?? found.title,
      agreement: { href: `/agreements/${found.protocolId}`, title: found.title },
      kind,
      current: found.current,
      notice: noticeOf(state, found),
      approvedAt: found.approvedAt,
      document: document ?? {
        title: found.title,
        about: `${found.partyName}. ${found.title}, version ${found.version}`,
        sections: [],
      },
    });
  };
}

function noticeOf(state: RegisterState, { current, protocol }: Published): string {
  if (current) return '';
  const stopped = ['suspended', 'framework-not-in-force'].includes(state.protocols.get(protocol)!.status);
  return stopped
    ? 'This agreement is stopped for now. Nothing is shared under it.'
    : 'This no longer applies. The agreement has ended. Nothing is shared under it.';
}
