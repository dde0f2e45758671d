/** GET /log and /log.csv: what is recorded about the officer's own agency, newest first, narrowed by filters. Reading it is recorded too. */
import type Koa from 'koa';
import { listNameable } from '../../../directory/finding/list_findable.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { answerCsv } from '../../../platform/web/csv.ts';
import { type FormView, parseFields, withError } from '../../../platform/web/form.ts';
import { date } from '../../../platform/web/filters.ts';
import { render } from '../../../platform/web/render.ts';
import type { WebContext } from '../../context.ts';
import { personOf } from '../../session/require_person.ts';
import { eventWords, knownEvents } from '../../words/events.ts';
import { loadNames, type EntryNames } from '../../words/names.ts';
import { startOfDay } from '../../kit/days.ts';
import { logAddress, Query } from './filters.ts';
import { columns, type Listed, listLines, listPage, logTable } from './list_rows.ts';
import { titlesOf } from '../../kit/table.ts';
import { findPeople, type MeantByName } from '../../kit/find_people.ts';
import { recordReading } from '../../kit/record_reading.ts';

export function browseLog(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
    if (!parsed.ok) {
      const who = parsed.form.fields.who?.value ?? '';
      await show(context, ctx, parsed.form, { query: isUuid(who) ? { who } : {} });
      return;
    }
    const { query, meant } = await settlePerson(context, ctx, parsed.data);
    if (meant?.people.length === 0)
      return show(context, ctx, withError(parsed.form, 'person', 'Nobody with a name like this is found'), { query });
    if (meant !== undefined) return show(context, ctx, parsed.form, { query, meant });
    await show(context, ctx, parsed.form, { query, listed: await readPage(context, ctx, query) });
  };
}

/** Turns a name into the one person who is meant by it, or into those among whom the officer has to choose. */
async function settlePerson(
  context: WebContext,
  ctx: Koa.Context,
  query: Query,
): Promise<{ query: Query; meant?: MeantByName }> {
  const { person: name, ...rest } = query;
  if (name === undefined) return { query };
  if (isUuid(name)) return { query: { ...rest, who: name } };
  const meant = await findPeople(context, personOf(ctx), name);
  const [one, another] = meant.people;
  if (one === undefined || another !== undefined) return { query: rest, meant };
  return { query: { ...rest, who: one.id } };
}

async function readPage(context: WebContext, ctx: Koa.Context, query: Query): Promise<Listed> {
  const person = personOf(ctx);
  await recordReading(context.ground.log, person, { filters: { ...query } });
  return listPage(context, person, query);
}

/** The same list as a file, all of it; whom a name means is settled on the page. */
export function downloadLog(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
    if (!parsed.ok || parsed.data.person !== undefined) return ctx.redirect(`/log?${ctx.querystring}`);
    const { before: _, ...query } = parsed.data;
    const person = personOf(ctx);
    await recordReading(context.ground.log, person, { filters: query, file: true });
    const rows = listLines(context, person, query);
    answerCsv(ctx, `log-${person.post.agency}`, { titles: titlesOf(columns), rows });
  };
}

type Found = { query: Query; meant?: MeantByName; listed?: Listed };

async function show(context: WebContext, ctx: Koa.Context, form: FormView, found: Found): Promise<void> {
  const { query, meant, listed } = found;
  const { who } = query;
  const entries = [...(listed?.entries ?? []), ...(listed?.own ?? [])];
  // The address may hold anybody's id: who it is, only the directory may say.
  const asked = who === undefined ? [] : await listNameable(context.ground.db, [who], personOf(ctx).post.agency);
  const names = await loadNames(context, entries, asked);
  render(ctx, 'log/browse-log/browse-log.njk', {
    title: 'Log',
    layout: { wide: true },
    form,
    open: form.errors.length > 0 || meant !== undefined,
    narrowedTo: narrowedTo(query, names),
    events: [{ value: '', text: 'Any event' }, ...knownEvents],
    kept: { who },
    meant: meant && {
      ...meant,
      people: meant.people.map(({ id, ...one }) => ({
        ...one,
        href: logAddress(query, { who: id, before: undefined }),
      })),
    },
    list: listed && {
      table: logTable(listed, names, context.ground.clock()),
      csv: logAddress(query, { before: undefined }, '/log.csv'),
      older: listed.next === undefined ? undefined : logAddress(query, { before: String(listed.next) }),
      newest: query.before === undefined ? undefined : logAddress(query, { before: undefined }),
    },
  });
}

/** What the list is narrowed to, in words, so that nobody takes a part for the whole. */
function narrowedTo({ event, outcome, record, from, to, who, part }: Query, names: EntryNames): string[] {
  const name = names.person(who) ?? who;
  return [
    event === undefined ? undefined : `“${eventWords(event)}”`,
    outcome === undefined ? undefined : `decisions that say ${outcome}`,
    record === undefined ? undefined : `about ${record}`,
    from === undefined ? undefined : `from ${date(startOfDay(from))}`,
    to === undefined ? undefined : `until ${date(startOfDay(to))}`,
    name === undefined ? undefined : `${part === 'about' ? 'what is about' : 'what was done by'} ${name}`,
  ].filter((words) => words !== undefined);
}
