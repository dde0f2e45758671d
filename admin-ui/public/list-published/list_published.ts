/** GET /privacy/{agency}: everything that one agency publishes about what it shares. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { documentAddress, kindName } from '../../../policy/governance/publications/kinds.ts';
import { listPublished as find } from '../../../policy/governance/publications/published.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getState } from '../../kit/register_state.ts';

export function listPublished(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { agency } = ctx.params as { agency: string };
    const state = getState(context);
    const registered = state.agencies.get(agency);
    if (registered === undefined) {
      throw new WebApplicationError(
        'not-found',
        'agency-unknown',
        'No agency with this code belongs here. Check the address.',
      );
    }
    const published = await find(context.ground.db, state, { agency });
    const byAgreement = Map.groupBy(
      published.filter(({ current }) => current),
      ({ protocolId }) => protocolId,
    );
    render(ctx, 'public/list-published/list-published.njk', {
      title: `What ${registered.name} shares`,
      name: registered.name,
      all: `/agreements?${new URLSearchParams({ agency }).toString()}`,
      agreements: [...byAgreement].map(([id, documents]) => ({
        href: `/agreements/${id}`,
        title: documents[0]!.title,
        documents: documents.map(({ document }) => ({
          name: kindName(document),
          href: documentAddress(id, document, agency),
        })),
      })),
    });
  };
}
