/**
 * A health visitor is refused because nobody confirmed that she works with the child; she opens the record in an emergency,
 * in Casebook; the agency that holds it is told without a word about anybody, and reviews it in Wayleave.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findCase } from '../../../demo/casebook/cases.ts';
import { startWorker } from '../../../platform/jobs/worker.ts';
import { listMails } from '../../../platform/mail/files.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import {
  currentCode,
  fillAndContinue,
  findDecision,
  forgetLastCode,
  lookAt,
  partnerToken,
  passSignInPages,
  traveller,
} from '../../support/journeys/journey.ts';
import { waitFor } from '../../support/platform/web.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const reason = 'The mother rang: nobody has seen him since Tuesday and the door is locked.';

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

const shownOn = (page: Page): Promise<string[]> =>
  page
    .locator('dl[aria-labelledby="shown"] dt')
    .allTextContents()
    .then((all) => all.map((one) => one.trim()));
const mailsAbout = async (review: string): Promise<number> =>
  (await listMails(service.config.dataDir)).filter(({ text }) => text.includes(review)).length;
const record = (reference: string): string => `${service.casebookUrl}/cases/${reference}?purpose=safeguarding-children`;

/** Proves again who she is, as Wayleave asks: whatever it still wants to know. */
async function signInAgain({ page }: Visitor, key: string): Promise<void> {
  const person = traveller(service, key);
  await forgetLastCode(service, person);
  const username = page.locator('[autocomplete="username"]:visible');
  if ((await username.count()) > 0) await fillAndContinue({ page }, 'username', person.email);
  await fillAndContinue({ page }, 'current-password', person.password);
  await fillAndContinue({ page }, 'one-time-code', currentCode(person));
}

/** An officer of the agency that holds the record reads the message, then the reason, and closes the review. */
async function review(id: string, reference: string, options: { width: number; javaScript?: boolean }): Promise<void> {
  const siro = traveller(service, 'siro');
  const officer = await openPage(browser, options);
  const { page } = officer;
  await page.goto(`${service.baseUrl}/demo/mail`);
  await page.getByRole('link', { name: 'An override needs review' }).first().click();
  const message = (await page.getByRole('main').textContent()) ?? '';
  expect(message).toContain(`/reviews/${id}`);
  const { values, dataSubject } = findCase(reference, Date.now() / 1000)!;
  for (const secret of ['Grace', reference, 'Tuesday', values.name!, dataSubject.value]) {
    expect(message).not.toContain(secret);
  }
  await page.goto(`${service.baseUrl}/reviews/${id}`);
  await passSignInPages(officer, siro);
  await expect(page.getByRole('main').textContent()).resolves.toContain(reason);
  await page.getByLabel('Justified', { exact: true }).check();
  await page.getByLabel('Why?').fill('She was right to look.');
  await page.getByRole('button', { name: 'Close the review' }).click();
  await page.getByText('The review is closed').waitFor();
  await officer.context.close();
}

