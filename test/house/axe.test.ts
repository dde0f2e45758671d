/** The check for accessibility finds what it is there to find, also under a policy that lets no script run. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { findViolations } from '../support/journeys/axe.ts';
import { launchBrowser } from '../support/journeys/browser.ts';

const bodies: Record<string, string> = {
  '/good': '<main><h1>A page</h1><p>Nothing is wrong here.</p></main>',
  '/bad': '<main><h1>A page</h1><img src="x"><input><p style="color:#ccc">Pale words</p></main>',
};
const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
  response.end(`<!doctype html><html lang="en"><title>A page</title>${bodies[request.url!] ?? ''}</html>`);
});
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser.close();
  server.close();
});

async function look(path: string): Promise<string[]> {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const found = await findViolations(page);
  await page.close();
  return found.map((words) => words.split(':')[0]!);
}

it('says nothing of a page that is right', async () => {
  expect(await look('/good')).toEqual([]);
});

it('names an image without words, an input without a label and words that are too pale', async () => {
  expect(await look('/bad')).toEqual(expect.arrayContaining(['axe image-alt', 'axe label', 'axe color-contrast']));
});
