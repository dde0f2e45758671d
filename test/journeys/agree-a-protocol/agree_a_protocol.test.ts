/**
 * Two agencies agree a protocol: drafted from a template, read and commented on, held up by an example, mended, signed with a
 * passkey and away from the service, in force at once, and at an end at once when one of them withdraws. Without JavaScript but
 * for the passkey; every page is looked at with it as well.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startWorker } from '../../../platform/jobs/worker.ts';
import { listMails } from '../../../platform/mail/files.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import {
  type Answer,
  askDecision,
  inspectAtBothWidths,
  passSignInPages,
  traveller,
} from '../../support/journeys/journey.ts';
import { appointWithPasskey, enrolPasskey } from '../../support/policy/officers.ts';
import { runAsShown } from '../../support/policy/terminal.ts';
import { waitFor } from '../../support/platform/web.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const gateshead = 'E08000037';
const clause = 'health-practitioners';

let service: RunningApplication;
let browser: Browser;
let worker: { stop(): Promise<void> };
let folder: string;
/** Margaret Charlton signs for the council, and writes. */
let author: Visitor;
/** Fatima Al-Hassan signs for the hospital, and reads on her telephone. */
let guardian: Visitor;
let draft: string;
let protocol: string;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  worker = await startWorker({ url: service.ground.directUrl, logger: service.ground.logger, ...service.jobs });
  folder = await mkdtemp(path.join(os.tmpdir(), 'wayleave-signing-'));
  author = await openPage(browser, { width: 1280, javaScript: false });
  guardian = await openPage(browser, { width: 320, javaScript: false });
});
afterAll(async () => {
  await worker.stop();
  await browser.close();
  await service.close();
  await rm(folder, { recursive: true });
});

async function signIn(visitor: Visitor, key: string): Promise<void> {
  const person = traveller(service, key);
  await visitor.page.goto(`${service.baseUrl}/sign-in`);
  await passSignInPages(visitor, person);
  await visitor.page.getByRole('heading', { name: `Hello, ${person.name}` }).waitFor();
}

const open = ({ page }: Visitor, address: string) => page.goto(new URL(address, service.baseUrl).href);
const follow = ({ page }: Visitor, name: string | RegExp) => page.getByRole('link', { name }).first().click();
const press = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true }).last().click();
const textOf = async ({ page }: Visitor): Promise<string> =>
  ((await page.getByRole('main').textContent()) ?? '').replace(/\s+/g, ' ');

/** The page as it stands, with axe at both widths, in a browser with JavaScript. */
async function inspect(visitor: Visitor, name: string): Promise<void> {
  const other = await openPage(browser);
  await other.context.addCookies(await visitor.context.cookies());
  await other.page.goto(visitor.page.url());
  await inspectAtBothWidths(other, `agree-${name}`);
  await other.context.close();
}

/** What the council's case system is told about a discharge coordinator of the hospital who asks for a household. */
function askNow(): Promise<Answer & { context: { clauses: { protocol: string; clause: string }[] } }> {
  const { id, posts } = traveller(service, 'discharge-coordinator');
  return askDecision(service, 'casebook-gateshead', {
    subject: { type: 'practitioner', id, properties: { post: posts[0] } },
    action: { name: 'read' },
    resource: { type: 'housing-support-record', id: 'HS-1', properties: { agency: gateshead, case_status: 'open' } },
    context: { purpose: 'preventing-homelessness' },
  }) as ReturnType<typeof askNow>;
}

