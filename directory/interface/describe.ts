/** The directory's values as the interface writes them: snake_case, and each fact with its age in days. */
import type { z } from 'zod';
import type { Agency } from '../agencies/agency.ts';
import type { DutyDesk } from '../agencies/find_duty_desk.ts';
import type { Entry, Fact } from '../finding/entry.ts';
import type { FoundPost, SearchPage } from '../finding/search_practitioners.ts';
import type { Team } from '../agencies/list_teams.ts';
import type { AgencyPage, AgencyShape, DutyDeskShape, EntryShape, SearchResults } from './shapes.ts';

type Snake<Key extends string> = Key extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Snake<Rest>}`
    : `_${Lowercase<First>}${Snake<Rest>}`
  : Key;
type SnakeKeys<T> = { [Key in keyof T as Key extends string ? Snake<Key> : never]: T[Key] };

/** The same object with its keys in snake_case. */
function snake<T extends object>(value: T): SnakeKeys<T> {
  const entries = Object.entries(value).map(([key, of]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    of,
  ]);
  return Object.fromEntries(entries) as SnakeKeys<T>;
}

/** Whole days since then (both epoch seconds). */
function ageInDays(then: number, now: number): number {
  return Math.max(0, Math.floor((now - then) / 86_400));
}

function confirmed<T extends { confirmedAt: number }>({ confirmedAt, ...rest }: T, now: number) {
  return { ...snake(rest), checked_at: confirmedAt, age_days: ageInDays(confirmedAt, now) };
}

function describeFact<Value, Shown>(fact: Fact<Value>, now: number, show: (value: Value) => Shown) {
  return {
    value: show(fact.value),
    evidence: fact.evidence,
    source: fact.source,
    ...(fact.checkedBy !== undefined && { checked_by: fact.checkedBy }),
    ...(fact.checkedAt !== undefined && { checked_at: fact.checkedAt, age_days: ageInDays(fact.checkedAt, now) }),
  };
}

const same = <Value>(value: Value): Value => value;

/** A duty desk. */
function describeDesk(desk: DutyDesk, now: number): z.output<typeof DutyDeskShape> {
  return confirmed(desk, now) as z.output<typeof DutyDeskShape>;
}

/** An agency. */
export function describeAgency(agency: Agency, now: number): z.output<typeof AgencyShape> {
  return confirmed(agency, now) as z.output<typeof AgencyShape>;
}

/** An agency with its duty desk and listed teams. */
export function describeAgencyPage(
  agency: Agency,
  desk: DutyDesk | undefined,
  teams: Team[],
  now: number,
): z.output<typeof AgencyPage> {
  return {
    ...describeAgency(agency, now),
    ...(desk !== undefined && { duty_desk: describeDesk(desk, now) }),
    teams: teams.map(({ agency: _, listed: __, ...team }) => confirmed(team, now)) as z.output<
      typeof AgencyPage
    >['teams'],
  };
}

/** One page of a search. */
export function describeSearch(page: SearchPage, now: number): z.output<typeof SearchResults> {
  const results = page.results.map(({ posts, ...person }) => ({
    ...person,
    posts: posts.map((post: FoundPost) => confirmed(post, now)),
  }));
  return { ...page, results };
}

/** An entry. */
export function describeEntry(entry: Entry, now: number): z.output<typeof EntryShape> {
  return {
    id: entry.id,
    agency: entry.agency,
    name: describeFact(entry.name, now, same),
    other_names: entry.otherNames,
    email: describeFact(entry.email, now, same),
    ...(entry.phone !== undefined && { phone: describeFact(entry.phone, now, same) }),
    identity: describeFact(entry.identity, now, same),
    posts: entry.posts.map((post) => ({
      ...describeFact(post, now, snake),
      ...(post.dutyDesk !== undefined && { duty_desk: describeDesk(post.dutyDesk, now) }),
    })),
    registrations: entry.registrations.map((registration) => describeFact(registration, now, snake)),
  };
}
