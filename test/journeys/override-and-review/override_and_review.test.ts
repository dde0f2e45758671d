/**
 * Somebody breaks the glass; a message says that something waits; an officer of the agency that holds the record reads why,
 * follows it into the log and closes the review; and whoever overrode reads what came of it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startWorker } from '../../../platform/jobs/worker.ts';
import { listMails } from '../../../platform/mail/files.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage } from '../../support/journeys/browser.ts';
import { lookAt, passSignInPages, traveller } from '../../support/journeys/journey.ts';
import { askWith, type OverrideAnswer, stated, theReason, userToken } from '../../support/policy/override.ts';
import { waitFor } from '../../support/platform/web.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

let service: RunningApplication;
let browser: Browser;
let worker: { stop(): Promise<void> };
beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  worker = await startWorker({ url: service.ground.directUrl, logger: service.ground.logger, ...service.jobs });
});
afterAll(async () => {
  await worker.stop();
  await browser.close();
  await service.close();
});

const titleOf = (page: Page): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();

/** Grace O'Neill, who does not work with the child, sees whom to ring all the same. */
async function breakTheGlass(record: string): Promise<OverrideAnswer['context']> {
  const token = await userToken(service, 'health-visitor');
  const refused = await askWith(service, 'health-visitor', token, undefined, { record });
  expect(refused.decision).toBe(false);
  const { decision, context } = await askWith(service, 'health-visitor', token, stated, { record });
  expect({ decision, code: context.reason.code }).toEqual({ decision: true, code: 'permitted-by-override' });
  const mails = () => listMails(service.config.dataDir);
  await waitFor(async () => (await mails()).some(({ text }) => text.includes(context.override!.review)));
  return context;
}

withChromium('an override and its review', () => {
  it.each([
    ['at 1280 px', { width: 1280 }, 'GC-1002'],
    ['at 320 px', { width: 320 }, 'GC-1003'],
    ['without JavaScript', { width: 320, javaScript: false }, 'GC-1004'],
  ] as const)('go from the message to what came of it, %s', async (_name, options, record) => {
    const named = (step: string): string => `override-${'javaScript' in options ? 'plain-' : ''}${step}`;
    const { override, id: decision } = await breakTheGlass(record);
    const siro = traveller(service, 'siro');
    const officer = await openPage(browser, options);
    const { page } = officer;

    await page.goto(`${service.baseUrl}/demo/mail`);
    await page.getByRole('link', { name: 'An override needs review' }).first().click();
    const message = (await page.getByRole('main').textContent()) ?? '';
    expect(message).toContain(`/reviews/${override!.review}`);
    for (const secret of ['Grace', record, 'Tuesday', 'health visitor']) expect(message).not.toContain(secret);
    await lookAt(officer, named('1-message'));

    await page.goto(`${service.baseUrl}/reviews/${override!.review}`);
    await passSignInPages(officer, siro);
    expect(await titleOf(page)).toBe(`Child’s record ${record}`);
    const main = page.getByRole('main');
    const shown = (await main.textContent()) ?? '';
    for (const text of [
      "Grace O'Neill",
      'Health visitor',
      theReason,
      'Risk of significant harm',
      'Allocated worker, Child protection plan',
    ]) {
      expect(shown).toContain(text);
    }
    await lookAt(officer, named('2-review'));
    await page.getByRole('link', { name: 'The entry and its proof' }).click();
    await page.getByText('Proof holds').waitFor();
    expect(page.url()).toContain(`/log/${decision}`);
    await page.goBack();
    await main.getByRole('link', { name: /version 1, clause health-visitors/ }).click();
    await expect(page.locator('#clause-health-visitors').textContent()).resolves.toContain('In an emergency');
    await page.goBack();

    await page.getByRole('button', { name: 'Close the review' }).click();
    await page.getByText('There is a problem').waitFor();
    await lookAt(officer, named('3-mistakes'));
    await page.getByLabel('Justified, with something to learn').check();
    await page.getByLabel('Why?').fill('She was right to look. Ring the duty desk as well next time.');
    await page.getByRole('button', { name: 'Close the review' }).click();
    await page.getByText('The review is closed').waitFor();
    await expect(page.getByRole('button', { name: 'Close the review' }).count()).resolves.toBe(0);
    await lookAt(officer, named('4-closed'));

    await page.getByRole('link', { name: 'Reviews', exact: true }).first().click();
    expect(await titleOf(page)).toBe('Reviews of overrides');
    await lookAt(officer, named('5-queue'));
    await page.getByRole('link', { name: 'Figures' }).click();
    await page.getByRole('heading', { name: 'Figures about overrides' }).waitFor();
    await expect(page.getByRole('main').textContent()).resolves.toContain('Gateshead Health');
    await lookAt(officer, named('6-figures'));
    await officer.context.close();

    const grace = traveller(service, 'health-visitor');
    const visitor = await openPage(browser, options);
    await visitor.page.goto(service.baseUrl);
    await visitor.page.getByRole('button', { name: 'Sign in' }).click();
    await passSignInPages(visitor, grace);
    await visitor.page.getByRole('link', { name: 'Your overrides, and what came of them' }).click();
    await visitor.page.getByText('Ring the duty desk as well next time.').first().waitFor();
    await lookAt(visitor, named('7-own'));
    await visitor.context.close();
  });

  it('closed by another officer meanwhile is told plainly, and nothing is overwritten', async () => {
    const { override } = await breakTheGlass('GC-1006');
    const siro = traveller(service, 'siro');
    const officer = await openPage(browser);
    const address = `${service.baseUrl}/reviews/${override!.review}`;
    await officer.page.goto(address);
    await passSignInPages(officer, siro);
    const second = await officer.context.newPage();
    await second.goto(address);
    const close = async (page: Page, outcome: string): Promise<void> => {
      await page.getByLabel(outcome, { exact: true }).check();
      await page.getByLabel('Why?').fill('Looked at in the team meeting.');
      await page.getByRole('button', { name: 'Close the review' }).click();
    };
    await close(officer.page, 'Justified');
    await officer.page.getByText('The review is closed').waitFor();
    await close(second, 'Not justified');
    await second.getByText('Somebody has closed this review already').waitFor();
    await second.goto(address);
    await expect(second.getByRole('main').textContent()).resolves.toContain('Justified. Closed by Margaret Charlton');
    await officer.context.close();
  });
});
