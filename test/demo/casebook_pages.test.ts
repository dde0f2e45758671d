import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type Casebook, startCasebook } from '../../demo/casebook/casebook.ts';
import {
  findChromium,
  inspectPage,
  launchBrowser,
  openPage,
  type Visitor,
  widths,
} from '../support/journeys/browser.ts';
import {
  clientId,
  clientSecret,
  listenLocally,
  permit,
  refusal,
  type StandIn,
  startStandIn,
} from '../support/application/casebook.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

withChromium.each(widths)('Casebook’s pages at %i px', (width) => {
  let browser: Browser;
  let standIn: StandIn;
  let casebook: Casebook;
  let visitor: Visitor;

  beforeAll(async () => {
    for (const kind of ['info', 'warn'] as const) jest.spyOn(console, kind).mockImplementation(() => undefined);
    const server = createServer();
    standIn = await startStandIn(await listenLocally(server, '127.0.0.1'));
    const { url: wayleave, issuer } = standIn;
    // Nothing is slow on purpose here, and a busy machine may take more than two seconds for an answer.
    casebook = await startCasebook({ server, wayleave, issuer, clientId, clientSecret, timeout: 30_000 });
    browser = await launchBrowser();
    visitor = await openPage(browser, { width });
  });
  afterAll(async () => {
    await browser.close();
    await casebook.close();
    await standIn.close();
    jest.restoreAllMocks();
  });

  test('work from signing in over a record to signing out, for everybody', async () => {
    const { page } = visitor;
    await page.goto(casebook.url);
    await inspectPage(visitor, 'casebook-welcome');
    await page.getByRole('button', { name: 'Sign in with Wayleave' }).click();
    await page.getByPlaceholder('Enter any login').fill('01941f29-7c00-7acf-b992-a3426507f1d0');
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor();
    visitor.complaints.splice(0); // the stand-in's own pages
    await inspectPage(visitor, 'casebook-cases');

    await page.getByRole('link', { name: 'GC-1001' }).click();
    await inspectPage(visitor, 'casebook-purpose');
    standIn.answer = { status: 200, document: permit };
    await page.getByLabel('Protecting a child from harm').check();
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByText('Maisie Robson').waitFor();
    await inspectPage(visitor, 'casebook-record');

    standIn.answer = { status: 200, document: refusal };
    await page.getByLabel('Early help for a family').check();
    await page.getByRole('button', { name: 'Open the record' }).click();
    await page.getByRole('heading', { name: 'Nothing is shown' }).waitFor();
    await inspectPage(visitor, 'casebook-refusal');

    standIn.answer = { status: 503, document: {} };
    await page.reload();
    await page.getByRole('heading', { name: 'Casebook cannot ask Wayleave at the moment' }).waitFor();
    await inspectPage(visitor, 'casebook-outage');

    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    visitor.complaints.splice(0);
    await inspectPage(visitor, 'casebook-signed-out');
  });
});
