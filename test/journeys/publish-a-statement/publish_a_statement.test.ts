/** From a signed protocol to a leaflet in somebody's hand: a data protection officer approves, anybody reads and prints, a practitioner learns. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage } from '../../support/journeys/browser.ts';
import { arrive, lookAt, traveller } from '../../support/journeys/journey.ts';
import { publishForPolice } from '../../support/policy/publish.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const folder = path.resolve(import.meta.dirname, '../../../.data/screenshots');

let service: RunningApplication;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

/** Prints the page as it stands; how many sheets it takes. */
async function print(page: Page, name: string): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}.pdf`), pdf);
  return [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page[^s]/g)].length;
}

withChromium('publishing what a protocol writes about itself', () => {
  it('works on a small screen without JavaScript, from the protocol to the public page and back', async () => {
    const dpo = await arrive(service, browser, 'dpo', { width: 320, javaScript: false });
    await dpo.page.goto(`${service.baseUrl}/protocols/safeguarding-children/1`);
    await dpo.page.getByRole('link', { name: 'Documents for the public' }).click();
    await dpo.page.getByRole('link', { name: 'For children from 7 to 11' }).click();
    await lookAt(dpo, 'publish-before');
    await dpo.page.getByRole('button', { name: 'Approve this text for the public' }).click();
    await dpo.page.getByText('You approved it').waitFor();
    await dpo.page.getByRole('link', { name: 'The public page' }).click();
    await dpo.page.getByRole('heading', { name: 'What we say about you' }).waitFor();
    await lookAt(dpo, 'publish-public');

    const reader = await openPage(browser, { width: 320, javaScript: false });
    await reader.page.goto(service.baseUrl);
    await reader.page.getByRole('link', { name: /register of agreements/ }).click();
    await reader.page.getByRole('textbox', { name: 'What is it about?' }).fill('child harm gateshead');
    await reader.page.getByRole('button', { name: 'Search' }).click();
    await reader.page.getByRole('link', { name: 'Safeguarding children in Gateshead and Newcastle' }).click();
    await reader.page.getByRole('link', { name: /^For children from 7 to 11\s+of Northumbria Police/ }).click();
    await reader.page.getByText('You can ring Childline').waitFor();
    await lookAt(reader, 'publish-read');

    await dpo.page.goBack();
    await dpo.page.getByRole('button', { name: 'Take the approval back' }).click();
    await reader.page.reload();
    await reader.page.getByText('Nothing is published here').waitFor();
    await dpo.context.close();
    await reader.context.close();
  });

  it('gives a leaflet of one sheet and statements that print without the page around them', async () => {
    await publishForPolice(service, 'safeguarding-children');
    const reader = await openPage(browser);
    const address = `${service.baseUrl}/agreements`;
    for (const id of ['youth-offending', 'safeguarding-children']) {
      await reader.page.goto(`${address}/${id}/leaflet/E23000007`);
      await reader.page.setViewportSize({ width: 1062, height: 733 });
      await reader.page.emulateMedia({ media: 'print' });
      await lookAt(reader, `print-leaflet-${id}`);
      expect(await print(reader.page, `print-leaflet-${id}`)).toBeLessThanOrEqual(2);
    }
    await reader.page.goto(`${address}/safeguarding-children/privacy/E23000007`);
    expect(await print(reader.page, 'print-privacy')).toBeLessThanOrEqual(8);
    await reader.page.emulateMedia({ media: 'print' });
    for (const name of ['Agreements', 'Sign in'])
      expect(await reader.page.getByRole('link', { name }).isVisible()).toBe(false);
    await lookAt(reader, 'print-privacy');
    await reader.context.close();
  });

  it('gives each job a guide of one A4 page', async () => {
    const guides: [string, string[]][] = [
      ['health-visitor', ['safeguarding-children']],
      ['emergency-doctor', ['safeguarding-children', 'hospital-discharge']],
      ['police-officer', ['safeguarding-children', 'youth-offending']],
      ['housing-officer', ['safeguarding-children', 'hospital-discharge']],
    ];
    for (const [who, protocols] of guides) {
      const visitor = await arrive(service, browser, who, { width: 725 });
      const { page, context } = visitor;
      await page.emulateMedia({ media: 'print' });
      for (const id of protocols) {
        const base = `${service.baseUrl}/protocols/${id}/1/guide`;
        await page.goto(base);
        await lookAt(visitor, `print-guide-${who}-${id}`);
        const links = await page.evaluate(
          '[...document.links].map(({ href }) => href).filter((href) => href.includes("?role="))',
        );
        for (const address of [base, ...(links as string[])]) {
          await page.goto(address);
          const sheets = await print(
            page,
            `print-guide-${who}-${id}-${new URL(address).searchParams.get('role') ?? 'own'}`,
          );
          expect([address.replace(service.baseUrl, ''), sheets]).toEqual([address.replace(service.baseUrl, ''), 1]);
        }
      }
      await context.close();
    }
  });

  it('tells a practitioner what to read, and their administrator that they did', async () => {
    const visitor = await arrive(service, browser, 'housing-officer');
    const { page } = visitor;
    await page.goto(`${service.baseUrl}/training`);
    await page.getByRole('link', { name: /Safeguarding children in Gateshead/ }).click();
    await page.getByRole('button', { name: 'I have read this guide' }).click();
    await page.getByText('It is written down that you read it').waitFor();
    await lookAt(visitor, 'training-done');
    await visitor.context.close();
    const administrator = await arrive(service, browser, 'administrator');
    await administrator.page.goto(`${service.baseUrl}/training`);
    await administrator.page.getByRole('link', { name: 'Who in your agency has read what' }).click();
    await administrator.page.getByLabel('Protocol').selectOption('safeguarding-children');
    await administrator.page.getByLabel('Who').selectOption('read');
    await administrator.page.getByRole('button', { name: 'Show' }).click();
    const { name } = traveller(service, 'housing-officer');
    await administrator.page.getByRole('link', { name }).waitFor();
    await administrator.context.close();
  });
});