withChromium('breaking the glass in Casebook', () => {
  it.each([
    ['at 1280 px', { width: 1280 }, 'GC-1003'],
    ['at 320 px', { width: 320 }, 'GC-1004'],
    ['without JavaScript', { width: 320, javaScript: false }, 'GC-1006'],
  ] as const)('goes from the refusal over the reason to the review, %s', async (_name, options, reference) => {
    const axe = !('javaScript' in options);
    const named = (step: string): string => `break-glass-${axe ? '' : 'plain-'}${step}`;
    const { values } = findCase(reference, Date.now() / 1000)!;
    const grace = traveller(service, 'health-visitor');
    const visitor = await openPage(browser, options);
    const { page } = visitor;
    await page.goto(record(reference));
    await passSignInPages(visitor, grace);
    await page.getByRole('heading', { name: 'Nothing is shown' }).waitFor();
    await lookAt(visitor, named('1-refusal'), { axe });

    await page.getByRole('button', { name: 'Open in an emergency' }).click();
    await page.getByRole('heading', { level: 1, name: 'Open in an emergency' }).waitFor();
    const opens = await page.locator('main ul.govuk-list--bullet').first().locator('li').allTextContents();
    expect(opens).toEqual(['Name', 'Address', 'Allocated worker', 'Child protection plan']);
    await expect(page.getByRole('main').textContent()).resolves.toMatch(/for 30 minutes.*Gateshead Council/s);
    await lookAt(visitor, named('2-form'), { axe });
    await page.getByRole('button', { name: /Open in an emergency|Sign in again and go on/ }).click();
    await page.getByText('There is a problem').waitFor();
    await page.getByRole('link', { name: 'Choose the ground.' }).waitFor();
    await lookAt(visitor, named('3-mistakes'), { axe });

    await page.getByLabel('Risk of significant harm').check();
    await page.getByLabel('Why must you see it now?').fill(reason);
    await page.getByRole('button', { name: /Open in an emergency|Sign in again and go on/ }).click();
    await page.getByRole('heading', { name: 'Opened in an emergency' }).waitFor();
    await lookAt(visitor, named('4-opened'), { axe });
    expect(await shownOn(page)).toEqual(opens);
    const text = (await page.getByRole('main').textContent()) ?? '';
    for (const field of ['name', 'address', 'allocated_worker', 'child_protection_plan']) {
      expect(text).toContain(values[field]);
    }
    for (const field of ['health_needs', 'household', 'childs_view']) {
      expect(await page.content()).not.toContain(values[field]);
    }
    expect(text).toMatch(/until \d\d:\d\d/);
    const first = /([0-9a-f-]{36})$/.exec((await page.getByRole('link', { name: 'Why?' }).getAttribute('href'))!)![1]!;

    await page.goto(record(reference));
    await page.getByRole('heading', { name: 'Opened in an emergency' }).waitFor();
    expect(await shownOn(page)).toEqual(opens);
    const [one, two] = [await reviewOf(first), await reviewOf(await latestDecision(page))];
    expect(two).toBe(one);
    await waitFor(async () => (await mailsAbout(one)) > 0);
    expect(await mailsAbout(one)).toBe(1);
    await visitor.context.close();
    await review(one, reference, options);
  });

  const latestDecision = async (page: Page): Promise<string> =>
    /([0-9a-f-]{36})$/.exec((await page.getByRole('link', { name: 'Why?' }).getAttribute('href'))!)![1]!;

  async function reviewOf(decision: string): Promise<string> {
    const { context } = await findDecision(service, 'casebook-gateshead', decision);
    return (context as unknown as { override: { review: string } }).override.review;
  }
});

withChromium('a sign-in that is older than a minute', () => {
  it('is renewed first, and what was typed comes back with its person only', async () => {
    const visitor = await openPage(browser, { width: 320 });
    const { page } = visitor;
    const grace = traveller(service, 'health-visitor');
    await page.goto(record('GC-1003'));
    await passSignInPages(visitor, grace);
    await page.getByRole('button', { name: 'Open in an emergency' }).click();
    await page.getByLabel('Vital interests').check();
    await page.getByLabel('Why must you see it now?').fill(reason);
    const clock = aMinuteLater();
    await page.getByRole('button', { name: 'Open in an emergency' }).click();
    await page.locator('[autocomplete="username"]:visible, [autocomplete="current-password"]:visible').waitFor();
    clock.mockRestore();
    await signInAgain(visitor, 'health-visitor');
    await page.getByText('What you wrote is still here.').waitFor();
    await lookAt(visitor, 'break-glass-5-signed-in-again', { axe: true });
    await expect(page.getByLabel('Vital interests').isChecked()).resolves.toBe(true);
    await expect(page.getByLabel('Why must you see it now?').inputValue()).resolves.toBe(reason);
    await page.getByRole('button', { name: 'Open in an emergency' }).click();
    await page.getByRole('heading', { name: 'Opened in an emergency' }).waitFor();
    await visitor.context.close();
  });

  function aMinuteLater() {
    const now = Date.now.bind(Date);
    return jest.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
  }
});

withChromium('a duty that comes with a record', () => {
  it('stands on the page with its decision number, and Wayleave hears that it was done', async () => {
    const visitor = await openPage(browser, { width: 320 });
    const { page } = visitor;
    const officer = traveller(service, 'police-officer');
    await page.goto(record('GC-1001'));
    await passSignInPages(visitor, officer);
    await page.getByText('Write the number of this decision in the incident log.').first().waitFor();
    await lookAt(visitor, 'casebook-duty', { axe: true });
    const href = (await page.getByRole('link', { name: 'Why?' }).getAttribute('href'))!;
    const decision = /([0-9a-f-]{36})$/.exec(href)![1]!;
    await expect(page.getByRole('main').textContent()).resolves.toContain(`Decision number: ${decision}`);
    const outstanding = async (): Promise<unknown> => {
      const response = await fetch(`${service.baseUrl}/access/v1/obligations/${decision}`, {
        headers: { Authorization: `Bearer ${await partnerToken(service, 'casebook-gateshead')}` },
      });
      return ((await response.json()) as { outstanding: string[] }).outstanding;
    };
    expect(await outstanding()).toEqual(['note-in-incident-log']);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { level: 1, name: 'What you must do' }).waitFor();
    await page.getByText('Nothing is left to do.').waitFor();
    await lookAt(visitor, 'casebook-duties', { axe: true });
    expect(await outstanding()).toEqual([]);
    await visitor.context.close();
  });
});
