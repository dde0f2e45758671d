/** Axe in Chromium: handed to each document once and run there; only what it objects to comes back. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Sent to the browser as text. What passed is of no interest, and by far the greater part of the result.
const run = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(
  ({ id, help, nodes }) => 'axe ' + id + ': ' + help + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')
))`;

/** Each violation of the page as it stands, in words. Needs JavaScript in the page. */
export async function findViolations(page: Page): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(source);
  return page.evaluate<string[]>(run);
}
