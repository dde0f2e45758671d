/**
 * The main journey: somebody of one agency signs in once, opens a record that another agency holds, sees exactly what a
 * signed protocol gives to their role, and can follow the reason into the log. With a mouse, without JavaScript, by keyboard.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { recordTypes } from '../../../demo/casebook/records.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage } from '../../support/journeys/browser.ts';
import { currentCode, findDecision, lookAt, passSignInPages, traveller } from '../../support/journeys/journey.ts';
import { tabTo, focusIsVisible } from './keyboard.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const record = '/cases/GC-1001?purpose=safeguarding-children';

let service: RunningApplication;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const titleOf = (page: Page) => page.getByRole('heading', { level: 1 });

/** What the record page shows and withholds, by the names that Wayleave's fields have. */
async function readRecord(page: Page): Promise<{ shown: string[]; withheld: string[] }> {
  const names = new Map<string, string>(recordTypes['child-record'].fields.map(([name, title]) => [title, name]));
  const list = async (id: string): Promise<string[]> => {
    const titles = await page.locator(`dl[aria-labelledby="${id}"] dt`).allTextContents();
    return titles.map((title) => names.get(title.trim()) ?? `unknown: ${title}`).sort();
  };
  return { shown: await list('shown'), withheld: await list('withheld') };
}

const decisionOf = async (page: Page): Promise<string> =>
  /\/decisions\/([0-9a-f-]{36})$/.exec(
    (await page.getByRole('link', { name: 'Why?' }).getAttribute('href')) ?? '',
  )?.[1] ?? '';

withChromium('sharing a child’s record', () => {
  const given = [
    'address',
    'allocated_worker',
    'child_protection_plan',
    'date_of_birth',
    'household',
    'name',
    'police_markers',
  ];

  it.each([
    ['at 1280 px', { width: 1280 }],
    ['at 320 px', { width: 320 }],
    ['without JavaScript', { width: 1280, javaScript: false }],
  ] as const)('works from signing in to signing out everywhere, %s', async (_name, options) => {
    const named = (step: string): string => `journey-${'javaScript' in options ? 'plain-' : ''}${step}`;
    const officer = traveller(service, 'two-posts');
    const visitor = await openPage(browser, options);
    const { page } = visitor;
    const look = (step: string): Promise<void> => lookAt(visitor, named(step));

    await page.goto(service.baseUrl);
    await look('1-welcome');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await look('2-sign-in');
    await passSignInPages(visitor, officer);
    await expect(titleOf(page).textContent()).resolves.toMatch('Which post are you acting in?');
    await look('3-choose-post');
    await page.getByLabel('Police officer, Northumbria Police').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(titleOf(page).textContent()).resolves.toBe('Hello, Siobhan Gallagher');
    await look('4-home');

    await page.getByRole('link', { name: 'Casebook' }).click();
    await page.getByRole('button', { name: 'Sign in with Wayleave' }).click();
    // Signed in already; only the post is a matter of each system.
    await page.getByLabel('Police officer, Northumbria Police').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(titleOf(page).textContent()).resolves.toBe('Cases');
    await look('5-cases');
    await page.getByRole('link', { name: 'GC-1001' }).click();
    await page.getByLabel('Protecting a child from harm').check();
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByText('Maisie Robson').waitFor();
    await look('6-record');
    const { shown, withheld } = await readRecord(page);
    expect(shown).toEqual(given);
    expect(withheld).toEqual([
      'birth_family',
      'childs_view',
      'gp',
      'health_needs',
      'housing_situation',
      'immunisations',
      'school',
      'strengths',
    ]);
    const reasons = await page.locator('dl[aria-labelledby="withheld"] dd').allTextContents();
    expect(reasons.filter((reason) => reason.includes('No clause gives this field to this role'))).toHaveLength(7);
    expect(reasons.filter((reason) => reason.includes('A clause forbids this'))).toHaveLength(1);
    expect(await page.content()).not.toContain('Asthma');

    const decision = await decisionOf(page);
    await page.getByRole('link', { name: 'Why?' }).click();
    await expect(titleOf(page).textContent()).resolves.toBe('Why you could see it');
    await look('7-why');
    const main = page.getByRole('main');
    await expect(main.textContent()).resolves.toMatch(/Police officer/);
    await main
      .getByRole('link', { name: 'Safeguarding children in Gateshead and Newcastle, version 1, clause police' })
      .first()
      .click();
    await expect(page.locator('#clause-police').textContent()).resolves.toContain('police warning markers');
    await look('8-protocol');

    await findInLog(options, named, decision);

    const casebook = await visitor.context.newPage();
    await casebook.goto(service.casebookUrl + record);
    await expect(casebook.content()).resolves.toContain('Maisie Robson');
    await page.getByRole('link', { name: 'Sign out' }).click();
    await look('9-sign-out');
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await expect(titleOf(page).textContent()).resolves.toBe('You are signed out');
    await look('10-signed-out');
    await casebook.goto(service.casebookUrl + record);
    // Casebook was told, or asks again: either way it ends at Wayleave's sign-in.
    expect(casebook.url()).toContain(`${service.baseUrl}/sign-in/`);
    await page.goto(`${service.baseUrl}/directory`);
    expect(page.url()).toContain(`${service.baseUrl}/sign-in/`);
    await visitor.context.close();
  });

  /** An officer of the council that holds the record, in a browser of their own. */
  async function findInLog(
    options: { width: number },
    named: (step: string) => string,
    decision: string,
  ): Promise<void> {
    const officer = traveller(service, 'siro');
    const visitor = await openPage(browser, options);
    const { page } = visitor;
    await page.goto(`${service.baseUrl}/log`);
    await passSignInPages(visitor, officer);
    await expect(titleOf(page).textContent()).resolves.toBe('Log');
    await page.getByText('Narrow the list').click();
    await page.getByLabel('Event').selectOption('Decision');
    await page.getByLabel('Outcome of a decision').selectOption('Yes');
    await page.getByLabel('Name of a person').fill('Siobhan Gallagher');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText(/Only .*what was done by/).waitFor();
    await lookAt(visitor, named('log'));
    await page.locator(`a[href="/log/${decision}"]`).click();
    await expect(titleOf(page).textContent()).resolves.toBe('Decision: child’s record GC-1001');
    await page.getByText('Proof holds').waitFor();
    await lookAt(visitor, named('log-entry'));
    await page.getByRole('link', { name: 'Why was it decided so?' }).click();
    await page.getByRole('heading', { name: 'For officers of Gateshead Council only' }).waitFor();
    await lookAt(visitor, named('why-officer'));
    await visitor.context.close();
  }
});

