/**
 * Officers and keys come and go: two administrators appoint, neither of them the person appointed; a new officer signs with a
 * passkey; a key is changed and what it signed goes on counting; an appointment ends at once; and what a stolen key signed
 * counts for nothing until an officer signs it again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { namedPerson } from '../../../demo/region/people.ts';
import type { Officer, RegisteredProtocol } from '../../../policy/register/chain/state.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, type Visitor } from '../../support/journeys/browser.ts';
import { arrive, decideFor, inspectAtBothWidths, traveller } from '../../support/journeys/journey.ts';
import { enrolPasskey } from '../../support/policy/officers.ts';
import { runAsShown } from '../../support/policy/terminal.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const council = 'E08000037';
const officers = `/agencies/${council}/officers`;
const children = '/protocols/safeguarding-children/1';

let service: RunningApplication;
let browser: Browser;
let folder: string;
/** Dave Robson and Helen Ridley administer the council; Emma Thornton is to sign for it, as Margaret Charlton does now. */
let dave: Visitor;
let helen: Visitor;
let emma: Visitor;
let margaret: Visitor;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  folder = await mkdtemp(path.join(os.tmpdir(), 'wayleave-officers-'));
  dave = await arrive(service, browser, 'administrator');
  helen = await arrive(service, browser, 'second-administrator');
  emma = await arrive(service, browser, 'hospital-social-worker');
  margaret = await arrive(service, browser, 'siro');
});
afterAll(async () => {
  await browser.close();
  await service.close();
  await rm(folder, { recursive: true });
});

const open = ({ page }: Visitor, address: string) => page.goto(new URL(address, service.baseUrl).href);
const follow = ({ page }: Visitor, name: string | RegExp) => page.getByRole('link', { name }).first().click();
const press = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true }).click();
const textOf = async ({ page }: Visitor): Promise<string> =>
  ((await page.getByRole('main').textContent()) ?? '').replace(/\s+/g, ' ');

const member = () => service.register.state()!.agencies.get(council)!;
const officer = (key: string): Officer | undefined => member().officers.get(namedPerson(key).id);
const heldKeys = () =>
  [...member().keys.values()].filter(({ held, use, revokedAt }) => {
    return held === 'service' && use === 'officer' && revokedAt === undefined;
  });
const registered = (id: string): RegisteredProtocol =>
  [...service.register.state()!.protocols.values()].find(({ document }) => document.id === id)!;
const outcome = async () => (await decideFor(service, 'emergency-doctor')).context.reason.code;

/** One administrator proposes somebody as senior information risk owner, with a key that the service holds. */
async function propose(who: string, kid: string): Promise<string> {
  await open(dave, `${officers}/propose`);
  await dave.page.getByLabel('Their work e-mail address').fill(traveller(service, who).email);
  await dave.page.getByLabel('Senior information risk owner').check();
  await dave.page.getByLabel(`(${kid.slice(0, 8)}…)`).check();
  await press(dave, 'Propose');
  await dave.page.getByText('To be approved').waitFor();
  return new URL(dave.page.url()).pathname;
}

/** Suspends a protocol for the council with a passkey, and signs it again. */
async function stopAndGoOn(visitor: Visitor, id: string): Promise<void> {
  await open(visitor, `/protocols/${id}/1/stop`);
  await visitor.page.getByLabel('Suspend it').check();
  await visitor.page.getByLabel('Why?').fill('The list is looked through.');
  await press(visitor, 'Go on to sign');
  await press(visitor, 'Sign with your passkey');
  await visitor.page.getByText('It stands in the register').waitFor();
  expect(registered(id).status).toBe('suspended');
  await signFromList(visitor, registered(id).document.title);
  expect(registered(id).status).toBe('in-force');
}

async function signFromList(visitor: Visitor, title: string): Promise<void> {
  await open(visitor, '/signing');
  await follow(visitor, new RegExp(title));
  await press(visitor, 'Go on to sign');
  await press(visitor, 'Sign with your passkey');
  await visitor.page.getByText('Signed here, with their passkey.').first().waitFor();
}

