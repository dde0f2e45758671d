/** Every part that pages are built of, with invented data: for whoever designs a page. Mounted only in the demo. */
import path from 'node:path';
import Router from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { bars, lines } from '../../admin-ui/kit/chart.ts';
import { matrixView } from '../../admin-ui/kit/matrix.ts';
import { addressOf, pages } from '../../admin-ui/kit/pages.ts';
import { type Column, orderOf, sortBy, sorted, tableView, textsOf, titlesOf } from '../../admin-ui/kit/table.ts';
import { collectValues } from '../../platform/web/body.ts';
import { answerCsv, toCsv } from '../../platform/web/csv.ts';
import { parseFields } from '../../platform/web/form.ts';
import { render } from '../../platform/web/render.ts';
import { visits, type Visit } from './visits.ts';

/** Root of this page's templates, for `createViews`. */
export const kitViews = path.join(import.meta.dirname, 'views');

const size = 10;
const hour = 3_600;

const columns: Column<Visit>[] = [
  { name: 'name', title: 'Name', cell: ({ name }) => ({ text: name, href: '/demo/kit' }), sorts: true },
  { name: 'place', title: 'Place', cell: ({ place }) => place, sorts: true },
  { name: 'note', title: 'Note', cell: ({ note }) => note, looks: 'clipped' },
  {
    name: 'state',
    title: 'State',
    cell: ({ done }) => (done ? { text: 'Done', tag: 'green' } : { text: 'Open', tag: 'yellow' }),
  },
  { name: 'minutes', title: 'Minutes', cell: ({ minutes }) => String(minutes), sorts: true, looks: 'numeric' },
  { name: 'at', title: 'When', cell: ({ at }) => ({ at }), sorts: true },
];

const Query = z.object({
  place: z.string().max(50).optional(),
  sort: sortBy(columns),
  page: z.coerce.number().int().min(1).max(100).catch(1),
  tab: z.enum(['first', 'second']).catch('first'),
});

/** Routes `/demo/kit`, its file and its page to confirm. `clock` in epoch seconds. */
export function demoKit(clock: () => number): Koa.Middleware {
  const router = new Router();
  router.get('/demo/kit', (ctx) => show(ctx, clock()));
  router.get('/demo/kit.csv', (ctx) => {
    const { rows } = readList(ctx, clock());
    answerCsv(ctx, 'visits', toCsv([titlesOf(columns), ...rows.map((row) => textsOf(columns, row))]));
  });
  router.get('/demo/kit/confirm', (ctx) => {
    // Nothing happens when it is sent, so there is nothing to protect.
    ctx.state.csrfField = '';
    render(ctx, 'demo-confirm.njk', {
      title: 'Close the register',
      caption: 'An invented register',
      back: { text: 'Parts of pages', href: '/demo/kit' },
      action: '/demo/kit/confirm',
      button: 'Close it',
      form: undefined,
    });
  });
  router.post('/demo/kit/confirm', (ctx) => ctx.redirect('/demo/kit'));
  return router.routes() as unknown as Koa.Middleware;
}

function readList(ctx: Koa.Context, now: number) {
  const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
  const { page, tab, ...query } = parsed.ok ? parsed.data : Query.parse({});
  const found = visits(now).filter(({ place }) => query.place === undefined || place === query.place);
  return { form: parsed.form, page, tab, query, rows: sorted(columns, found, orderOf(query.sort)) };
}

function show(ctx: Koa.Context, now: number): void {
  const { form, page, tab, query, rows } = readList(ctx, now);
  const places = [...new Set(visits(now).map(({ place }) => place))].map((place) => ({ value: place, text: place }));
  render(ctx, 'demo-kit.njk', {
    title: 'Parts of pages',
    now,
    form,
    places: [{ value: '', text: 'Anywhere' }, ...places],
    list: {
      table: tableView(columns, rows.slice((page - 1) * size, page * size), {
        caption: 'Invented visits',
        path: '/demo/kit',
        query,
        now,
      }),
      kept: { sort: query.sort },
      pages: pages('/demo/kit', query, { page, size, total: rows.length }),
      csv: addressOf('/demo/kit.csv', query),
    },
    tabItems: [
      { text: 'First', href: '/demo/kit', current: tab === 'first' },
      { text: 'Second', href: '/demo/kit?tab=second', current: tab === 'second' },
    ],
    tab,
    ...examples(now),
  });
}

function examples(now: number) {
  const roles = ['Social worker', 'Health visitor', 'Police officer', 'Teacher', 'Housing officer'];
  const fields = ['Name', 'Address', 'School', 'Plan', 'Diagnosis', 'Convictions', 'Carers'];
  const named = (titles: string[]) => titles.map((title, index) => ({ title, index }));
  const may = (row: { index: number }, column: { index: number }) => (row.index * 3 + column.index * 5) % 4;
  const answers = [
    { text: 'Reads', tag: 'green' },
    { text: 'Asks', tag: 'yellow' },
    { text: 'Never', tag: 'red' },
    '',
  ] as const;
  return {
    matrix: matrixView(
      { caption: 'Which role may read which part', corner: 'Role' },
      named(roles),
      named(fields),
      (row, column) => answers[may(row, column)]!,
    ),
    barChartOf: bars('Visits by place', 'Place', 'Visits', [
      { text: 'Gateshead', count: 24 },
      { text: 'Newcastle upon Tyne', count: 17 },
      { text: 'Sunderland', count: 6 },
      { text: 'Elsewhere', count: 1 },
    ]),
    lineChartOf: lines(
      'Visits by month',
      'Month',
      ['June', 'July', 'August', 'September', 'October', 'November'],
      [
        { title: 'Asked for', counts: [12, 18, 9, 24, 31, 28] },
        { title: 'Made', counts: [10, 15, 9, 19, 22, 27] },
      ],
    ),
    events: [
      { at: now - hour, title: 'Signed by the second agency', text: 'It is in force.', href: '/demo/kit' },
      { at: now - 50 * hour, title: 'Signed by the first agency' },
      { at: now - 400 * hour, title: 'Put to signature', text: 'Nobody can change the text any more.' },
    ],
  };
}
