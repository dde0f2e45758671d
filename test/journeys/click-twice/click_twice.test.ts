/** People who click twice, as many do: each act happens once, and they come to the page that says so. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import { arrive, asOwner, currentCode, forgetLastCode, traveller } from '../../support/journeys/journey.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

let service: RunningApplication;
let browser: Browser;
beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

/** Two clicks. How many of them the browser sends on is its own affair: `test/admin-ui/once.test.ts` sends them all. */
const twice = (button: Locator): Promise<void> => button.dblclick();

async function count(event: string): Promise<number> {
  const [row] = await asOwner(service.database, 'select count(*)::int as count from log_content where event = $1', [
    event,
  ]);
  return row!.count as number;
}

/** Signs in with two clicks on every page of it. */
async function signInTwice({ page }: Visitor, key: string): Promise<void> {
  const person = traveller(service, key);
  await forgetLastCode(service, person);
  const steps: [string, () => string][] = [
    ['username', () => person.email],
    ['current-password', () => person.password],
    ['one-time-code', () => currentCode(person)],
  ];
  for (const [field, value] of steps) {
    await page.locator(`[autocomplete="${field}"]:visible`).fill(value());
    await twice(page.getByRole('button', { name: 'Continue' }));
  }
}

withChromium('two clicks', () => {
  it('sign a person in once', async () => {
    const before = await count('sign-in');
    const visitor = await openPage(browser);
    await visitor.page.goto(`${service.baseUrl}/sign-in`);
    await signInTwice(visitor, 'teacher');
    await visitor.page.getByRole('heading', { name: /^Hello/ }).waitFor();
    expect((await count('sign-in')) - before).toBe(1);
    await visitor.context.close();
  });

  it('begin one draft and make one comment, without JavaScript', async () => {
    const before = [await count('draft.created'), await count('draft.commented')];
    const visitor = await arrive(service, browser, 'dpo', { javaScript: false });
    const { page } = visitor;
    await page.goto(`${service.baseUrl}/drafts/start`);
    await page.getByLabel('Early help').first().check();
    await twice(page.locator('form[action="/drafts/start/template"] button'));
    await page.waitForURL(/\/drafts\/[0-9a-f-]{36}/);
    await page.goto(`${page.url().split('?')[0]}/comments`);
    await page.locator('form#comment textarea').fill('Once is enough.');
    await twice(page.locator('form#comment button'));
    await page.waitForURL(/#comment-/);
    const after = [await count('draft.created'), await count('draft.commented')];
    expect(after).toEqual(before.map((number) => number + 1));
    await visitor.context.close();
  });

  it('in an emergency in Casebook open one review, and close it once', async () => {
    const reference = 'GC-1003';
    const before = [await count('override.used'), await count('override.reviewed')];
    const visitor = await openPage(browser);
    const { page } = visitor;
    await page.goto(`${service.casebookUrl}/cases/${reference}?purpose=safeguarding-children`);
    await signInTwice(visitor, 'health-visitor');
    await page.getByRole('button', { name: 'Open in an emergency' }).click();
    await page.getByLabel('Risk of significant harm').check();
    await page.getByLabel('Why must you see it now?').fill('The mother rang: nobody has seen him since Tuesday.');
    await twice(page.getByRole('button', { name: 'Open in an emergency' }));
    await page.getByRole('heading', { name: 'Opened in an emergency' }).waitFor();
    await visitor.context.close();

    const officer = await arrive(service, browser, 'siro');
    await officer.page.goto(`${service.baseUrl}/reviews?state=open`);
    await officer.page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await officer.page.getByLabel('Justified', { exact: true }).check();
    await officer.page.getByLabel('Why?').fill('She was right to look.');
    await twice(officer.page.getByRole('button', { name: 'Close the review' }));
    await officer.page.getByText('The review is closed').waitFor();
    await officer.context.close();
    const after = [await count('override.used'), await count('override.reviewed')];
    expect(after).toEqual(before.map((number) => number + 1));
  });
});
