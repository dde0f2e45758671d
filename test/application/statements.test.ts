/** How many statements a page may cost: so that they cannot creep up unseen. `npm run bench pages` prints them beside their time. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pages } from '../../bench/pages/pages.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import type { Browser } from '../support/idp/idp.ts';
import { openSession } from '../support/journeys/journey.ts';
import { fewestSent } from '../support/platform/statements.ts';

let service: RunningApplication;
const visitors = new Map<string, Browser>();

beforeAll(async () => {
  service = await startApplication();
  for (const { who } of pages) if (!visitors.has(who)) visitors.set(who, await openSession(service, who));
});
afterAll(() => service.close());

test.each(pages)('$name costs at most $statements', async ({ who, path, statements: most }) => {
  const { statements } = await fewestSent(async () => {
    expect((await visitors.get(who)!.send(path)).status).toBe(200);
  });
  expect({ statements, enough: statements.length <= most }).toMatchObject({ enough: true });
});
