/**
 * A school joins a protocol that others agreed: refused to whoever may not, signed with a passkey, countersigned away from
 * the service by the framework's host, in force at once for what is open to it and nothing else, paused for it alone while it
 * suspends it, until it joins again, and at an end at once when the school withdraws.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { keyFile } from '../../../demo/load/keys.ts';
import { officerOf } from '../../../demo/region/officers.ts';
import { inventPractitioners } from '../../../demo/region/practitioners.ts';
import { importCredentials } from '../../../idp/credentials/import_credentials.ts';
import { appendEvents } from '../../../policy/register/ledger/append.ts';
import { generateKey } from '../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../policy/register/signatures/keys.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import {
  type Answer,
  asOwner,
  askDecision,
  inspectAtBothWidths,
  arrive,
  traveller,
} from '../../support/journeys/journey.ts';
import { administered, appointWithPasskey, enrolPasskey } from '../../support/policy/officers.ts';
import { runAsShown, writeKey } from '../../support/policy/terminal.ts';
import { agreeAtSchool, council, school } from './agree_at_school.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const academy = 'URN:136352';
/** A school of the federation that has not joined the framework. */
const outside = 'URN:144279';
const protocol = '/protocols/help-at-school/1';

let service: RunningApplication;
let browser: Browser;
let folder: string;
/** Olufemi Adebayo signs for the academy. */
let head: Visitor;
/** Margaret Charlton signs for the council, which hosts the framework. */
let host: Visitor;
let offer: string;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  folder = await mkdtemp(path.join(os.tmpdir(), 'wayleave-joining-'));
  await agreeAtSchool(service);
  head = await arrive(service, browser, 'headteacher');
  host = await arrive(service, browser, 'siro');
});
afterAll(async () => {
  await browser.close();
  await service.close();
  await rm(folder, { recursive: true });
});

const open = ({ page }: Visitor, address: string) => page.goto(new URL(address, service.baseUrl).href);
const press = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true }).click();
const textOf = async ({ page }: Visitor): Promise<string> =>
  ((await page.getByRole('main').textContent()) ?? '').replace(/\s+/g, ' ');
const errorOf = ({ page }: Visitor): Promise<string> => page.locator('.govuk-error-summary').innerText();

type Cited = Answer & { context: { clauses: { protocol: string; clause: string }[] } };

/** What the council's case system is told when a teacher of that school asks for these fields of a child's record. */
function askFor(at: string, fields: string[]): Promise<Cited> {
  const teacher = inventPractitioners().find(
    ({ agency, identity, posts: [post] }) =>
      agency === at && identity.level >= 1 && post?.role === 'teacher' && post.endedDaysAgo === undefined,
  )!;
  return askDecision(service, 'casebook-gateshead', {
    subject: { type: 'practitioner', id: teacher.id, properties: { post: teacher.posts[0]!.id } },
    action: { name: 'read' },
    resource: { type: 'child-record', id: 'GC-1', properties: { agency: council, fields } },
    context: { purpose: 'early-help' },
  }) as Promise<Cited>;
}

const ask = (...fields: string[]): Promise<Cited> => askFor(academy, fields);

/** What waits to be sent to somebody: the tests' service runs no jobs. */
async function queuedMails(key: string): Promise<{ subject: string; text: string }[]> {
  const { email } = traveller(service, key);
  const jobs = await asOwner(service.database, 'select payload from graphile_worker._private_jobs order by id');
  return jobs
    .map(({ payload }) => payload as { to: string; subject: string; text: string })
    .filter(({ to }) => to === email);
}

const outcome = async (...fields: string[]) => (await ask(...fields)).context.reason.code;

/** Fills in who answers for the academy, and on what basis it receives anything. */
async function fillIn({ page }: Visitor): Promise<void> {
  for (const label of ['Senior officer', 'Data protection officer', 'Director']) {
    await page.getByLabel(label, { exact: true }).fill('Olufemi Adebayo');
  }
  for (const label of await page.getByLabel(/^\s*Mailbox/).all()) await label.fill('office@gosforthacademy.example');
  await page.getByLabel('(e) Public task').check();
  await page.getByLabel('Statutory powers').fill('Education Act 2002, section 175');
  await page.getByLabel('Why the duty of confidence allows it').fill('The family is told, and may object.');
}

