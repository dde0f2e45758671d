/** The parts of pages where they are used: the log, the posts, figures about overrides, the header and the footer. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser as Chromium } from 'playwright-core';
import { namedPerson } from '../../../demo/region/people.ts';
import { type GeneratedDocument, text } from '../../../policy/governance/publications/document.ts';
import { readingAge, wantedAge } from '../../../policy/governance/publications/reading_age.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { type Browser, createBrowser } from '../../support/idp/idp.ts';
import { findChromium, launchBrowser, openPage } from '../../support/journeys/browser.ts';
import { asOwner, decideFor, openSession, passSignInPages, traveller } from '../../support/journeys/journey.ts';
import { unescape } from '../../support/platform/forms.ts';
import { askWith, stated, userToken } from '../../support/policy/override.ts';

let service: RunningApplication;
let officer: Browser;
let administrator: Browser;
let nobody: Browser;

beforeAll(async () => {
  service = await startApplication();
  officer = await openSession(service, 'siro');
  administrator = await openSession(service, 'administrator');
  nobody = createBrowser(service.baseUrl);
});
afterAll(() => service.close());

const plain = (html: string): string => unescape(html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')).trim();
/** The cells of each row of a page's table, by the titles of their columns; a folded row under `fold`. */
const rowsOf = (page: string): Record<string, string>[] =>
  page
    .split('<tr')
    .slice(2)
    .map((row) => {
      const cells = [...row.matchAll(/data-title="([^"]+)">([\s\S]*?)<\/t[hd]>/g)];
      if (cells.length === 0) return { fold: plain(/<details>[\s\S]*<\/details>/.exec(row)?.[0] ?? '') };
      return Object.fromEntries(cells.map(([, title, cell]) => [title!, plain(cell!)]));
    });
const columnOf = (page: string, title: string): string[] => rowsOf(page).map((row) => row[title] ?? '');
const linesOf = (csv: string): string[][] =>
  csv
    .replace('\uFEFF', '')
    .trimEnd()
    .split('\r\n')
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell!.replaceAll('""', '"')));

describe('the list of posts', () => {
  const read = async (query: string): Promise<string> => (await administrator.send(`/posts${query}`)).text;
  const collator = new Intl.Collator('en-GB');

  it.each([
    ['role', 'Role'],
    ['team', 'Team'],
  ])('is put in order by its %s, and the other way round', async (sort, title) => {
    const ascending = columnOf(await read(`?sort=${sort}`), title);
    expect(ascending).toHaveLength(25);
    expect(ascending).toEqual([...ascending].sort(collator.compare));
    const descending = columnOf(await read(`?sort=-${sort}`), title);
    expect(descending).toEqual([...descending].sort(collator.compare).reverse());
    expect(descending[0]).not.toBe(ascending[0]);
  });

  it('says so to those who do not see the arrow, and keeps the filter', async () => {
    const page = await read('?name=a&sort=-from');
    expect(page).toMatch(/aria-sort="descending">\s*<a class="govuk-link" href="\/posts\?name=a&amp;sort=from">From</);
    expect(page.match(/aria-sort/g)).toHaveLength(1);
    expect(page).toContain('<input type="hidden" name="sort" value="-from">');
  });

  it('says which part of it is shown', async () => {
    const [row] = await asOwner(service.database, "select count(*)::int as count from post where agency = 'E08000037'");
    expect(await read('?page=2')).toContain(`26 to 50 of ${String(row?.count)}`);
  });

  it('is the same as a file, but all of it', async () => {
    const answer = await administrator.send('/posts.csv?name=rob&sort=role');
    expect(answer.headers.get('content-disposition')).toContain('posts-E08000037.csv');
    const [titles, ...lines] = linesOf(answer.text);
    expect(titles).toEqual(['Name', 'Role', 'Team', 'From', 'Until', 'State']);
    const shown = rowsOf(await read('?name=rob&sort=role'));
    expect(lines.map(([name, role]) => [name, role])).toEqual(shown.map(({ Name, Role }) => [Name, Role]));
    expect(linesOf((await administrator.send('/posts.csv')).text).length).toBeGreaterThan(26);
  });

  it('is no file of everything where the filter is refused: the page says why', async () => {
    const refused = `?name=${'a'.repeat(101)}`;
    const answer = await administrator.send(`/posts.csv${refused}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/posts${refused}`]);
    expect(await read(refused)).toContain('Use at most 100 characters');
  });

  it('is no file for others', async () => {
    expect((await officer.send('/posts.csv')).status).toBe(403);
    expect((await nobody.send('/log.csv')).status).toBe(302);
  });
});

