/** One question about many records: how the log, the entry, its decisions and Home show an entry with many answers. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser as Chromium } from 'playwright-core';
import { eraseContent } from '../../../platform/log/erase.ts';
import { findEntry } from '../../../platform/log/read.ts';
import { idAt } from '../../../policy/decisions/deciding/decision_ids.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import type { Browser } from '../../support/idp/idp.ts';
import { inspectAtBothWidths, openSession, passSignInPages, traveller } from '../../support/journeys/journey.ts';
import { askTogether } from '../../support/platform/together.ts';

const mixedAges = [4, 9, 15, 21, 0, 7, 12, 44, 3, 16, 18, 8];

let service: RunningApplication;
let officer: Browser;
let doctor: Browser;
/** Ids of the decisions of three entries, in order. The first of an entry is the entry's own. */
let mixed: string[];
let permitted: string[];
let refused: string[];

beforeAll(async () => {
  service = await startApplication();
  officer = await openSession(service, 'siro');
  doctor = await openSession(service, 'emergency-doctor');
  const ask = async (ages: number[]): Promise<string[]> =>
    (await askTogether(service, ages)).map(({ context }) => context.id);
  permitted = await ask([3, 5]);
  refused = await ask([30, 50, 70]);
  mixed = await ask(mixedAges);
}, 60_000);
afterAll(() => service.close());

const mainOf = ({ text }: { text: string }): string => /<main[\s\S]*<\/main>/.exec(text)![0];
const wordsOf = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&quot;', '"')
    .trim();
/** What the log's list says of that entry, by the titles of its columns; undefined if it is not there. */
const rowOf = async (id: string, query = ''): Promise<Record<string, string> | undefined> => {
  const rows = (await officer.send(`/log${query}`)).text.split('<tr').slice(1);
  const row = rows.find((one) => one.includes(`href="/log/${id}"`));
  const cells = row?.matchAll(/data-title="([^"]+)">([\s\S]*?)<\/t[hd]>/g);
  return cells && Object.fromEntries([...cells].map(([, title, cell]) => [title!, wordsOf(cell!)]));
};
/** The answers that a page lists: record, yes or no, and where the link goes. */
const answersOn = (html: string): [record: string, said: string, href: string][] =>
  [...html.matchAll(/<li>([\s\S]*?)<a class="govuk-link" href="(\/decisions\/[^"]+)">([^<]+)<\/a>/g)].map(
    ([, tag, href, record]) => [record!, wordsOf(tag!), href!],
  );
const expected = mixedAges.map((age, index) => [`GC-${3001 + index}`, age < 18 ? 'Yes' : 'No']);

describe('in the list of the log', () => {
  it('stands as one entry that says how often, what for, and how it came out', async () => {
    expect(await rowOf(mixed[0]!)).toMatchObject({
      Event: 'Decisions: child’s record, 12 times',
      Outcome: '9 yes, 3 no',
      What: 'Emergency care',
      By: expect.stringMatching(/^.+ through Casebook/),
    });
    expect(await rowOf(permitted[0]!)).toMatchObject({
      Event: 'Decisions: child’s record, 2 times',
      Outcome: 'Yes',
      What: 'Emergency care',
    });
    expect(await rowOf(refused[0]!)).toMatchObject({
      Event: 'Decisions: child’s record, 3 times',
      Outcome: 'No',
      What: 'Emergency care',
    });
  });

  it('is found where people look for decisions, which are one choice', async () => {
    const { text } = await officer.send('/log');
    expect([...text.matchAll(/<option[^>]*>\s*(Decisions?)\s*</g)].map(([, word]) => word)).toEqual(['Decision']);
    expect((await rowOf(mixed[0]!, '?event=decision'))?.Event).toContain('12 times');
    expect(await rowOf(mixed[0]!, '?event=sign-in')).toBeUndefined();
  });

  it.each([
    ['yes', true, false],
    ['no', false, true],
  ])('is found by the outcome %s if any of its answers says so', async (outcome, allYes, allNo) => {
    for (const query of [`?outcome=${outcome}`, `?event=decision&outcome=${outcome}`]) {
      const found = await Promise.all([mixed, permitted, refused].map(([id]) => rowOf(id!, query)));
      expect(found.map((row) => row !== undefined)).toEqual([true, allYes, allNo]);
    }
  });
});