withChromium('an officer', () => {
  it('is approved neither by whoever proposes them nor by themselves', async () => {
    await enrolPasskey(service, helen);
    helen.complaints.splice(0); // Chromium would have RS256 offered too, which the register does not know.
    const proposal = await propose('second-administrator', heldKeys()[0]!.kid);
    expect(await dave.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await dave.page.evaluate(
      "const form = document.querySelector('form[action$=\"/refuse\"]'); form.action = form.action.replace(/refuse$/, 'approve')",
    );
    await press(dave, 'Take it back');
    expect(await textOf(dave)).toContain('You proposed this, so somebody else must approve it');
    await inspectAtBothWidths(dave, 'officers-own-proposal');
    await open(helen, proposal);
    expect(await textOf(helen)).toContain('This is about you, so two others must decide it.');
    expect(await helen.page.getByRole('main').getByRole('button').count()).toBe(0);
    await inspectAtBothWidths(helen, 'officers-about-you');
    await open(dave, proposal);
    await press(dave, 'Take it back');
    expect(await textOf(dave)).toContain('Taken back');
    expect(officer('second-administrator')).toBeUndefined();
  });

  it('enrols a passkey, is proposed by one administrator and approved by another, and signs', async () => {
    await open(emma, '/signing');
    expect(await textOf(emma)).toContain('This page is for officers and administrators');
    await enrolPasskey(service, emma);
    emma.complaints.splice(0);
    const proposal = await propose('hospital-social-worker', heldKeys()[0]!.kid);
    await open(helen, proposal);
    await press(helen, 'Approve');
    await helen.page.getByText('Appointed', { exact: true }).waitFor();
    expect(officer('hospital-social-worker')).toMatchObject({ capacities: ['siro'] });
    await stopAndGoOn(emma, 'hospital-discharge');
    await inspectAtBothWidths(emma, 'officers-signed');
  });

  it('changes to a new key, and what the old one signed goes on counting', async () => {
    const [old] = heldKeys();
    await open(dave, `/agencies/${council}/keys`);
    await press(dave, 'Make a key for officers');
    await dave.page.getByText('Done. It stands in the register').waitFor();
    const fresh = heldKeys().find(({ kid }) => kid !== old!.kid)!;
    const proposal = await propose('hospital-social-worker', fresh.kid);
    await open(helen, proposal);
    await press(helen, 'Approve');
    await helen.page.getByText('Appointed', { exact: true }).waitFor();
    expect(officer('hospital-social-worker')?.kid).toBe(fresh.kid);

    await open(dave, `/agencies/${council}/keys`);
    await follow(dave, new RegExp(`Revoke it.*${old!.kid}`));
    await dave.page.getByLabel('It is not needed any more').check();
    await dave.page.getByLabel('Why?').fill('A new key took its place.');
    await press(dave, 'Revoke it');
    await dave.page.getByText('Done. It stands in the register').waitFor();
    await dave.page.getByText('Revoked keys').click();
    await inspectAtBothWidths(dave, 'officers-key-changed');
    expect(registered('hospital-discharge').status).toBe('in-force');
    await stopAndGoOn(emma, 'youth-offending');
  });

  it('whose appointment ends signs nothing from that moment on, and what they signed goes on counting', async () => {
    await open(margaret, `${children}/stop`);
    await open(dave, officers);
    await follow(dave, 'End the appointment of Margaret Charlton');
    await press(dave, 'End it now');
    await dave.page.getByText('Done. It is in the log.').waitFor();
    await inspectAtBothWidths(dave, 'officers-ended');
    await margaret.page.getByLabel('Or what is in it').fill('{}');
    await press(margaret, 'Hand it in');
    expect(await textOf(margaret)).toContain('This page is for officers and administrators');
    expect(await outcome()).toBe('permitted');
  });
});

withChromium('a key that somebody else may have', () => {
  it('is reported, and stops what it signed from that entry on', async () => {
    const { kid } = officer('siro')!;
    const from = registered('safeguarding-children').signatures.find(({ agency }) => agency === council)!.position;
    await open(dave, `/agencies/${council}/keys`);
    await follow(dave, new RegExp(`Revoke it.*${kid}`));
    await dave.page.getByRole('radio', { name: 'Somebody else may have it' }).check();
    await dave.page.getByLabel('from which entry of the register on').fill(String(from));
    await dave.page.getByLabel('Why?').fill('The machine that held it was stolen.');
    await inspectAtBothWidths(dave, 'key-compromised');
    await press(dave, 'Revoke it');
    expect(await textOf(dave)).toContain('Only the federation’s operator can sign this');
    await inspectAtBothWidths(dave, 'key-compromised-offline');
    expect(await outcome()).toBe('permitted');

    const root = path.join(service.config.dataDir, 'demo-keys', 'federation-root.json');
    const signed = await runAsShown(folder, dave, (shown) => shown.replace(/--key <[^>]+>/, `--key ${root}`));
    await dave.page.getByLabel('File that it wrote').setInputFiles(signed);
    await press(dave, 'Hand it in');
    await dave.page.getByText('Done. It stands in the register').waitFor();
    expect(await outcome()).toBe('protocol-not-in-force');
    expect(registered('north-east-framework').status).toBe('in-force');
    await open(emma, children);
    expect(await textOf(emma)).toContain('A signature of Gateshead Council does not count');
    await inspectAtBothWidths(emma, 'protocol-after-compromise');
  });

  it('leaves the protocol to be signed again, and then it gives what it gave', async () => {
    await open(emma, '/signing');
    expect(await textOf(emma)).toContain('An earlier signature of your agency does not count.');
    await inspectAtBothWidths(emma, 'signing-after-compromise');
    await signFromList(emma, 'Safeguarding children in Gateshead and Newcastle');
    expect(registered('safeguarding-children').status).toBe('in-force');
    expect(await outcome()).toBe('permitted');
  });
});