describe('the log', () => {
  const read = async (query = ''): Promise<string> => (await officer.send(`/log${query}`)).text;

  it('has the officer’s own readings behind one line, wherever they stand among the others', async () => {
    await read();
    await decideFor(service, 'emergency-doctor');
    const rows = rowsOf(await read());
    const folds = rows.filter(({ fold }) => fold !== undefined);
    expect(folds).toHaveLength(1);
    expect(folds[0]?.fold).toMatch(/^You read the log, \d+ times( Log read .+){2,}$/);
    expect(rows.filter(({ Event }) => Event === 'Log read')).toEqual([]);
    expect(rows.filter(({ fold }) => fold === undefined)).toHaveLength(50);
  });

  it('shows them line by line to whoever looks for them, and what others read in any case', async () => {
    const wanted = rowsOf(await read('?event=log.read'));
    expect(wanted.length).toBeGreaterThan(1);
    expect(new Set(wanted.map(({ Event }) => Event))).toEqual(new Set(['Log read']));
    await administrator.send('/log');
    expect(columnOf(await read(), 'Event')).toContain('Log read');
    expect(rowsOf(await read()).find(({ Event }) => Event === 'Log read')?.By).toContain('Dave Robson');
  });

  it('goes on to older entries without a gap, however much of a page is folded', async () => {
    for (let times = 0; times < 60; times += 1) await read('?to=1/1/2020');
    const seen: string[] = [];
    let next: string | undefined = `${service.baseUrl}/log`;
    for (let page = 0; next !== undefined && page < 20; page += 1) {
      const { text } = await officer.send(next);
      expect(page > 0 || rowsOf(text).length > 50).toBe(true);
      seen.push(...[...text.matchAll(/href="\/log\/([0-9a-f-]{36})"/g)].map(([, id]) => id!));
      const older = /href="([^"]+)">Older entries/.exec(text)?.[1];
      next = older && unescape(older);
    }
    expect(new Set(seen).size).toBe(seen.length);
    const [row] = await asOwner(
      service.database,
      "select count(*)::int as count from log_content where 'E08000037' = any (agencies) and event <> 'log.read'",
    );
    const own = seen.length - Number(row?.count);
    expect(own).toBeGreaterThan(60);
  });

  it('is narrowed to what names a case, in capitals or not, and to nothing else', async () => {
    const token = await userToken(service, 'health-visitor');
    const { id } = (await askWith(service, 'health-visitor', token, stated, { record: 'GC-1004' })).context;
    for (const record of ['GC-1004', 'gc-1004', '%20GC-1004%20']) {
      const page = await read(`?record=${record}`);
      expect(page).toContain(`href="/log/${id}"`);
      for (const event of columnOf(page, 'Event').filter(Boolean)) expect(event).toContain('GC-1004');
    }
    expect(await read('?record=GC-1004')).toContain('about GC-1004');
    expect(await read('?record=GC-100')).toContain('Nothing is recorded that fits');
    expect(await read("?record=' or 1=1 --")).toContain('Nothing is recorded that fits');
  });

  it('is the same as a file, which is recorded as read', async () => {
    const answer = await officer.send('/log.csv?event=register.protocol-signed');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [titles, ...lines] = linesOf(answer.text);
    expect(titles).toEqual(['Event', 'Outcome', 'What', 'By', 'About', 'When', 'Entry']);
    const shown = rowsOf(await read('?event=register.protocol-signed'));
    expect(lines.slice(0, 50).map((line) => line.at(-1))).toEqual(shown.map(({ Entry }) => Entry));
    expect(lines[0]?.[5]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const [last] = await asOwner(
      service.database,
      `select committed::json #>> '{content,file}' as file from log_content where event = 'log.read'
       and committed::json #>> '{content,file}' is not null order by position desc limit 1`,
    );
    expect(last).toEqual({ file: 'true' });
  });

  it('as a file holds all that fits, however long', async () => {
    for (let times = 0; times < 50; times += 1) await read('?to=1/1/2020');
    const [row] = await asOwner(
      service.database,
      "select count(*)::int as count from log_content where 'E08000037' = any (agencies)",
    );
    const lines = linesOf((await officer.send('/log.csv')).text);
    // The titles, and the reading of the file itself.
    expect(lines.length).toBe(Number(row?.count) + 2);
    expect(lines.length).toBeGreaterThan(200);
  });
});

