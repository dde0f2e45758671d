import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generate } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import { findChromium, inspectPage, launchBrowser, openPage, type Visitor } from '../support/browser.ts';
import { type DemoService, startDemoService } from '../support/demo-service.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

/** What each of four people is given of the same child's record, for the same purpose. */
const given: Record<string, string[]> = {
  'social worker of the neighbouring council': [
    'Name',
    'Date of birth',
    'Address',
    'Who lives with the child',
    'School',
    'GP practice',
    'Allocated worker',
    'Child protection plan',
    'What is going well',
    'What the child says',
    'Health needs',
    'Police warning markers',
    'Housing situation',
  ],
  'health visitor': [
    'Name',
    'Date of birth',
    'Address',
    'Who lives with the child',
    'GP practice',
    'Allocated worker',
    'Child protection plan',
    'What the child says',
    'Health needs',
    'Immunisations',
  ],
  'police officer': [
    'Name',
    'Date of birth',
    'Address',
    'Who lives with the child',
    'Allocated worker',
    'Child protection plan',
    'Police warning markers',
  ],
  'housing officer': ['Name', 'Address', 'Who lives with the child', 'Allocated worker', 'Housing situation'],
};

withChromium('A child’s record in Casebook', () => {
  let service: DemoService;
  let browser: Browser;

  beforeAll(async () => {
    service = await startDemoService();
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  test.each(Object.keys(given))(
    'shows a %s what the signed protocol gives them, and nothing else',
    async (part) => {
      const visitor = await openPage(browser);
      const { page } = visitor;
      await openCase(visitor, part);
      expect(await page.locator('dl[aria-labelledby=shown] dt').allInnerTexts()).toEqual(given[part]);
      const withheld = await page.locator('dl[aria-labelledby=withheld] dt').allInnerTexts();
      expect(withheld).toHaveLength(15 - given[part]!.length);
      expect(withheld).toContain('Birth family before adoption');
      expect(await page.locator('dl[aria-labelledby=withheld] dd').allInnerTexts()).not.toContain('');
      await page
        .getByRole('link', { name: /safeguarding-children, version 1, clause/ })
        .first()
        .waitFor();
      await page.getByText('0191 498 0').first().waitFor();
      await inspectPage(visitor, `journey-casebook-${part.replaceAll(' ', '-')}`);
      await visitor.context.close();
    },
    60_000,
  );

  test('is closed here too once the person signs out of Wayleave everywhere', async () => {
    const visitor = await openPage(browser, { width: 320 });
    const { page } = visitor;
    // Somebody who has not signed in yet: a one-time code counts once.
    await openCase(visitor, 'social worker who plans discharges with the hospital');
    await inspectPage(visitor, 'journey-casebook-record');
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    const end = page.getByRole('button', { name: /sign.*out/i }).first();
    await end.click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.goto(`${service.casebookUrl}/cases`);
    await page.getByLabel('Work e-mail address').waitFor();
    await visitor.context.close();
  }, 60_000);

  async function openCase(visitor: Visitor, part: string): Promise<void> {
    const { page } = visitor;
    await page.goto(`${service.casebookUrl}/cases/GC-1001`);
    await signIn(page, part);
    await page.getByLabel('Protecting a child from harm').check();
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByRole('heading', { name: 'What you may see' }).waitFor();
  }

  async function signIn(page: Page, part: string): Promise<void> {
    const person = service.manifest.people.find((one) => one.part === part)!;
    await page.getByLabel('Work e-mail address').fill(person.email);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Six-digit code').fill(await generate({ secret: person.totp_secret }));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${service.casebookUrl}/**`);
  }
});
