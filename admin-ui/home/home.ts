/** GET /: where a practitioner starts: find a colleague, open a partner system, and see what was decided for them. */
import type Koa from 'koa';
import { listPartnerHomes } from '../../directory/partners/list_partners.ts';
import { listEntries } from '../../platform/log/read.ts';
import { render } from '../../platform/web/render.ts';
import { decisionEvents } from '../../policy/decisions/audit/recorded.ts';
import { listTraining } from '../../policy/governance/publications/training.ts';
import type { WebContext } from '../context.ts';
import { mayReadLog, type Person } from '../session/person.ts';
import { personOf } from '../session/require_person.ts';
import { entryInWords } from '../words/entry.ts';
import { loadNames } from '../words/names.ts';
import { listWaiting } from './list_waiting.ts';

export function home(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const person = personOf(ctx);
    const { db } = context.ground;
    const { agency } = person.post;
    const { entries } = await listEntries(
      db,
      { agency },
      { event: decisionEvents, subject: person.practitioner },
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
      signs: person.capacities.length > 0,
      waiting: await listWaiting(context, person, state),
      guides: await guidesToRead(context, person),
      problems: context.register.problems().length > 0 || state === undefined,
    });
  };
}

/** Guides to protocols in force that the person has not said they read, a new version among them. */
async function guidesToRead({ ground, register }: WebContext, { actor, post }: Person) {
  const state = register.state();
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
