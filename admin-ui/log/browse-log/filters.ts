/** What the list of the log can be narrowed by, as it stands in the page's address. */
import { z } from 'zod';
import { readLine } from '../../../platform/typed.ts';
import { joinSql } from '../../../platform/database/sql.ts';
import type { LogFilters } from '../../../platform/log/read.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { answered, decisionEvents, mayName } from '../../../policy/decisions/audit/recorded.ts';
import { addressOf, type PageQuery } from '../../kit/pages.ts';
import { knownEvents } from '../../words/events.ts';
import { day, startOfDay } from '../../kit/days.ts';

/** `person` is a name as typed; `who` is the id of the one who was chosen. */
export const Query = z
  .object({
    event: z
      .enum(knownEvents.map(({ value }) => value) as [string, ...string[]], 'Choose an event from the list')
      .optional(),
    outcome: z.enum(['yes', 'no'], 'Choose yes or no').optional(),
    from: day('From day').optional(),
    to: day('To day').optional(),
    record: z.string().overwrite(readLine).max(200, 'Use at most 200 characters for the reference').optional(),
    person: z.string().trim().max(100, 'Use at most 100 characters for the name').optional(),
    part: z.enum(['did', 'about'], 'Choose one from the list').optional(),
    who: z.string().refine(isUuid).optional().catch(undefined),
    before: z.coerce.number().int().min(0).optional().catch(undefined),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'The last day must not be before the first',
  })
  .refine(({ event, outcome }) => outcome === undefined || event === undefined || event === 'decision', {
    path: ['outcome'],
    message: 'Only decisions have an outcome: choose the event “Decision”, or any event',
  });
export type Query = z.output<typeof Query>;

/** The same for the log, where decisions stand alone in an entry or several together. */
export function toFilters({ event, outcome, record, who, part, from, to }: Query): LogFilters {
  const conditions = [
    ...(outcome === undefined ? [] : [answered(outcome === 'yes')]),
    ...(record === undefined ? [] : [mayName(record)]),
  ];
  return {
    ...(event === undefined ? {} : { event: event === 'decision' ? decisionEvents : event }),
    ...(outcome === undefined ? {} : { event: decisionEvents }),
    ...(conditions.length > 0 && { matching: joinSql(conditions, ' and ') }),
    ...(who === undefined ? {} : part === 'about' ? { subject: who } : { practitioner: who }),
    ...(from === undefined ? {} : { from: startOfDay(from) }),
    ...(to === undefined ? {} : { to: startOfDay(to, 1) }),
  };
}

/** The address of the list, or of its file, under these filters, changed as given; undefined takes a filter away. */
export function logAddress(query: Query, changes: PageQuery, path: '/log' | '/log.csv' = '/log'): string {
  const { before, ...texts } = query;
  return addressOf(path, { ...texts, before: before?.toString(), ...changes });
}
