/** The questions about a statement, and how the answers become one. */
import { z } from 'zod';
import type { Matter } from '../../../policy/decisions/consent/asked_clauses.ts';
import {
  authorities,
  capacities,
  childViews,
  notAskedReasons,
  relations,
  type Statement,
  type StatementState,
  wordings,
} from '../../../policy/decisions/consent/statement.ts';
import { day, startOfDay } from '../../kit/days.ts';
import { languages, scopeValue } from '../words.ts';

/** The form for statements of that kind; `matters` are the choices of what it is about. Only agreement asks for the last four. */
export function formFor(matters: readonly Matter[]) {
  const values = matters.map(({ basis, scope }) => scopeValue(basis, scope)) as [string, ...string[]];
  return z.object({
    matter: z.enum(values, 'Choose what it is about'),
    capacity: z.enum(capacities, 'Say whether the person can decide this'),
    given_by: z.enum(relations, 'Say who said it'),
    authority: z.enum(authorities, 'Choose how you checked it').optional(),
    child_view: z.enum(childViews, 'Choose what the child thinks').optional(),
    not_asked_because: z.enum(notAskedReasons, 'Choose why the child was not asked').optional(),
    wording: z.enum(wordings, 'Say how they were asked'),
    language: z.enum(Object.keys(languages) as [string, ...string[]], 'Choose the language'),
    said_on: z.string().prefault('').pipe(day('The day')),
    until: day('The last day').optional(),
  });
}

type Answers = z.output<ReturnType<typeof formFor>>;

/**
 * The statement that the answers make. A day that is past has no hour: agreement counts from its beginning and everything
 * else from its end, so that of two words on one day the "no" holds.
 */
export function statementFrom(
  answers: Answers,
  { state, matters, now }: { state: StatementState; matters: readonly Matter[]; now: number },
): Omit<Statement, 'subject' | 'protocol'> {
  const { basis, scope } = matters.find((one) => scopeValue(one.basis, one.scope) === answers.matter)!;
  const { authority, child_view: childView, not_asked_because: notAskedBecause, until } = answers;
  return {
    state,
    basis,
    ...(scope && { scope }),
    saidAt: momentOf(answers.said_on, state, now),
    givenBy: answers.given_by,
    capacity: answers.capacity,
    wording: answers.wording,
    language: answers.language,
    ...(authority && { authority }),
    ...(childView && { childView }),
    ...(notAskedBecause && { notAskedBecause }),
    ...(until !== undefined && { until: startOfDay(until, 1) }),
  };
}

function momentOf(date: string, state: StatementState, now: number): number {
  const [begins, ends] = [startOfDay(date), startOfDay(date, 1)];
  // Today is this moment; a day to come stays one, and is refused as such.
  if (begins <= now && now < ends) return now;
  return state === 'given' || begins > now ? begins : ends - 1;
}
