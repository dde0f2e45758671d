/** GET /agencies: who belongs to the federation, with the official code of each. */
import type Koa from 'koa';
import { listAgencies as findAgencies } from '../../../directory/agencies/list_agencies.ts';
import { render } from '../../../platform/web/render.ts';
import type { WebContext } from '../../context.ts';
import { codeWords } from '../../words/codes.ts';
import { personOf } from '../../session/require_person.ts';

export function listAgencies(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const agencies = await findAgencies(context.ground.db);
    const registered = context.register.state()?.agencies;
    const byKind = Map.groupBy(agencies, ({ kindName }) => kindName);
    const person = personOf(ctx);
    render(ctx, 'directory/list-agencies/list-agencies.njk', {
      title: 'Agencies',
      own: { code: person.post.agency, name: person.post.agencyName, administers: person.administers },
      kinds: [...byKind].map(([name, list]) => ({
        name,
        agencies: list.map((agency) => ({
          ...agency,
          codeWords: codeWords(agency),
          admitted: registered?.get(agency.code)?.endedAt === undefined && registered?.has(agency.code),
        })),
      })),
    });
  };
}
