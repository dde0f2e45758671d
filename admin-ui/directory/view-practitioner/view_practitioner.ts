/** GET /directory/{id}: one colleague, each fact with its source and age, and whom to ring when they are away. The view is recorded. */
import type Koa from 'koa';
import { viewEntry } from '../../../directory/finding/view_entry.ts';
import type { Entry, Fact } from '../../../directory/finding/entry.ts';
import { render } from '../../../platform/web/render.ts';
import { ago, date } from '../../../platform/web/filters.ts';
import type { WebContext } from '../../context.ts';
import { unknownPerson } from '../../errors.ts';
import { mayReadLog } from '../../session/person.ts';
import { actorOf, personOf } from '../../session/require_person.ts';

export function viewPractitioner(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { db, log, clock } = context.ground;
    const { id } = ctx.params as { id: string };
    const entry = await viewEntry(db, log, actorOf(ctx), id);
    if (entry === undefined) throw unknownPerson();
    const now = clock();
    render(ctx, 'directory/view-practitioner/view-practitioner.njk', {
      title: entry.name.value,
      entry,
      officer: mayReadLog(personOf(ctx)),
      rows: personRows(entry, now),
      posts: entry.posts.map(({ value, dutyDesk, ...fact }) => ({ ...value, dutyDesk, known: howKnown(fact, now) })),
      registrations: entry.registrations.map(({ value, ...fact }) => ({ ...value, known: howKnown(fact, now) })),
    });
  };
}

function personRows(entry: Entry, now: number) {
  return [
    { key: 'Work e-mail', value: entry.email.value, known: howKnown(entry.email, now) },
    ...(entry.phone === undefined
      ? []
      : [{ key: 'Phone', value: entry.phone.value, known: howKnown(entry.phone, now) }]),
    ...(entry.otherNames.length === 0
      ? []
      : [{ key: 'Also known as', value: entry.otherNames.join(', '), known: howKnown(entry.name, now) }]),
    {
      key: 'Identity',
      value: identityWords[entry.identity.value.level],
      known: howKnown(entry.identity, now, entry.identity.value.against),
    },
  ];
}

const identityWords = {
  0: 'Not checked',
  1: 'Checked, low',
  2: 'Checked, medium: documents were seen',
  3: 'Checked, high: documents and face were compared',
};

type Provenance = Pick<Fact<unknown>, 'evidence' | 'source' | 'checkedBy' | 'checkedAt'>;

/** "Checked by … on 3 June 2026 (5 months ago)": never a bare tick. */
function howKnown(fact: Provenance, now: number, against?: string): string {
  const when = fact.checkedAt === undefined ? '' : ` on ${date(fact.checkedAt)} (${ago(fact.checkedAt, now)})`;
  const what = against === undefined ? '' : ` against ${against}`;
  if (fact.evidence === 'checked') return `Checked by ${fact.checkedBy ?? fact.source}${what}${when}`;
  if (fact.evidence === 'format') return 'Only its form was checked; nobody compared it with the register';
  return `${fact.checkedBy ?? 'The agency'} says so${when}. Source: ${fact.source}`;
}
