/** People of the demo region on their way through the service: who they are, and how they sign in, in Chromium or by HTTP. */
import { generateSync } from 'otplib';
import pg from 'pg';
import type { Manifest, ManifestPerson } from '../../../demo/load/manifest.ts';
import { namedPerson } from '../../../demo/region/people.ts';
import type { RunningApplication } from '../application/application.ts';
import type { Browser as Chromium } from 'playwright-core';
import { inspectPage, openPage, type Visitor, widths } from './browser.ts';
import type { TestDatabase } from '../platform/database.ts';
import { type Browser, createBrowser, passSignIn } from '../idp/idp.ts';

/** A database that a test may write to by hand. */
type Owned = Pick<TestDatabase, 'ownerUrl'>;

/** `database`: that of the service they travel to, where it is a test's own. */
export type Traveller = ManifestPerson & { id: string; posts: string[]; database?: Owned };

/** The person of the demo region with that key (demo/region/people.ts), as the manifest gives them to a script. */
export function traveller({ manifest, database }: { manifest: Manifest; database?: Owned }, key: string): Traveller {
  const { id, email, posts } = namedPerson(key);
  const person = [...manifest.people, ...manifest.people_refused].find((one) => one.email === email);
  if (person === undefined) throw new Error(`demo.json has nobody with the address ${email}`);
  return { ...person, id, posts: posts.map((post) => post.id), ...(database && { database }) };
}

/** What the person's authenticator app shows now. */
export function currentCode(person: Pick<ManifestPerson, 'totp_secret'>): string {
  return generateSync({ secret: person.totp_secret });
}

/** As though half a minute had gone by since the person's last code, so that the same one may be typed again. */
export async function forgetLastCode({ database }: { database: Owned }, { id }: Pick<Traveller, 'id'>): Promise<void> {
  await asOwner(database, 'update credential set last_step = null where practitioner = $1', [id]);
}

/** Runs a statement as the owner of the tables: behind row-level security, as somebody with the database's password could. */
export async function asOwner(
  { ownerUrl }: Pick<TestDatabase, 'ownerUrl'>,
  statement: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Fills in the three pages of sign-in as a password manager would: by what the fields say that they take. A traveller may
 * have typed the same code a moment ago.
 */
export async function passSignInPages({ page }: Visitor, person: ManifestPerson & Partial<Traveller>): Promise<void> {
  const { id, database } = person;
  if (id !== undefined && database !== undefined) await forgetLastCode({ database }, { id });
  await fillAndContinue({ page }, 'username', person.email);
  await fillAndContinue({ page }, 'current-password', person.password);
  await fillAndContinue({ page }, 'one-time-code', currentCode(person));
}

/** Somebody who has signed in to Wayleave, in a browser of their own. */
export async function arrive(
  service: RunningApplication,
  browser: Chromium,
  who: string | Parameters<typeof passSignInPages>[1],
  options: Parameters<typeof openPage>[1] = {},
): Promise<Visitor> {
  const visitor = await openPage(browser, options);
  await visitor.page.goto(`${service.baseUrl}/sign-in`);
  await passSignInPages(visitor, typeof who === 'string' ? traveller(service, who) : who);
  await visitor.page.getByRole('heading', { name: /^Hello/ }).waitFor();
  return visitor;
}

/** Fills the one visible field with that autocomplete token, and presses Continue. */
export async function fillAndContinue({ page }: Pick<Visitor, 'page'>, token: string, value: string): Promise<void> {
  await page.locator(`[autocomplete="${token}"]:visible`).fill(value);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Inspects a step without axe, unless asked for: on the way the same pages come again and again. */
export async function lookAt(visitor: Visitor, name: string, { axe = false } = {}): Promise<void> {
  await inspectPage(visitor, name, { axe });
}

/** The same with axe at both widths, one after the other on the page as it stands. */
export async function inspectAtBothWidths(visitor: Visitor, name: string): Promise<void> {
  const { page } = visitor;
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await inspectPage(visitor, name);
  }
  if (before !== null) await page.setViewportSize(before);
}

/** Somebody who has signed in to Wayleave, as a browser without JavaScript. `post`: which of several to act in. */
export async function openSession(
  service: RunningApplication,
  key: string,
  options: { post?: string } = {},
): Promise<Browser> {
  const { id, email, password, totp_secret: totpSecret } = traveller(service, key);
  const browser = createBrowser(service.baseUrl);
  const last = await passSignIn(browser, await browser.open('/sign-in'), { id, email, password, totpSecret }, options);
  if (last.url !== `${service.baseUrl}/`) throw new Error(`sign-in ended at ${last.url} (${last.status})`);
  return browser;
}

/** A partner system's own access token. */
export async function partnerToken({ manifest, config }: RunningApplication, clientId: string): Promise<string> {
  const partner = manifest.partners.find(({ client_id: id }) => id === clientId);
  const credentials = Buffer.from(`${clientId}:${partner?.client_secret}`).toString('base64');
  const response = await fetch(`${config.issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'decisions audit.read' }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

export type Answer = {
  decision: boolean;
  context: { id: string; fields: string[]; withheld: { field: string }[]; reason: { code: string; text: string } };
};

/** What AuthZEN answers a partner system to a question. */
export async function askDecision(service: RunningApplication, clientId: string, question: object): Promise<Answer> {
  const response = await fetch(`${service.baseUrl}/access/v1/evaluation`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await partnerToken(service, clientId)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(question),
  });
  if (response.status !== 200) throw new Error(`AuthZEN answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** The record of a decision that one of the demo's examples asks for, by the example's subject. */
export async function decideFor(
  service: RunningApplication,
  key: string,
  client = 'casebook-gateshead',
): Promise<Answer> {
  const { id } = namedPerson(key);
  const example = service.manifest.examples.find(({ partner, request }) => {
    const { subject } = request as { subject: { id: string } };
    return partner === client && subject.id === id;
  });
  if (example === undefined) throw new Error(`no example of ${client} is about ${key}`);
  return askDecision(service, client, example.request);
}

/** A decision as it was recorded, read by the partner system that asked for it. */
export async function findDecision(service: RunningApplication, clientId: string, id: string): Promise<Answer> {
  const response = await fetch(`${service.baseUrl}/audit/v1/decisions/${id}`, {
    headers: { Authorization: `Bearer ${await partnerToken(service, clientId)}` },
  });
  if (response.status !== 200) throw new Error(`the audit answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { decision: Answer }).decision;
}
