/** GET /reviews/statistics: figures about overrides on the agency's records. They name nobody. */
import type Koa from 'koa';
import { isoDate } from '../../../platform/web/filters.ts';
import { render } from '../../../platform/web/render.ts';
import { countOverrides, type Figure } from '../../../policy/decisions/overrides/statistics.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { bars, lines } from '../../kit/chart.ts';
import { personOf } from '../../session/require_person.ts';
import { citeClause, citeInLine } from '../../words/citation.ts';
import { groundWords, outcomeWords } from '../../words/overrides.ts';

const days = 365;
const month = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });

export function overrideStatistics(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { agency, agencyName } = personOf(ctx).post;
    const { db, clock } = context.ground;
    const figures = await countOverrides(db, agency, clock() - days * 86_400);
    const state = context.register.state();
    const chart = (title: string, head: string, figures: Figure[], words: (key: string) => string) =>
      bars(title, head, 'Overrides', inWords(figures, words));
    render(ctx, 'decisions/override-statistics/override-statistics.njk', {
      title: 'Figures about overrides',
      agencyName,
      days,
      total: figures.total,
      medianTime: figures.medianTime === undefined ? undefined : duration(figures.medianTime),
      byMonth: monthChart(figures.byMonth, clock()),
      charts: [
        chart('By ground', 'Ground', figures.byGround, (key) => (groundWords as Record<string, string>)[key] ?? key),
        chart('By agency of the person', 'Agency', figures.byAgency, (key) => state?.agencies.get(key)?.name ?? key),
        chart('By clause', 'Clause', figures.byClause, (key) => clauseWords(state, key)),
        chart('By outcome', 'Outcome', figures.byOutcome, (key) => (outcomeText as Record<string, string>)[key] ?? key),
      ],
    });
  };
}

function inWords(figures: readonly Figure[], words: (key: string) => string) {
  return figures.map(({ key, count }) => ({ text: words(key), count }));
}

/** The months of a year up to now, also those in which nothing happened. */
function monthChart(byMonth: readonly Figure[], now: number) {
  const counts = new Map(byMonth.map(({ key, count }) => [key, count]));
  const [year = 0, last = 0] = isoDate(now).split('-').map(Number);
  const months = Array.from({ length: 13 }, (_, index) =>
    new Date(Date.UTC(year, last - 13 + index)).toISOString().slice(0, 7),
  );
  return lines(
    'By month',
    'Month',
    months.map((key) => month.format(Date.parse(`${key}-01`))),
    [{ title: 'Overrides', counts: months.map((key) => counts.get(key) ?? 0) }],
  );
}

const outcomeText = { ...outcomeWords, open: 'Still open' };

function clauseWords(state: RegisterState | undefined, key: string): string {
  const [id, version, clause] = key.split(' ');
  const signed = [...(state?.protocols.values() ?? [])].map(({ document }) => document);
  const document = signed.find((one) => one.id === id && one.version === Number(version));
  const text = document?.clauses.find((one) => one.id === clause)?.text ?? '';
  const place = { id: id ?? '', version: Number(version), title: document?.title ?? id ?? '' };
  return citeInLine(citeClause(place, { id: clause ?? '', text }));
}

/** "3 days", "5 hours", "20 minutes": as long as it takes to be worth saying. */
function duration(seconds: number): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [unit, length] = units.find(([, size]) => seconds >= 2 * size) ?? ['minute', 60];
  const count = Math.max(1, Math.round(seconds / length));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
