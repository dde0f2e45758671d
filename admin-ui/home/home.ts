/** GET /: where a practitioner starts: find a colleague, open a partner system, and see what was decided for them. */
import type Koa from 'koa';
import { listPartnerHomes } from '../../directory/partners/list_partners.ts';
import { render } from '../../platform/web/render.ts';
import { listEntries } from '../../platform/log/read.ts';
import type { WebContext } from '../context.ts';
import { personOf } from '../session/require_person.ts';
import { entryInWords } from '../words/entry.ts';

export function home(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const person = personOf(ctx);
    const { db } = context.ground;
    const scope = { agency: person.post.agency };
    const { entries } = await listEntries(db, scope, { event: 'decision', subject: person.practitioner }, { limit: 5 });
    render(ctx, 'home/home.njk', {
      title: `Hello, ${person.name}`,
      post: person.post,
      partners: await listPartnerHomes(db),
      decisions: entries.map(entryInWords),
      officer: person.capacities.length > 0,
      administers: person.administers,
      problems: context.register.problems().length > 0 || context.register.state() === undefined,
    });
  };
}
