/** GET /log/{id}: one entry of the log, with the proof that it stands there unchanged. Opening it is recorded. */
import type Koa from 'koa';
import { listNames } from '../../directory/practitioners/list_names.ts';
import { findEntry, type LogEntry } from '../../platform/log/read.ts';
import { render } from '../../platform/web/render.ts';
import { recordReading } from '../browse-log/record_reading.ts';
import type { WebContext } from '../context.ts';
import { WebApplicationError } from '../errors.ts';
import { personOf } from '../session/require_person.ts';
import { entryInWords } from '../words/entry.ts';
import { checkEntry } from './check_entry.ts';

export function viewLogEntry(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const person = personOf(ctx);
    const { id } = ctx.params as { id: string };
    const entry = await findEntry(context.ground.db, { agency: person.post.agency }, id);
    if (entry === undefined) {
      throw new WebApplicationError('not-found', 'entry-unknown', 'Your agency’s part of the log has no such entry.');
    }
    await recordReading(context.ground.log, person, { entry: id });
    const names = await listNames(context.ground.db, [entry.actor?.practitioner ?? '', entry.subject ?? '']);
    render(ctx, 'view-log-entry/view-log-entry.njk', {
      ...entryInWords(entry),
      facts: facts(entry, names),
      content: entry.content === undefined ? undefined : JSON.stringify(entry.content, null, 2),
      erasedBy: entry.erasedBy,
      isDecision: entry.event === 'decision',
      proof: await checkEntry(context.ground, id),
    });
  };
}

function facts(entry: LogEntry, names: Map<string, string>) {
  const named = (id: string | undefined): string | undefined => (id === undefined ? undefined : (names.get(id) ?? id));
  return [
    { key: 'By', value: named(entry.actor?.practitioner) },
    { key: 'For the agency', value: entry.actor?.agency },
    { key: 'Through the system', value: entry.actor?.client ?? entry.actor?.service },
    { key: 'About', value: named(entry.subject) },
    { key: 'Agencies that may read it', value: entry.agencies.join(', ') },
    { key: 'Head of the register then', value: entry.register },
  ].filter(({ value }) => value !== undefined && value !== '');
}
