/** GET /log: what is recorded about the officer's own agency, newest first, narrowed by filters. Reading it is recorded too. */
import type Koa from 'koa';
import { z } from 'zod';
import { listNames } from '../../directory/practitioners/list_names.ts';
import { type LogEntry, type LogFilters, listEntries } from '../../platform/log/read.ts';
import { collectValues } from '../../platform/web/body.ts';
import { parseFields } from '../../platform/web/form.ts';
import { render } from '../../platform/web/render.ts';
import type { WebContext } from '../context.ts';
import { personOf } from '../session/require_person.ts';
import { entryInWords, knownEvents } from '../words/entry.ts';
import { recordReading } from './record_reading.ts';

const day = z.iso.date('Use a date such as 2026-11-21').optional();
const Query = z.object({
  event: z
    .enum(knownEvents.map(({ value }) => value) as [string, ...string[]], 'Choose an event from the list')
    .optional(),
  outcome: z.enum(['yes', 'no'], 'Choose yes or no').optional(),
  person: z.string().trim().max(64).optional(),
  from: day,
  to: day,
  before: z.coerce.number().int().min(0).optional(),
});
type Query = z.output<typeof Query>;

export function browseLog(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
    const filters = parsed.ok ? parsed.data : {};
    const { entries, next } = parsed.ok ? await readPage(context, ctx, filters) : { entries: [], next: undefined };
    const names = await listNames(
      context.ground.db,
      entries.flatMap(({ actor, subject }) => [actor?.practitioner ?? '', subject ?? '']),
    );
    render(ctx, 'browse-log/browse-log.njk', {
      title: 'Log',
      form: parsed.form,
      events: [{ value: '', text: 'Any event' }, ...knownEvents],
      entries: entries.map((entry) => ({ ...entryInWords(entry), ...whoAndWhom(entry, names) })),
      older: next === undefined ? undefined : older(filters, next),
    });
    if (!parsed.ok) ctx.status = 400;
  };
}

async function readPage(context: WebContext, ctx: Koa.Context, query: Query) {
  const { db, log } = context.ground;
  const person = personOf(ctx);
  await recordReading(log, person, { filters: { ...query } });
  return listEntries(db, { agency: person.post.agency }, toFilters(query), {
    limit: 25,
    ...(query.before === undefined ? {} : { before: query.before }),
  });
}

function toFilters({ event, outcome, person, from, to }: Query): LogFilters {
  return {
    ...(event === undefined ? {} : { event }),
    ...(outcome === undefined ? {} : { event: 'decision', decision: outcome === 'yes' }),
    ...(person === undefined ? {} : { practitioner: person }),
    ...(from === undefined ? {} : { from: Date.parse(from) / 1000 }),
    ...(to === undefined ? {} : { to: Date.parse(to) / 1000 + 86_400 }),
  };
}

function whoAndWhom({ actor, subject }: LogEntry, names: Map<string, string>) {
  const who = names.get(actor?.practitioner ?? '') ?? actor?.client ?? actor?.service;
  const whom = names.get(subject ?? '');
  return { who: who ?? 'erased', ...(whom === undefined || whom === who ? {} : { whom }) };
}

function older(query: Query, before: number): string {
  const kept = Object.entries({ ...query, before: String(before) }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `/log?${new URLSearchParams(kept).toString()}`;
}
