/** An administrator takes somebody's access away: their next page, their next record and their next decision are refused at once. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import {
  askDecision,
  fillAndContinue,
  forgetLastCode,
  currentCode,
  passSignInPages,
  traveller,
  inspectAtBothWidths,
} from '../../support/journeys/journey.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const record = '/cases/GC-1001?purpose=safeguarding-children';
const child = 'Maisie Robson';

let service: RunningApplication;
let browser: Browser;
let officer: Visitor;
let administrator: Visitor;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  officer = await openPage(browser, { width: 320 });
  administrator = await openPage(browser, { width: 1280 });
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const titleOf = (page: Page): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();

/** What a partner system is told about the officer who is not there: the reason alone. */
async function reasonNow(): Promise<string> {
  const { id, posts } = traveller(service, 'housing-officer');
  const { decision, context } = await askDecision(service, 'casebook-gateshead', {
    subject: { type: 'practitioner', id, properties: { post: posts[0] } },
    action: { name: 'read' },
    resource: { type: 'child-record', id: 'GC-1001', properties: { agency: 'E08000037', case_status: 'open' } },
    context: { purpose: 'safeguarding-children' },
  });
  expect(decision).toBe(false);
  return context.reason.code;
}

async function openTheRecord({ page }: Visitor): Promise<void> {
  await page.goto(service.casebookUrl + record);
  if (page.url().includes('/sign-in/')) {
    const person = traveller(service, 'housing-officer');
    await passSignInPages({ ...officer, page }, person);
  }
}

async function change({ page }: Visitor, deed: string, reason: string): Promise<void> {
  await page.goto(`${service.baseUrl}/posts`);
  await page.getByLabel('Name contains').fill('kowalczyk');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('link', { name: 'Tomasz Kowalczyk' }).click();
  await page.getByLabel(deed).check();
  await page.getByLabel('Why?').fill(reason);
  await page.getByRole('button', { name: 'Do it now' }).click();
  await page.getByText('It holds for every request from now on').waitFor();
}

withChromium('a housing officer who is suspended', () => {
  it('works until then', async () => {
    await openTheRecord(officer);
    await officer.page.getByText(child).waitFor();
    await officer.page.goto(`${service.baseUrl}/directory`);
    expect(await titleOf(officer.page)).toBe('Find a colleague');
    expect(await reasonNow()).toBe('sign-in-needed');
    await administrator.page.goto(`${service.baseUrl}/posts`);
    await passSignInPages(administrator, traveller(service, 'administrator'));
    expect(await titleOf(administrator.page)).toBe('Posts of Gateshead Council');
  });

  it('is refused the next page, the next record and the next decision, whatever was open', async () => {
    await change(administrator, 'Suspend the person', 'Left a tablet on the bus');
    await inspectAtBothWidths(administrator, 'post-suspended');
    const { page } = officer;
    expect(await reasonNow()).toBe('suspended');
    await page.goto(service.casebookUrl + record);
    expect(await page.content()).not.toContain(child);
    await page.goto(`${service.baseUrl}/directory`);
    await page.getByLabel('Work e-mail address').waitFor();
    for (const address of ['/', '/protocols', '/posts']) {
      await page.goto(service.baseUrl + address);
      expect(page.url()).toMatch(/\/(welcome|sign-in\/)/);
    }
  });

  it('cannot sign in again, and is told so in words, with what to do in an emergency', async () => {
    const person = traveller(service, 'housing-officer');
    await forgetLastCode(service, person);
    const { page } = officer;
    await page.goto(`${service.baseUrl}/sign-in`);
    await fillAndContinue(officer, 'username', person.email);
    await fillAndContinue(officer, 'current-password', person.password);
    await fillAndContinue(officer, 'one-time-code', currentCode(person));
    expect(await titleOf(page)).toBe('Your access has been stopped');
    expect(await page.getByRole('main').textContent()).toContain('the law may allow or require sharing');
    await inspectAtBothWidths(officer, 'sign-in-not-active');
  });

  it('finds everything again once restored', async () => {
    await change(administrator, 'Restore the person', 'The tablet was found, and was locked');
    expect(await reasonNow()).toBe('sign-in-needed');
    await officer.context.clearCookies();
    await openTheRecord(officer);
    await officer.page.getByText(child).waitFor();
    await officer.page.goto(`${service.baseUrl}/sign-in`);
    expect(await titleOf(officer.page)).toBe('Hello, Tomasz Kowalczyk');
  });

  it('leaves both changes in the log, with who made them and why', async () => {
    const { page } = administrator;
    await page.goto(`${service.baseUrl}/log`);
    await page.getByText('Narrow the list').click();
    await page.getByLabel('Name of a person').fill('Tomasz Kowalczyk');
    await page.getByLabel('Their part in it').selectOption('What is about them');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Only what is about').waitFor();
    const cellOf = (event: string, title: string): Promise<string | null> =>
      page.getByRole('row').filter({ hasText: event }).locator(`[data-title="${title}"]`).textContent();
    expect(await cellOf('Person suspended', 'What')).toBe('Left a tablet on the bus');
    expect(await cellOf('Person restored', 'What')).toMatch(/^The tablet was found/);
    for (const event of ['Person suspended', 'Person restored'])
      expect(await cellOf(event, 'By')).toMatch(/^Dave Robson/);
  });
});
