/** Tables said once for the page and for the file; which part of a list a page shows; charts as they are drawn. */
import { describe, expect, it } from '@jest/globals';
import { bars, lines } from '../../../admin-ui/kit/chart.ts';
import { matrixView } from '../../../admin-ui/kit/matrix.ts';
import { pages } from '../../../admin-ui/kit/pages.ts';
import { type Column, orderOf, sortBy, sorted, tableView, textsOf, titlesOf } from '../../../admin-ui/kit/table.ts';
import { toCsv } from '../../../platform/web/csv.ts';

type Row = { name: string; count: number; at: number };

const columns: Column<Row>[] = [
  { name: 'name', title: 'Name', cell: ({ name }) => ({ text: name, href: `/people/${name}` }), sorts: true },
  { name: 'count', title: 'Count', cell: ({ count }) => String(count), sorts: true, looks: 'numeric' },
  { name: 'at', title: 'When', cell: ({ at }) => ({ at }), sorts: true },
  { name: 'state', title: 'State', cell: ({ count }) => ({ text: count > 5 ? 'Many' : 'Few', tag: 'grey' }) },
];
const rows: Row[] = [
  { name: 'Émile', count: 10, at: 1_700_000_000 },
  { name: 'adam', count: 9, at: 1_600_000_000 },
  { name: 'Zoë', count: 1, at: 1_800_000_000 },
];
const namesBy = (sort: string): string[] => sorted(columns, rows, orderOf(sort)).map(({ name }) => name);

describe('a table', () => {
  const view = tableView(columns, rows, {
    caption: 'People',
    path: '/people',
    query: { name: 'a&b', sort: 'name', page: '3' },
    now: 0,
  });

  it('says which column it is in order by, and leads to every other order with the filters kept, from the first page', () => {
    expect(view.head.map(({ sorted: order }) => order)).toEqual(['ascending', undefined, undefined, undefined]);
    expect(view.head.map(({ href }) => href)).toEqual([
      '/people?name=a%26b&sort=-name',
      '/people?name=a%26b&sort=count',
      '/people?name=a%26b&sort=at',
      undefined,
    ]);
  });

  it('gives each cell the title of its column, by which narrow windows name it', () => {
    expect(view.rows[0]).toEqual({
      cells: [
        { title: 'Name', text: 'Émile', href: '/people/Émile' },
        { title: 'Count', looks: 'numeric', text: '10' },
        { title: 'When', at: 1_700_000_000 },
        { title: 'State', text: 'Many', tag: 'grey' },
      ],
    });
  });

  it('is put in order as people look things up: words without case or accents, numbers and times by size', () => {
    expect(namesBy('name')).toEqual(['adam', 'Émile', 'Zoë']);
    expect(namesBy('-name')).toEqual(['Zoë', 'Émile', 'adam']);
    expect(namesBy('count')).toEqual(['Zoë', 'adam', 'Émile']);
    expect(namesBy('-at')).toEqual(['Zoë', 'Émile', 'adam']);
    expect(namesBy('state of things')).toEqual(['Émile', 'adam', 'Zoë']);
  });

  it.each([
    ['name', 'name'],
    ['-count', '-count'],
    ['state', undefined],
    ['name; drop table post', undefined],
    [['name', 'count'], undefined],
    [undefined, undefined],
  ])('takes the order %j of an address as %j', (sent, taken) => {
    expect(sortBy(columns).parse(sent)).toBe(taken);
  });

  it('is the same as a file, in which no text becomes a formula', () => {
    const wild = [...rows, { name: ' =cmd|"/c calc"!A1', count: -1, at: 0 }];
    expect(toCsv([titlesOf(columns), ...wild.map((row) => textsOf(columns, row))]).split('\r\n')).toEqual([
      '"Name","Count","When","State"',
      '"Émile","10","2023-11-14T22:13:20.000Z","Many"',
      '"adam","9","2020-09-13T12:26:40.000Z","Many"',
      '"Zoë","1","2027-01-15T08:00:00.000Z","Few"',
      `"' =cmd|""/c calc""!A1","'-1","1970-01-01T00:00:00.000Z","Few"`,
      '',
    ]);
  });
});

describe('the pages of a list', () => {
  const shown = (page: number, total: number) => pages('/list', { name: 'x' }, { page, size: 50, total });

  it('say which part of how many is shown', () => {
    expect([shown(1, 1_234)?.range, shown(2, 1_234)?.range, shown(25, 1_234)?.range]).toEqual([
      '1 to 50 of 1,234',
      '51 to 100 of 1,234',
      '1,201 to 1,234 of 1,234',
    ]);
  });

  it('lead on and back with what the list was narrowed by', () => {
    expect(shown(2, 120)).toMatchObject({
      previous: { href: '/list?name=x&page=1', labelText: '1 of 3' },
      next: { href: '/list?name=x&page=3', labelText: '3 of 3' },
    });
    expect(Object.keys(shown(1, 120)!)).toEqual(['range', 'next']);
    expect(Object.keys(shown(3, 120)!)).toEqual(['range', 'previous']);
  });

  it('are none where one page holds all', () => {
    expect([shown(1, 50), shown(1, 0)]).toEqual([undefined, undefined]);
  });
});

it('a matrix says for each role what holds of each part', () => {
  const view = matrixView(
    { caption: 'Who reads what', corner: 'Role' },
    [{ title: 'Teacher' }],
    [{ title: 'Name' }, { title: 'Plan' }],
    ({ title: role }, { title: part }) => `${role} ${part}`,
  );
  expect(view.head.map(({ title }) => title)).toEqual(['Role', 'Name', 'Plan']);
  expect(view.rows).toEqual([
    {
      cells: [
        { title: 'Role', text: 'Teacher' },
        { title: 'Name', text: 'Teacher Name' },
        { title: 'Plan', text: 'Teacher Plan' },
      ],
    },
  ]);
});

describe('a chart', () => {
  it('of bars makes each as long as its share of all', () => {
    const { bars: drawn } = bars('By place', 'Place', 'Visits', [
      { text: 'Here', count: 2 },
      { text: 'There', count: 1 },
    ]);
    expect(drawn.map(({ percent }) => percent)).toEqual([66.7, 33.3]);
    expect(bars('Nothing', 'Place', 'Visits', [{ text: 'Here', count: 0 }]).bars[0]?.percent).toBe(0);
  });

  it('of lines goes from corner to corner of its box, and says in words what it shows', () => {
    const chart = lines('Visits', 'Month', ['May', 'June', 'July'], [{ title: 'Made', counts: [0, 4, 2] }]);
    expect(chart.lines[0]).toEqual({ title: 'Made', number: 1, counts: [0, 4, 2], drawn: '0,200 300,0 600,100' });
    expect([chart.most, chart.summary]).toEqual([4, 'Visits: Made between 0 and 4, from May to July']);
  });

  it('of one point, or of nothing but zeros, is drawn too', () => {
    expect(lines('A', 'Month', ['May'], [{ title: 'B', counts: [3] }]).lines[0]?.drawn).toBe('300,0');
    expect(lines('A', 'Month', ['May', 'June'], [{ title: 'B', counts: [0, 0] }]).lines[0]?.drawn).toBe(
      '0,200 600,200',
    );
  });
});
