/** Real Chromium for tests: a page at a given width, an eye on the console, axe, and a screenshot to look at. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findViolations } from './axe.ts';

/** The two widths at which every page must work. */
export const widths = [320, 1280] as const;

const screenshots = path.resolve(import.meta.dirname, '../../../.data/screenshots');

/** Where Chromium is, or undefined; `describe.skip` without it, except in CI, where its absence is a failure. */
export function findChromium(): string | undefined {
  const places = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = places.find((place) => place !== undefined && existsSync(place));
  if (found === undefined && process.env.CI !== undefined) {
    throw new Error('There is no Chromium: install it (apt-get install chromium) or set CHROME_PATH.');
  }
  return found;
}

/** Starts headless Chromium. Close it in `afterAll`. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium; skip this test.');
  return chromium.launch({
    executablePath,
    // Root cannot use the sandbox; small containers have little shared memory and no graphics.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking'],
  });
}

export type Visitor = {
  page: Page;
  context: BrowserContext;
  /** Everything the console complained of: CSP, script errors, failed loads of parts. */
  complaints: string[];
};

/** A page of its own: no cookies, the given width; `javaScript: false` for visitors without. */
export async function openPage(
  browser: Browser,
  options: { width?: number; javaScript?: boolean } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.width === 320 ? 640 : 900 },
    javaScriptEnabled: options.javaScript ?? true,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // An error page is reported as a failed load of itself; that is its status, not a fault.
    const ownStatus = message.location().url === page.url() && /status of \d+/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !ownStatus) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, context, complaints };
}

/** Takes the picture `<name>-<width>.png` of a page, for people to look at; where nobody does (CI), it is left out. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env.CI !== undefined) return;
  await mkdir(screenshots, { recursive: true });
  const file = path.join(screenshots, `${name}-${page.viewportSize()?.width ?? 0}.png`);
  await page.screenshot({ path: file, fullPage: true });
}

/**
 * Looks at the page as it stands: takes a screenshot `<name>-<width>.png`, and throws for a complaint of the console (a CSP
 * violation is one), a page wider than the window, or a violation by axe, which needs JavaScript in the page.
 */
export async function inspectPage(
  { page, complaints }: Visitor,
  name: string,
  { axe = true }: { axe?: boolean } = {},
): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  await takePicture(page, name);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  const problems = axe ? await findViolations(page) : [];
  problems.push(...complaints.splice(0).map((text) => `console: ${text}`));
  if (Number(overflow) > 0) problems.push(`the page is ${String(overflow)} px wider than the window`);
  if (problems.length > 0) throw new Error(`${name} at ${width} px:\n- ${problems.join('\n- ')}`);
}

/** Opens an address at 320 and 1280 px and inspects it at both. */
export async function inspectAddress(browser: Browser, url: string, name: string): Promise<void> {
  for (const width of widths) {
    const visitor = await openPage(browser, { width });
    await visitor.page.goto(url);
    await inspectPage(visitor, name);
    await visitor.context.close();
  }
}