withChromium('four roles', () => {
  const seen = new Map<string, string>();
  const allFields = recordTypes['child-record'].fields.map(([name]) => name).sort();

  it.each([
    [
      'social-worker',
      1280,
      [
        'address',
        'allocated_worker',
        'child_protection_plan',
        'childs_view',
        'date_of_birth',
        'gp',
        'health_needs',
        'household',
        'housing_situation',
        'name',
        'police_markers',
        'school',
        'strengths',
      ],
    ],
    [
      'health-visitor',
      320,
      [
        'address',
        'allocated_worker',
        'child_protection_plan',
        'childs_view',
        'date_of_birth',
        'gp',
        'health_needs',
        'household',
        'immunisations',
        'name',
      ],
    ],
    [
      'police-officer',
      1280,
      ['address', 'allocated_worker', 'child_protection_plan', 'date_of_birth', 'household', 'name', 'police_markers'],
    ],
    ['housing-officer', 320, ['address', 'allocated_worker', 'household', 'housing_situation', 'name']],
  ])('a %s sees exactly the fields of their clause of the same child', async (key, width, fields) => {
    const visitor = await openPage(browser, { width });
    const { page } = visitor;
    await page.goto(service.casebookUrl + record);
    await passSignInPages(visitor, traveller(service, key));
    await page.getByText('Maisie Robson').waitFor();
    await lookAt(visitor, `casebook-${key}`);
    const { shown, withheld } = await readRecord(page);
    expect(shown).toEqual(fields);
    expect(withheld).toEqual(allFields.filter((name) => !fields.includes(name)));
    const { decision, context } = await findDecision(service, 'casebook-gateshead', await decisionOf(page));
    expect(decision).toBe(true);
    expect([...context.fields].sort()).toEqual(fields);
    expect(context.withheld.map(({ field }) => field).sort()).toEqual(withheld);
    // Wayleave's own pages were not open yet: "why?" needs no second sign-in.
    await page.getByRole('link', { name: 'Why?' }).click();
    await expect(titleOf(page).textContent()).resolves.toBe('Why you could see it');
    await page.getByText('Proof holds').waitFor();
    seen.set(key, fields.join());
    await visitor.context.close();
  });

  it('see four different records', () => {
    expect(new Set(seen.values()).size).toBe(4);
  });
});

withChromium('signing out in the partner system', () => {
  it('ends the sign-in there, here, and everywhere else', async () => {
    const visitor = await openPage(browser, { width: 320 });
    const { page } = visitor;
    await page.goto(`${service.casebookUrl}/cases`);
    await passSignInPages(visitor, traveller(service, 'hospital-social-worker'));
    await expect(titleOf(page).textContent()).resolves.toBe('Cases');
    await page.goto(`${service.baseUrl}/`);
    await page.goto(`${service.baseUrl}/sign-in`);
    await expect(titleOf(page).textContent()).resolves.toBe('Hello, Emma Thornton');
    await page.goto(`${service.casebookUrl}/cases`);
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await expect(titleOf(page).textContent()).resolves.toBe('You are signed out');
    await lookAt(visitor, 'casebook-signed-out-everywhere');
    for (const address of [`${service.casebookUrl}/cases`, `${service.baseUrl}/directory`]) {
      await page.goto(address);
      await page.getByLabel('Work e-mail address').waitFor();
    }
    await visitor.context.close();
  });
});

withChromium('with a keyboard alone', () => {
  it('somebody signs in, skips to the content, searches, and opens an entry, and always sees where they are', async () => {
    const person = traveller(service, 'teacher');
    const { page, context, complaints } = await openPage(browser);
    await page.goto(service.baseUrl);
    await page.keyboard.press('Tab');
    await expect(page.locator(':focus').textContent()).resolves.toContain('Skip to main content');
    await tabTo(page, 'Sign in');
    await page.keyboard.press('Enter');
    for (const [label, value] of [
      ['Work e-mail address', person.email],
      ['Password', person.password],
      ['Six-digit code', undefined],
    ] as const) {
      await page.getByLabel(label, { exact: true }).waitFor();
      await tabTo(page, label);
      await page.keyboard.type(value ?? currentCode(person));
      await page.keyboard.press('Enter');
    }
    await page.getByRole('heading', { name: 'Hello, Wei Ling Chen' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Find a colleague');
    await page.keyboard.type('grace oneill');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: "Grace O'Neill" }).waitFor();
    await tabTo(page, "Grace O'Neill");
    expect(await focusIsVisible(page)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: "Grace O'Neill" }).waitFor();
    await tabTo(page, 'Sign out');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Do you want to sign out everywhere?' }).waitFor();
    await tabTo(page, 'Sign out everywhere');
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