withChromium('two agencies', () => {
  it('have agreed nothing yet, so the answer is no', async () => {
    expect((await askNow()).decision).toBe(false);
  });

  it('begin with a template, which one of them fills in', async () => {
    await signIn(author, 'siro');
    await follow(author, 'Protocols');
    await author.page.getByRole('button', { name: 'Drafts' }).click();
    await inspect(author, 'drafts');
    await author.page.getByRole('button', { name: 'Start a draft' }).click();
    await author.page.getByLabel('Homelessness, and people who move').check();
    await author.page.getByText('With which agencies?').click();
    await author.page.getByLabel('Gateshead Health NHS Foundation Trust').check();
    await inspect(author, 'start');
    await press(author, 'Start from the template');
    draft = new URL(author.page.url()).pathname;
    await inspect(author, 'draft');

    await follow(author, 'Impact assessment and dates');
    const today = new Date().toLocaleDateString('en-GB', { timeZone: 'Europe/London' });
    await author.page.getByLabel('Reference').fill('DPIA-2026-31');
    await author.page.getByLabel('Completed on').fill('31/13/2025');
    await author.page.getByLabel('First day').fill(today);
    await press(author, 'Save');
    expect(await textOf(author)).toContain('There is a problem Write a day that exists');
    await inspect(author, 'dates-wrong');
    await author.page.getByLabel('Completed on').fill('31/10/2025');
    await press(author, 'Save');
    expect(await textOf(author)).toMatch(/Impact assessment and dates The assessment[^.]* Complete/);

    await follow(author, 'Clauses');
    await inspect(author, 'clauses');
    await follow(author, clause);
    await author.page.getByLabel('No: a system may ask on their behalf').check();
    await press(author, 'Save');
    expect(await textOf(author)).not.toContain('to mend');
  });

  it('are told by mail that a draft waits, and no more', async () => {
    await open(author, `${draft}/comments`);
    await inspect(author, 'comments-before');
    await press(author, 'Open the consultation');
    expect(await textOf(author)).toContain('The officers of every party can read this draft');
    const { email } = traveller(service, 'caldicott-guardian');
    const mails = async () => (await listMails(service.config.dataDir)).filter(({ to }) => to === email);
    await waitFor(async () => (await mails()).length > 0);
    const [mail] = await mails();
    expect(mail?.text).toContain(`${service.baseUrl}${draft}/comments`);
    expect(`${mail?.subject} ${mail?.text}`).not.toMatch(/homeless|Charlton|Gateshead/i);
  });

  it('comment on a clause, and the other agency cannot change a word', async () => {
    await signIn(guardian, 'caldicott-guardian');
    await open(guardian, `${draft}/comments`);
    await follow(guardian, `Clause ${clause}`);
    expect(await guardian.page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await inspect(guardian, 'clause-to-read');
    await open(guardian, `${draft}/comments?about=${clause}`);
    await guardian.page.getByLabel('What do you want to say?').fill('Our coordinators do not need the date of birth.');
    await guardian.page.getByLabel('This must be settled before anything is signed').check();
    await press(guardian, 'Send the comment');
    expect(await textOf(guardian)).toContain('Must be settled before signature');
  });

  it('answer, and what was mended makes an example fail, which holds the signature up', async () => {
    await open(author, `${draft}/comments`);
    await author.page.getByLabel('Answer').fill('You are right. It is taken out.');
    await press(author, 'Answer');
    await inspect(author, 'comments');
    await follow(author, `Clause ${clause}`);
    await author.page.getByRole('group', { name: 'Fields', exact: true }).first().getByLabel('Date of birth').uncheck();
    await press(author, 'Save');
    await open(author, `${draft}/signature`);
    const text = await textOf(author);
    expect(text).toContain('A discharge coordinator sees whether a patient has a home: this example does not hold');
    expect(text).toMatch(new RegExp(`A comment on “[^”]+” \\(clause ${clause}\\): must be settled first`));
    expect(await author.page.getByRole('button', { name: 'Put it to signature' }).count()).toBe(0);
    await inspect(author, 'signature-held-up');
    await follow(author, 'A discharge coordinator sees');
    expect(await textOf(author)).toMatch(/Does not hold Expected: yes[^:]*: Name, Date of birth/);
    await inspect(author, 'example-fails');
    await author.page.getByRole('group', { name: 'Fields', exact: true }).getByLabel('Date of birth').uncheck();
    await press(author, 'Save');
    expect(await textOf(author)).not.toContain('Does not hold');
    await open(guardian, `${draft}/comments`);
    await press(guardian, 'It is settled');
    await open(guardian, `${draft}/changes`);
    expect(await textOf(guardian)).toMatch(/Discharge coordinator.*Gains Name, Housing situation, Allocated worker/);
    await inspect(guardian, 'changes');
  });

  it('put it to signature: from then on nobody changes the text', async () => {
    await open(author, `${draft}/signature`);
    await press(author, 'Put it to signature');
    expect(await textOf(author)).toContain('Not signed Its Caldicott guardian has still to sign');
    await inspect(author, 'signature');
    await open(author, `${draft}/guidance`);
    expect(await author.page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    expect((await askNow()).decision).toBe(false);
  });

  it('sign: one with a passkey', async () => {
    const signer = await openPage(browser, { width: 1280 });
    await signIn(signer, 'siro');
    await enrolPasskey(service, signer);
    await appointWithPasskey(service, gateshead, 'siro');
    await open(signer, `${draft}/signature`);
    await signer.page.getByRole('button', { name: 'Read the whole text and sign' }).click();
    await press(signer, 'Go on to sign');
    await press(signer, 'Sign with your passkey');
    await signer.page.waitForURL(/\/protocols\//);
    protocol = new URL(signer.page.url()).pathname;
    expect(await textOf(signer)).toMatch(/Signed by Margaret Charlton/);
    expect((await askNow()).decision).toBe(false);
    await signer.context.close();
  });

  it('and one away from the service, with the command that the page shows', async () => {
    await open(guardian, `${draft}/signature`);
    await inspect(guardian, 'signature-own-turn');
    await guardian.page.getByRole('button', { name: 'Read the whole text and sign' }).click();
    const signature = await runAsShown(folder, guardian);
    expect(JSON.parse(await readFile(signature, 'utf8'))).toMatchObject({ signature: expect.any(String) });
    await guardian.page.getByLabel('File that it wrote').setInputFiles(signature);
    await press(guardian, 'Hand it in');
    expect(await textOf(guardian)).toContain('In force');
    await open(author, draft);
    expect(await textOf(author)).toContain('Signed Every party has signed');
    await inspect(author, 'draft-signed');
  });

  it('have it in force: the answer is yes, citing the clause', async () => {
    const { decision, context } = await askNow();
    expect(decision).toBe(true);
    expect(context.fields).toEqual(['name', 'housing_situation', 'allocated_worker']);
    const [, , id] = protocol.split('/');
    expect(context.clauses).toEqual([expect.objectContaining({ protocol: id, clause })]);
  });

  it('have nothing of it any more when one withdraws', async () => {
    await open(guardian, `${protocol}/stop`);
    await inspect(guardian, 'stop');
    const reason = '--reason "The hospital asks by telephone again"';
    const event = await runAsShown(folder, guardian, (shown) =>
      shown.replace('-- suspend', '-- withdraw').replace(/--reason "[^"]*"/, reason),
    );
    await guardian.page.getByLabel('File that it wrote').setInputFiles(event);
    await press(guardian, 'Hand it in');
    expect(await textOf(guardian)).toContain('Withdrawn');
    expect((await askNow()).decision).toBe(false);
  });
});