describe('as an entry', () => {
  it('lists what was answered about each record, with the way to its reasons', async () => {
    const main = mainOf(await officer.send(`/log/${mixed[0]}`));
    expect(wordsOf(main)).toContain('Decisions: child’s record, 12 times 9 yes, 3 no');
    expect(answersOn(main)).toEqual(expected.map((one, index) => [...one, `/decisions/${mixed[index]}`]));
    expect(main).not.toContain('Why was it decided so?');
    expect(wordsOf(main)).toContain('one answer can be shown and proved without the others');
  });

  it('opens under the id of each of its decisions', async () => {
    const main = mainOf(await officer.send(`/log/${mixed[7]}`));
    expect(wordsOf(main)).toContain('12 times 9 yes, 3 no');
    expect(wordsOf(main)).toContain('Proof holds');
    expect((await officer.send(`/log/${idAt(mixed[0]!, 12)}`)).status).toBe(404);
  });

  it('shows the whole of it as programs read it', async () => {
    const { text } = await officer.send(`/log/${mixed[0]}`);
    const written = /aria-label="Content of the entry">([\s\S]*?)<\/pre>/.exec(text)![1]!;
    const { content, parts } = JSON.parse(written.replaceAll('&quot;', '"').replaceAll('&#39;', "'")) as {
      content: object;
      parts: object[];
    };
    expect(content).toMatchObject({ answered: { permitted: 9, refused: 3 }, request: { purpose: 'emergency-care' } });
    expect(parts).toMatchObject(
      expected.map(([id, said]) => ({ resource: { id }, answer: { decision: said === 'Yes' } })),
    );
  });
});

describe('one of its decisions', () => {
  it('is explained, and leads to the others that were answered with it', async () => {
    const page = mainOf(await doctor.send(`/decisions/${mixed[3]}`));
    expect(wordsOf(page)).toMatch(/^Why the answer was no .*Child’s record GC-3004, to read it/);
    expect(wordsOf(page)).toContain('Answered together with 11 others');
    const others = expected.map((one, index) => [...one, `/decisions/${mixed[index]}`]);
    expect(answersOn(page)).toEqual(others.filter((_, index) => index !== 3));
    expect(wordsOf(mainOf(await doctor.send(`/decisions/${permitted[1]}`)))).toContain('together with 1 other ');
  });

  it('that was asked alone says nothing of others', async () => {
    const [answer] = await askTogether(service, [6]);
    const page = mainOf(await doctor.send(`/decisions/${answer!.context.id}`));
    expect(wordsOf(page)).toContain('Child’s record GC-3001');
    expect(page).not.toContain('Answered together');
  });

  it('opens like the others to whom it is about and to officers, and to nobody else', async () => {
    for (const id of mixed) {
      expect((await doctor.send(`/decisions/${id}`)).status).toBe(200);
      expect((await officer.send(`/decisions/${id}`)).status).toBe(200);
    }
    const colleague = await openSession(service, 'housing-officer');
    const answer = await colleague.send(`/decisions/${mixed[3]}`);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('GC-30');
  });
});

it('Home names it once, and leads to the first of its decisions', async () => {
  const main = mainOf(await doctor.send('/'));
  const list = wordsOf(main.split('Your latest decisions')[1]!);
  expect(list).toContain('9 yes, 3 no Decisions: child’s record, 12 times Emergency care,');
  expect(main).toContain(`href="/decisions/${mixed[0]}"`);
  expect(main).not.toContain(`href="/decisions/${mixed[1]}"`);
});

it.each([
  ['one decision', [2]],
  ['several', [2, 40]],
])('an erased entry of %s claims no outcome, and leads to no reasons', async (_, ages) => {
  const { log, db } = service.ground;
  const [first] = await askTogether(service, ages);
  const { id } = first!.context;
  const { position } = (await findEntry(db, { agency: 'E08000037' }, id))!;
  await eraseContent(log, { actor: {}, agencies: ['E08000037'], positions: [position], reason: 'retention ended' });
  const main = mainOf(await officer.send(`/log/${id}`));
  expect(wordsOf(main)).toMatch(/The content was erased/);
  expect(wordsOf(main)).not.toMatch(/\b(Yes|No)\b/);
  expect(main).not.toContain('/decisions/');
});

const withChromium = findChromium() === undefined ? describe.skip : describe;
withChromium('in Chromium', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await launchBrowser();
  });
  afterAll(() => chromium.close());

  const visit = async (key: string, pages: [name: string, path: string][]): Promise<void> => {
    const person = traveller(service, key);
    const visitor: Visitor = await openPage(chromium);
    const { page, context } = visitor;
    await page.goto(`${service.baseUrl}/sign-in`);
    await passSignInPages(visitor, person);
    await page.getByRole('heading', { name: `Hello, ${person.name}` }).waitFor();
    for (const [name, path] of pages) {
      await page.goto(service.baseUrl + path);
      await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
      await inspectAtBothWidths(visitor, `together-${name}`);
    }
    await context.close();
  };

  it('its pages are in order at both widths', async () => {
    await visit('siro', [
      ['log', '/log?event=decision'],
      ['entry', `/log/${mixed[0]}`],
      ['why-officer', `/decisions/${mixed[3]}`],
    ]);
    await visit('emergency-doctor', [
      ['home', '/'],
      ['why', `/decisions/${mixed[0]}`],
    ]);
  });
});
