/** GET /: where a practitioner starts: find a colleague, open a partner system, and see what was decided for them. */
import type Koa from 'koa';
import { listPartnerHomes } from '../../directory/partners/list_partners.ts';
import { together } from '../../platform/database/reader.ts';
import { listEntries } from '../../platform/log/read.ts';
import { render } from '../../platform/web/render.ts';
import { asReadBy } from '../../policy/decisions/audit/as_read_by.ts';
import { decisionEvents } from '../../policy/decisions/audit/recorded.ts';
import { listTraining } from '../../policy/governance/publications/training.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
import type { WebContext } from '../context.ts';
import { mayReadLog, type Person } from '../session/person.ts';
import { personOf } from '../session/require_person.ts';
import { entryInWords } from '../words/entry.ts';
import { namesIn } from '../words/names.ts';
import { listWaiting } from './list_waiting.ts';

export function home(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const person = personOf(ctx);
    const state = context.register.state();
    const { ground } = context;
    // All that the page shows is asked for at once, and travels together.
    const asking = { ...context, ground: { ...ground, db: together(ground.db) } };
    const [decisions, partners, waiting, guides] = await Promise.all([
      latestDecisions(asking, person, state),
      listPartnerHomes(asking.ground.db),
      listWaiting(asking, person, state),
      guidesToRead(asking, person, state),
    ]);
    render(ctx, 'home/home.njk', {
      title: `Hello, ${person.name}`,
      post: person.post,
      partners,
      decisions,
      officer: mayReadLog(person),
      administers: person.administers,
      signs: person.capacities.length > 0,
      waiting,
      guides,
      problems: context.register.problems().length > 0 || state === undefined,
    });
  };
}

type State = RegisterState | undefined;

async function latestDecisions({ ground }: WebContext, { practitioner, post }: Person, state: State) {
  const filters = { event: decisionEvents, subject: practitioner };
  const { entries } = await listEntries(ground.db, { agency: post.agency }, filters, { limit: 5 });
  const reader = { agency: post.agency };
  return entries.map((entry) => entryInWords(asReadBy(ground.config.masterKey, reader, entry), namesIn(state)));
}

/** Guides to protocols in force that the person has not said they read, a new version among them. */
async function guidesToRead({ ground }: WebContext, { actor, post }: Person, state: State) {
  if (state === undefined) return [];
  const training = await listTraining(ground.db, state, { ...actor, role: post.role });
  return training
    .filter((one) => one.state !== 'read')
    .map(({ protocol: { document }, state: reading }) => ({
      title: `${document.title}, version ${document.version}`,
      href: `/protocols/${document.id}/${document.version}/guide`,
      isNew: reading === 'new-version',
    }));
}