(findChromium() === undefined ? describe.skip : describe)('in a window', () => {
  let chromium: Chromium;
  beforeAll(async () => void (chromium = await launchBrowser()));
  afterAll(() => chromium.close());

  it('50 rows of the log stand on a screen and a half', async () => {
    const visitor = await openPage(chromium);
    const { page } = visitor;
    await page.goto(`${service.baseUrl}/sign-in`);
    await passSignInPages(visitor, traveller(service, 'siro'));
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();
    await page.goto(`${service.baseUrl}/log`);
    const heights = await page.evaluate("[...document.querySelectorAll('tbody tr')].map((row) => row.offsetHeight)");
    const sum = (heights as number[]).slice(0, 50).reduce((all, one) => all + one, 0);
    expect(sum).toBeLessThanOrEqual(1.5 * 900);
    await visitor.context.close();
  });
});

describe('figures about overrides', () => {
  it('are drawn over the months of a year, with the numbers as a table, and in words for those who do not see it', async () => {
    const token = await userToken(service, 'health-visitor');
    await askWith(service, 'health-visitor', token, stated, { record: 'GC-1006' });
    const { text } = await officer.send('/reviews/statistics');
    const [chart = ''] = /<figure[\s\S]*<\/figure>/.exec(text) ?? [];
    expect(chart).toMatch(
      /<svg role="img" aria-label="By month: Overrides between 0 and \d+, from \w+ \d{4} to \w+ \d{4}"/,
    );
    expect(chart.match(/<tr/g)).toHaveLength(14);
    expect(/points="([^"]+)"/.exec(chart)?.[1]?.split(' ')).toHaveLength(13);
    expect(text).toMatch(/aria-label="[\d.]+% of all"/);
    expect(text).not.toMatch(/\sstyle=/);
  });
});

describe('every page', () => {
  it('has a box to find a colleague for whoever is signed in, and for nobody else', async () => {
    for (const path of ['/', '/protocols', '/log', '/nowhere']) {
      expect((await officer.send(path)).text.includes('id="header-search"')).toBe(path !== '/nowhere');
    }
    expect((await nobody.send('/agreements')).text).not.toContain('header-search');
    const { text } = await officer.send('/directory?name=oniel');
    expect(text.match(/role="search"/g)).toHaveLength(2);
    expect(/href="\/directory\/[^"]+">Grace O&#39;Neill</.test(text)).toBe(true);
  });

  it('says at its foot where help is, and which version this is', async () => {
    for (const path of ['/', '/welcome', '/sign-in/nothing', '/nowhere']) {
      const { text } = await nobody.open(path);
      const footer = text.slice(text.indexOf('<footer'));
      for (const href of ['/help', '/accessibility', '/privacy', '/contact'])
        expect(footer).toContain(`href="${href}"`);
      expect(footer).toMatch(/Version \d+\.\d+\.\d+\./);
    }
  });

  it.each(['/help', '/accessibility', '/privacy', '/contact'])('%s can be read at nine', async (path) => {
    const { text: page, status } = await nobody.send(path);
    expect(status).toBe(200);
    const main = /<main[\s\S]*<\/main>/.exec(page)?.[0] ?? '';
    const prose = [...main.matchAll(/<(?:p|li|h2)[^>]*>([\s\S]*?)<\/(?:p|li|h2)>/g)].map(([, html]) => plain(html!));
    const document: GeneratedDocument = {
      title: '',
      about: '',
      sections: [{ heading: '', blocks: prose.map((one) => text(one)) }],
    };
    const { age, hardest } = readingAge(document);
    expect({ tooHard: age > wantedAge, hardest: age > wantedAge ? hardest : [] }).toEqual({
      tooHard: false,
      hardest: [],
    });
  });

  it('that a link at its foot leads to leads only where there is a page', async () => {
    for (const path of ['/help', '/accessibility', '/privacy', '/contact']) {
      const { text } = await nobody.send(path);
      for (const [, href] of text.matchAll(/href="(\/[a-z-]*)"/g)) {
        expect({ href, status: (await nobody.send(href!)).status < 400 }).toEqual({ href, status: true });
      }
    }
  });
});

describe('ending an appointment', () => {
  it('asks on a page that says that it cannot be undone, with a way back', async () => {
    const { text } = await administrator.send(`/agencies/E08000037/officers/end/${namedPerson('siro').id}`);
    expect(text).toContain('This cannot be undone.');
    expect(text).toMatch(/href="\/agencies\/E08000037\/officers">Leave it as it is</);
  });
});
