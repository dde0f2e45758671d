/** A teacher asks a family, writes the answer down, and a system may ask on her behalf; the boy takes it back, and the next question is refused. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { subjectOf } from '../../../demo/facts.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import {
  type Answer,
  askDecision,
  inspectAtBothWidths,
  passSignInPages,
  traveller,
} from '../../support/journeys/journey.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const { value: nhsNumber } = subjectOf('GC-1003');

let service: RunningApplication;
let browser: Browser;
let teacher: Visitor;
let officer: Visitor;
const addresses: string[] = [];

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  // Narrow and without JavaScript: what must work on any telephone.
  teacher = await openPage(browser, { width: 320, javaScript: false });
  officer = await openPage(browser);
  teacher.page.on('request', (request) => void addresses.push(request.url()));
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const titleOf = (page: Page): Promise<string> => page.getByRole('heading', { level: 1 }).innerText();
const continueOn = (page: Page, name = 'Continue'): Promise<void> => page.getByRole('button', { name }).click();

/** The answer to the system that asks on the teacher's behalf. */
function decide(): Promise<Answer> {
  const example = service.manifest.examples.find(({ name }) => name.startsWith('Nobody asked the family'))!;
  return askDecision(service, example.partner, example.request);
}

async function identifyTheBoy({ page }: Visitor): Promise<void> {
  await page.goto(`${service.baseUrl}/consent`);
  await page.getByRole('link', { name: 'Early help for a family' }).click();
  await page.getByLabel('NHS number').check();
  await page.getByLabel('The number').fill(nhsNumber);
  await continueOn(page);
  expect(await titleOf(page)).toBe('What is recorded about this person');
}

withChromium('a boy of fifteen', () => {
  it('was not asked yet, so the teacher is given nothing', async () => {
    expect((await decide()).context.reason.code).toBe('consent-needed');
  });

  it('agrees, and the teacher writes it down', async () => {
    const { page } = teacher;
    await page.goto(`${service.baseUrl}/sign-in`);
    await passSignInPages(teacher, traveller(service, 'teacher'));
    await identifyTheBoy(teacher);
    await page.getByRole('link', { name: 'They agree' }).click();
    await continueOn(page);
    expect(await page.getByText('There is a problem').count()).toBe(1);
    await page.getByLabel('Yes: they are under 16 and understand what it means').check();
    await page.getByLabel('The person themselves').check();
    await page.getByLabel('With the form of this protocol').check();
    await continueOn(page);
    expect(await page.getByRole('main').innerText()).toContain('You record that the person themselves agreed to');
    await continueOn(page, 'Record it');
    expect(await page.getByRole('main').innerText()).toContain('How to take it back');
  });

  it('is helped: the system may now ask on her behalf, for the fields of the clause', async () => {
    const { decision, context } = await decide();
    expect([decision, context.reason.code]).toEqual([true, 'permitted']);
    expect(context.fields).toEqual(['name', 'school', 'allocated_worker', 'strengths', 'childs_view']);
  });

  it('takes it back, and the very next question is refused', async () => {
    const { page } = teacher;
    await identifyTheBoy(teacher);
    await page.getByRole('link', { name: 'They take back what was agreed' }).click();
    await page.getByLabel('Yes: they are under 16 and understand what it means').check();
    await page.getByLabel('The person themselves').check();
    await page.getByLabel('In conversation').check();
    await continueOn(page);
    await continueOn(page, 'Record it');
    expect((await decide()).context.reason.code).toBe('consent-refused');
    expect(await page.getByRole('main').innerText()).toContain('If you change your mind');
  });

  it('is known by no number in any address', () => {
    expect(addresses.length).toBeGreaterThan(10);
    expect(addresses.filter((address) => address.includes(nhsNumber))).toEqual([]);
  });
});

withChromium('an officer of the council', () => {
  const look = (name: string): Promise<void> => inspectAtBothWidths(officer, `consent-${name}`);

  it('looks at every page on the way, which is in order at both widths', async () => {
    const { page } = officer;
    await page.goto(`${service.baseUrl}/sign-in`);
    await passSignInPages(officer, traveller(service, 'siro'));
    await page.getByRole('link', { name: 'Consent' }).click();
    await look('start');
    await page.getByRole('link', { name: 'Early help for a family' }).click();
    await look('whom');
    await page.getByLabel('NHS number').check();
    await page.getByLabel('The number').fill('9990001244');
    await continueOn(page);
    await look('whom-wrong');
    await page.getByLabel('The number').fill(nhsNumber);
    await continueOn(page);
    await look('on-record');
    await page.getByRole('link', { name: 'They agree' }).click();
    await look('agreement');
    await page.getByLabel('No: they are a child who cannot decide this yet').check();
    await page.getByLabel('The person themselves').check();
    await page.getByLabel('In conversation').check();
    await continueOn(page);
    await look('agreement-wrong');
    await page.getByLabel('Somebody with parental responsibility').check();
    await page.getByLabel('It is in our own records').check();
    await page.getByRole('radio', { name: 'The child was not asked' }).check();
    await page.getByLabel('If the child was not asked, why?').selectOption('Too young to understand the question');
    await page.getByLabel('Until when does it count?').fill('31/12/2099');
    await continueOn(page);
    await look('read-back');
    await continueOn(page, 'Record it');
    await look('recorded');
  }, 150_000);

  it('and the boy’s own refusal stands, although somebody else agreed for him', async () => {
    expect((await decide()).context.reason.code).toBe('consent-refused');
  });

  it('hears an objection to what is shared without asking, and answers it', async () => {
    const { page } = officer;
    await identifyTheBoy(officer);
    await page.getByRole('link', { name: 'They object' }).click();
    await look('objection');
    await page.getByLabel('everything for “Early help for a family”').check();
    await page.getByLabel('Yes: they are under 16 and understand what it means').check();
    await page.getByLabel('An advocate').check();
    await page.getByLabel('In conversation').check();
    await continueOn(page);
    await continueOn(page, 'Record it');
    await look('objection-recorded');
    await page.goto(`${service.baseUrl}/consent/objections`);
    await look('objections');
    await page.getByRole('link', { name: 'Early help for a family' }).click();
    await continueOn(page, 'Answer');
    await look('objection-wrong');
    await page.getByLabel('We stop sharing about this person').check();
    await page.getByLabel('Why?').fill('He has a new school, and early help is not needed any more.');
    await continueOn(page, 'Answer');
    await look('objection-answered');
    await identifyTheBoy(officer);
    await look('on-record-all');
    expect(await page.getByRole('main').innerText()).toContain('We stop sharing about this person');
  });
});
