/** GET /log/{id}: the entry of that id or of that decision, with the proof that it stands there unchanged. Opening it is recorded. */
import type Koa from 'koa';
import { findEntry, type LogEntry } from '../../../platform/log/read.ts';
import { render } from '../../../platform/web/render.ts';
import { asReadBy } from '../../../policy/decisions/audit/as_read_by.ts';
import { findRecorded } from '../../../policy/decisions/audit/recorded.ts';
import { recordReading } from '../../kit/record_reading.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { personOf } from '../../session/require_person.ts';
import { answersIn, entryInWords } from '../../words/entry.ts';
import { loadNames, type EntryNames } from '../../words/names.ts';
import { checkEntry } from '../../kit/check_entry.ts';

export function viewLogEntry(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const person = personOf(ctx);
    const { id } = ctx.params as { id: string };
    const { db, config } = context.ground;
    const scope = { agency: person.post.agency };
    const found = (await findEntry(db, scope, id)) ?? (await findRecorded(db, scope, id))?.entry;
    if (found === undefined) {
      throw new WebApplicationError('not-found', 'entry-unknown', 'Your agency’s part of the log has no such entry.');
    }
    const entry = asReadBy(config.masterKey, scope, found);
    await recordReading(context.ground.log, person, { entry: entry.id });
    const names = await loadNames(context, [entry]);
    const words = entryInWords(entry, names);
    render(ctx, 'log/view-log-entry/view-log-entry.njk', {
      ...words,
      facts: facts(entry, names),
      content: wholeContent(entry),
      erasedBy: entry.erasedBy,
      answers: answersIn(entry),
      proof: await checkEntry(context.ground, entry.id),
    });
  };
}

function wholeContent({ content, parts }: LogEntry): string | undefined {
  if (content === undefined) return undefined;
  return JSON.stringify(parts === undefined ? content : { content, parts }, null, 2);
}

function facts({ actor, subject, agencies, register }: LogEntry, names: EntryNames) {
  const { agency, client, service } = actor ?? {};
  return [
    { key: 'By', value: names.person(actor?.practitioner) ?? actor?.practitioner, practitioner: actor?.practitioner },
    { key: 'For', value: agency && names.agency(agency) },
    { key: 'Through the system', value: client && names.system(client) },
    { key: 'Part of the service', value: service },
    ...(subject === actor?.practitioner
      ? []
      : [{ key: 'About', value: names.person(subject) ?? subject, practitioner: names.person(subject) && subject }]),
    { key: 'Agencies that may read it', value: agencies.map(names.agency).join(', ') },
    { key: 'Head of the register then', value: register, code: true },
  ].filter(({ value }) => value !== undefined && value !== '');
}
