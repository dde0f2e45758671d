/** GET /: where a practitioner starts: find a colleague, open a partner system, and see what was decided for them. */
import type Koa from 'koa';
import { listPartnerHomes } from '../../directory/partners/list_partners.ts';
import { listEntries } from '../../platform/log/read.ts';
import { render } from '../../platform/web/render.ts';
import { countReviews } from '../../policy/overrides/list_reviews.ts';
import type { RegisterState } from '../../policy/register/state.ts';
import type { WebContext } from '../context.ts';
import { mayReadLog } from '../session/person.ts';
import { personOf } from '../session/require_person.ts';
import { entryInWords } from '../words/entry.ts';
import { loadNames } from '../words/names.ts';

export function home(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const person = personOf(ctx);
    const { db } = context.ground;
    const { agency } = person.post;
    const { entries } = await listEntries(
      db,
      { agency },
      { event: 'decision', subject: person.practitioner },
      { limit: 5 },
    );
    const names = await loadNames(context, entries);
    const state = context.register.state();
    render(ctx, 'home/home.njk', {
      title: `Hello, ${person.name}`,
      post: person.post,
      partners: await listPartnerHomes(db),
      decisions: entries.map((entry) => entryInWords(entry, names)),
      officer: mayReadLog(person),
      administers: person.administers,
      reviews: person.capacities.length > 0 ? (await countReviews(db, agency, context.ground.clock())).open : 0,
      unsigned: person.capacities.length > 0 ? waitingFor(state, agency) : [],
      problems: context.register.problems().length > 0 || state === undefined,
    });
  };
}

/** Protocols that the agency has still to sign. */
function waitingFor(state: RegisterState | undefined, agency: string) {
  return [...(state?.protocols.values() ?? [])]
    .filter(({ status, unsigned }) => status === 'awaiting-signatures' && unsigned.includes(agency))
    .map(({ document: { id, version, title } }) => ({
      title: `${title}, version ${version}`,
      href: `/protocols/${id}/${version}`,
    }));
}
