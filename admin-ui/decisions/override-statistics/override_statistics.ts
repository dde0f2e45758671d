/** GET /reviews/statistics: figures about overrides on the agency's records. They name nobody. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { countOverrides, type Figure } from '../../../policy/decisions/overrides/statistics.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
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
    const table = (title: string, head: string, rows: Figure[], words: (key: string) => string) => ({
      title,
      head,
      rows: rows.map(({ key, count }) => ({ text: words(key), count })),
    });
    render(ctx, 'decisions/override-statistics/override-statistics.njk', {
      title: 'Figures about overrides',
      agencyName,
      days,
      total: figures.total,
      medianTime: figures.medianTime === undefined ? undefined : duration(figures.medianTime),
      tables: [
        table('By month', 'Month', figures.byMonth, (key) => month.format(Date.parse(`${key}-01`))),
        table('By ground', 'Ground', figures.byGround, (key) => (groundWords as Record<string, string>)[key] ?? key),
        table('By agency of the person', 'Agency', figures.byAgency, (key) => state?.agencies.get(key)?.name ?? key),
        table('By clause', 'Clause', figures.byClause, (key) => clauseWords(state, key)),
        table('By outcome', 'Outcome', figures.byOutcome, (key) => (outcomeText as Record<string, string>)[key] ?? key),
      ],
    });
  };
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