/** Signs with the passkey what the page says that the academy does with the protocol. */
async function stop(deed: 'Suspend it' | 'Withdraw from it', why: string, picture: string): Promise<void> {
  await open(head, protocol);
  await head.page.getByRole('link', { name: 'Suspend or withdraw from it' }).click();
  expect(await textOf(head)).toContain('It stops for your agency alone, until your agency joins it again.');
  await head.page.getByLabel(deed).check();
  await head.page.getByLabel('Why?').fill(why);
  await inspectAtBothWidths(head, picture);
  await press(head, 'Go on to sign');
  await press(head, 'Sign with your passkey');
  await head.page.getByText('It stands in the register').waitFor();
}

withChromium('a school that is no party', () => {
  it('is given nothing yet', async () => {
    expect(await outcome('name', 'strengths')).toBe('not-a-party');
    await open(host, `${protocol}/join`);
    expect(await textOf(host)).toContain('Your agency is a party to this protocol: it signs, and does not join.');
  });

  it('is told to join the framework first, where it has not', async () => {
    const { practitioner, name } = officerOf(outside);
    const person = inventPractitioners().find(({ id }) => id === practitioner)!;
    const secrets = { password: 'three-long-words-of-one-school-41', totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };
    await importCredentials(service.ground.log, service.config, { agency: outside, service: 'test' }, [
      { practitioner, ...secrets },
    ]);
    const { password, totpSecret } = secrets;
    const visitor = await arrive(service, browser, {
      email: person.email,
      password,
      totp_secret: totpSecret,
      name,
    } as never);
    await open(visitor, protocol);
    await visitor.page.getByRole('link', { name: 'Join it' }).click();
    expect(await textOf(visitor)).toContain(
      'Your agency must first join the framework: North East framework for sharing information, version 1.',
    );
    await inspectAtBothWidths(visitor, 'joining-without-framework');
    await visitor.context.close();
  });

  it('signs with a passkey that it joins, after reading what it signs', async () => {
    await enrolPasskey(service, head);
    head.complaints.splice(0); // Chromium would have RS256 offered too, which the register does not know.
    await appointWithPasskey(service, academy, 'headteacher');
    await open(head, protocol);
    await head.page.getByRole('link', { name: 'Join it' }).click();
    const { page } = head;
    expect(await textOf(head)).toMatch(
      /What it would receive A teacher may read what is going well[^.]*\. clause what-goes-well Who answers/,
    );
    await inspectAtBothWidths(head, 'joining');
    await page.getByLabel('Senior officer', { exact: true }).fill('Olufemi Adebayo');
    await press(head, 'Go on to sign');
    expect(await errorOf(head)).toContain('Choose at least one basis of Article 6(1)');
    expect(await page.getByLabel('Senior officer', { exact: true }).inputValue()).toBe('Olufemi Adebayo');
    await inspectAtBothWidths(head, 'joining-wrong');

    await fillIn(head);
    await press(head, 'Go on to sign');
    expect(await textOf(head)).toContain('You sign that your agency joins this protocol.');
    await inspectAtBothWidths(head, 'joining-ask');
    await press(head, 'Sign with your passkey');
    await page.getByText('Signed and handed in.').waitFor();
    expect(await queuedMails('siro')).toEqual([
      expect.objectContaining({ subject: 'An agency wants to join a protocol' }),
    ]);
    expect(await textOf(head)).toMatch(/What your agency asked to join Waits for the host Early help at school/);
    expect(await outcome('name')).toBe('not-a-party');
  });

  it('waits: it cannot ask twice, countersign for itself, or be let in by a stranger', async () => {
    await open(head, `${protocol}/join`);
    expect(await textOf(head)).toContain('Your agency has asked to join this protocol.');
    await inspectAtBothWidths(head, 'joining-waits');

    await open(head, '/signing');
    await head.page.getByRole('link', { name: /^\s*Early help at school/ }).click();
    offer = new URL(head.page.url()).pathname;
    expect(await head.page.getByRole('button', { name: 'Take it back' }).count()).toBe(1);
    expect(await textOf(head)).not.toContain('Let it join');
    await inspectAtBothWidths(head, 'joining-offer');

    const hospital = await arrive(service, browser, 'caldicott-guardian');
    await open(hospital, offer);
    expect(await textOf(hospital)).toContain('There is no such accession, or it is not for your agency.');
    await hospital.context.close();
    // An administrator of the host is no officer: what they sign does not count, and they decide nothing.
    const administrator = await arrive(service, browser, 'administrator');
    await open(administrator, offer);
    expect(await administrator.page.getByRole('button', { name: 'Do not let it join' }).count()).toBe(0);
    const siro = traveller(service, 'siro').id;
    const signed = await runAsShown(folder, administrator, (shown) =>
      shown
        .replace('<file of your key>', keyFile(service.config.dataDir, council, siro))
        .replace('countersigned.json', 'no.json'),
    );
    await administrator.page.getByLabel('File that it wrote').setInputFiles(signed);
    await press(administrator, 'Hand it in');
    expect(await errorOf(administrator)).toContain('The register knows no such officer');
    await administrator.context.close();
  });

  it('is not let in by the person who signed for it, though the council made them its officer as well', async () => {
    const { id, name } = traveller(service, 'headteacher');
    const key = generateKey();
    const jwk = publicPart(key);
    const officer = { practitioner: id, name, capacities: ['siro' as const], kid: thumbprint(jwk) };
    await appendEvents(service.ground, service.register, { service: 'test' }, [
      administered(service, council, 'key-added', { agency: council, key: { jwk, use: 'officer' } }),
      administered(service, council, 'officer-appointed', { agency: council, officer }),
    ]);
    const file = await writeKey(folder, 'headteacher.json', key);
    await open(host, offer);
    const countersigned = await runAsShown(folder, host, (shown) =>
      shown
        .replace(/--key \S+/, `--key ${file}`)
        .replace(/--officer \S+/, `--officer ${id}`)
        .replace('countersigned.json', 'both.json'),
    );
    await host.page.getByLabel('File that it wrote').setInputFiles(countersigned);
    await press(host, 'Hand it in');
    expect(await errorOf(host)).toContain('One person cannot both accede and countersign. Ask another officer.');
    await inspectAtBothWidths(host, 'countersigning-refused');
    expect(await outcome('name')).toBe('not-a-party');
  });

  it('is let in by the framework’s host, away from the service', async () => {
    await open(host, '/signing');
    expect(await textOf(host)).toContain(
      'Agencies that want to join Gosforth Academy: Early help at school, version 1',
    );
    await host.page.getByRole('link', { name: /^\s*Gosforth Academy/ }).click();
    expect(await textOf(host)).toMatch(
      /What it would receive A teacher may read what is going well[^.]*\. clause what-goes-well Let it join/,
    );
    await inspectAtBothWidths(host, 'countersigning');
    await host.page.getByLabel('File that it wrote').setInputFiles(await runAsShown(folder, host));
    await press(host, 'Hand it in');
    await host.page.getByText('Signed and handed in.').waitFor();
    const [mail] = await queuedMails('headteacher');
    expect(mail?.subject).toBe('Your agency has joined a protocol');
    expect(mail?.text).toContain(`${service.baseUrl}${offer}`);
    expect(mail?.text).not.toMatch(/Early help|Gateshead|Charlton/);
  });

  it('is given what is open to it, citing the clause, and nothing of what is not', async () => {
    const { decision, context } = await ask('name', 'strengths');
    expect(decision).toBe(true);
    expect(context.fields).toEqual(['name', 'strengths']);
    expect(context.clauses).toEqual([
      expect.objectContaining({ protocol: 'help-at-school', clause: 'what-goes-well' }),
    ]);
    expect(await outcome('health_needs')).toBe('fields-not-covered');
  });

  it('stands on the protocol’s page and in the public register, with who joined and when', async () => {
    await open(host, protocol);
    const today = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'Europe/London' });
    expect(await textOf(host)).toMatch(
      new RegExp(`Gosforth Academy joined later Joined by Olufemi Adebayo, director, on ${today}`),
    );
    expect(await textOf(host)).toContain(
      'Agreed by Gateshead Council: Margaret Charlton, senior information risk owner',
    );
    await inspectAtBothWidths(host, 'protocol-joined');
    const anybody = await openPage(browser);
    await open(anybody, '/agreements/help-at-school');
    expect(await textOf(anybody)).toMatch(new RegExp(`Gosforth Academy School, joined on ${today}`));
    await inspectAtBothWidths(anybody, 'agreement-joined');
    await anybody.context.close();
    await open(head, '/protocols');
    expect(await textOf(head)).toContain('1 agency joined later. 2 clauses. Your agency has joined it.');
    await open(head, `/agencies/${academy}`);
    expect(await textOf(head)).toMatch(/Early help at school, version 1 In force joined later/);
    await inspectAtBothWidths(head, 'agency-joined');
  });

  it('cannot join a second time', async () => {
    await open(head, `${protocol}/join`);
    expect(await textOf(head)).toContain('Your agency has joined this protocol. There is nothing more to sign.');
  });

  it('suspends it for itself alone: the other school goes on', async () => {
    const others = async () => (await askFor(school, ['name', 'strengths'])).context.fields;
    expect(await others()).toEqual(['name', 'strengths']);
    await stop('Suspend it', 'A system of the academy is being repaired.', 'joined-suspend');
    expect(await outcome('name', 'strengths')).toBe('protocol-not-in-force');
    expect(await others()).toEqual(['name', 'strengths']);
    expect(await textOf(head)).toMatch(
      /Gosforth Academy joined later .*Suspended It has stopped the protocol for itself/,
    );
    await inspectAtBothWidths(head, 'protocol-joined-suspended');
  });

  it('joins again, and is given it again only once the host has countersigned that too', async () => {
    await head.page.getByRole('link', { name: 'Join it again, to go on' }).click();
    await inspectAtBothWidths(head, 'joining-again');
    // What it said when it joined stands there already, but for who holds the office of which the register keeps no name.
    const { page } = head;
    expect(await page.getByLabel('Statutory powers').inputValue()).toBe('Education Act 2002, section 175');
    await page.getByLabel('Director', { exact: true }).fill('Olufemi Adebayo');
    await page.getByLabel('Mailbox: Director').fill('office@gosforthacademy.example');
    await press(head, 'Go on to sign');
    await press(head, 'Sign with your passkey');
    await head.page.getByText('Signed and handed in.').waitFor();
    expect(await outcome('name', 'strengths')).toBe('protocol-not-in-force');

    await open(host, '/signing');
    await host.page.getByRole('link', { name: /^\s*Gosforth Academy/ }).click();
    expect(new URL(host.page.url()).pathname).not.toBe(offer);
    const countersigned = await runAsShown(folder, host, (shown) => shown.replace('countersigned.json', 'again.json'));
    await host.page.getByLabel('File that it wrote').setInputFiles(countersigned);
    await press(host, 'Hand it in');
    await host.page.getByText('Signed and handed in.').waitFor();
    expect((await ask('name', 'strengths')).context.fields).toEqual(['name', 'strengths']);
    await open(head, protocol);
    expect(await textOf(head)).toContain('Gosforth Academy joined later');
    expect(await textOf(head)).not.toContain('Suspended');
    await inspectAtBothWidths(head, 'protocol-joined-again');
  });

  it('withdraws with its passkey, and is given nothing from then on', async () => {
    await stop('Withdraw from it', 'The academy asks the council by telephone again.', 'joined-stop');
    expect(await outcome('name', 'strengths')).toBe('not-a-party');
    expect(await textOf(head)).not.toContain('Gosforth Academy joined later');
    expect(await textOf(head)).toContain('In force');
    const anybody = await openPage(browser);
    await open(anybody, '/agreements/help-at-school');
    expect(await textOf(anybody)).not.toContain('Gosforth Academy');
    await anybody.context.close();
  });
});
