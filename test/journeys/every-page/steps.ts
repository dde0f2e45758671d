/** One after the other the pages that somebody can come to, each at 320 and 1280 px, in one browser context. */
import type { Browser } from 'playwright-core';
import { namedPerson } from '../../../demo/region/people.ts';
import type { RunningApplication } from '../../support/application/application.ts';
import { openPage, type Visitor } from '../../support/journeys/browser.ts';
import { inspectAtBothWidths, passSignInPages, traveller } from '../../support/journeys/journey.ts';

/** A page: the name of its picture, its address, and what is done there before it is looked at. */
export type Step = [name: string, address: string, act?: (visitor: Visitor) => Promise<unknown>];

/** Signs the person in (unless it is `nobody`) and inspects each page; throws with all that is wrong. */
export async function inspectPages(
  service: RunningApplication,
  browser: Browser,
  who: string,
  steps: Step[],
): Promise<void> {
  const visitor = await openPage(browser);
  const { page, context } = visitor;
  if (who !== 'nobody') {
    const person = traveller(service, who);
    await page.goto(`${service.baseUrl}/sign-in`);
    await passSignInPages(visitor, person);
    await page.getByRole('heading', { name: `Hello, ${person.name}` }).waitFor();
  }
  const problems: string[] = [];
  for (const [name, address, act] of steps) {
    await page.goto(new URL(address, service.baseUrl).href);
    await act?.(visitor);
    await page.waitForLoadState();
    await inspectAtBothWidths(visitor, `page-${name}`).catch((error: Error) => problems.push(error.message));
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await context.close();
}

export const unfold = ({ page }: Visitor): Promise<unknown> =>
  page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
/** The menu of narrow windows, open: it stays so while the window grows and shrinks. */
export const openMenu = async ({ page }: Visitor): Promise<void> => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.getByRole('button', { name: 'Menu' }).click();
};
export const press =
  (name: string) =>
  async ({ page }: Visitor): Promise<void> =>
    page.getByRole('button', { name }).click();

/** Saves what somebody else has saved meanwhile: in a window of their own, and not closed before the answer has come. */
export const overtaken = async (visitor: Visitor): Promise<void> => {
  const theirs = await visitor.context.browser()!.newContext({ storageState: await visitor.context.storageState() });
  const other = await theirs.newPage();
  await other.goto(visitor.page.url());
  await other.getByLabel('Guidance for practitioners').fill('Theirs came first.');
  const answered = other.waitForResponse((response) => response.request().method() === 'POST');
  await Promise.all([answered, press('Save')({ ...visitor, page: other })]);
  await theirs.close();
  await press('Save')(visitor);
};

export const entry = (key: string): string => `/directory/${namedPerson(key).id}`;
export const post = (key: string): string => `/posts/${namedPerson(key).posts[0]!.id}`;
/** Somebody's decision to try: who, and with a type of record the question about the hospital's. */
export const trying = (key: string, type?: string): string => {
  const { id, posts } = namedPerson(key);
  const record = type && { post: posts[0]!.id, type, holder: 'RR7' };
  return `/try-a-decision?${new URLSearchParams({ who: id, ...record }).toString()}`;
};
