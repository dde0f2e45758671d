/**
 * From a passkey to a signature that counts: an officer enrols it, one administrator proposes, a second approves, and the
 * officer stops a protocol and signs it again with it. In Chromium, with a virtual authenticator.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { namedPerson } from '../../../demo/region/people.ts';
import { listEntries } from '../../../platform/log/read.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, type Visitor } from '../../support/journeys/browser.ts';
import { arrive, inspectAtBothWidths } from '../../support/journeys/journey.ts';
import { addAuthenticator } from '../../support/idp/virtual_authenticator.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;
const gateshead = 'E08000037';
const protocol = '/protocols/safeguarding-children/1';

let service: RunningApplication;
let browser: Browser;
const people: Record<string, Visitor> = {};

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  for (const who of ['siro', 'administrator', 'second-administrator'])
    people[who] = await arrive(service, browser, who);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const open = async (who: string, path: string): Promise<Visitor> => {
  const visitor = people[who]!;
  await visitor.page.goto(`${service.baseUrl}${path}`);
  return visitor;
};
const press = async ({ page }: Visitor, name: string): Promise<void> => page.getByRole('button', { name }).click();
const officer = () => service.register.state()?.agencies.get(gateshead)?.officers.get(namedPerson('siro').id);
const registered = () =>
  [...(service.register.state()?.protocols.values() ?? [])].find(
    ({ document }) => document.id === 'safeguarding-children',
  )!;

withChromium('an officer', () => {
  it('enrols a passkey, which gives no right by itself', async () => {
    const siro = await open('siro', '/passkey');
    await inspectAtBothWidths(siro, 'passkey-none');
    await siro.page.getByRole('button', { name: 'Enrol a passkey' }).click();
    await addAuthenticator(siro.page);
    await siro.page.reload();
    await inspectAtBothWidths(siro, 'passkey-enrol');
    await press(siro, 'Enrol it now');
    await siro.page.getByText('Not yet', { exact: true }).waitFor();
    // Chromium would have RS256 offered too, which the register does not know.
    siro.complaints.splice(0).forEach((one) => expect(one).toContain('pubKeyCredParams'));
    await inspectAtBothWidths(siro, 'passkey-enrolled');
    expect(officer()?.passkey).toBeUndefined();
  });

  it('is proposed by one administrator, who cannot approve', async () => {
    const first = await open(
      'administrator',
      `/agencies/${gateshead}/officers/propose?practitioner=${namedPerson('siro').id}`,
    );
    await first.page.getByLabel('Their passkey, with the key').check();
    await inspectAtBothWidths(first, 'officer-propose');
    await press(first, 'Propose');
    await first.page.getByText('another administrator of your agency must approve it').waitFor();
    await inspectAtBothWidths(first, 'officer-proposed');
    expect(await first.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(officer()?.passkey).toBeUndefined();
  });

  it('is approved by another one, and then stands in the register with the passkey', async () => {
    const second = await open('second-administrator', `/agencies/${gateshead}/officers`);
    await inspectAtBothWidths(second, 'officers-open');
    await second.page.getByRole('link', { name: 'Margaret Charlton' }).first().click();
    await inspectAtBothWidths(second, 'officer-approve');
    await press(second, 'Approve');
    await second.page.getByText('Appointed', { exact: true }).waitFor();
    expect(officer()).toMatchObject({ capacities: ['siro'], passkey: { rp_id: 'localhost' } });
    const [event] = await entries('officer-appointed');
    expect(event).toMatchObject({ actor: { practitioner: namedPerson('second-administrator').id } });
  });

  it('suspends a protocol with the passkey, after reading once more what it is', async () => {
    const siro = await open('siro', protocol);
    await siro.page.getByRole('link', { name: 'Suspend or withdraw from it' }).click();
    await siro.page.getByLabel('Suspend it').check();
    await siro.page.getByLabel('Why?').fill('A list named the wrong children.');
    await inspectAtBothWidths(siro, 'stop-protocol');
    await press(siro, 'Go on to sign');
    await siro.page.getByText('You stop this protocol for your agency').waitFor();
    await inspectAtBothWidths(siro, 'ask-passkey');
    await press(siro, 'Sign with your passkey');
    await siro.page.getByText('It stands in the register').waitFor();
    expect(registered()).toMatchObject({ status: 'suspended', suspendedBy: [gateshead] });
  });

  it('signs it again, so that it is in force, and the page says how', async () => {
    const siro = await open('siro', '/signing');
    await inspectAtBothWidths(siro, 'signing');
    await siro.page.getByRole('link', { name: 'Safeguarding children in Gateshead and Newcastle, version 1' }).click();
    await inspectAtBothWidths(siro, 'sign-protocol');
    expect(await siro.page.locator('main').textContent()).toContain(registered().hash);
    await press(siro, 'Go on to sign');
    expect(await siro.page.locator('main').textContent()).toContain(registered().hash);
    await press(siro, 'Sign with your passkey');
    await siro.page.getByText('Signed here, with their passkey.').waitFor();
    await inspectAtBothWidths(siro, 'protocol-signed-with-passkey');
    expect(registered()).toMatchObject({ status: 'in-force', suspendedBy: [] });
    expect(registered().signatures.find(({ agency }) => agency === gateshead)).toMatchObject({ with: 'passkey' });
  });

  it('is told what to do where no passkey answers, and nothing is signed', async () => {
    const visitor = await arrive(service, browser, 'siro');
    people.elsewhere = visitor;
    await visitor.page.goto(`${service.baseUrl}${protocol}/stop`);
    await visitor.page.getByLabel('Withdraw from it').check();
    await visitor.page.getByLabel('Why?').fill('From another device.');
    await press(visitor, 'Go on to sign');
    await addAuthenticator(visitor.page); // which does not have the passkey
    await press(visitor, 'Sign with your passkey');
    await visitor.page.getByText('The passkey did not answer').waitFor();
    await inspectAtBothWidths(visitor, 'ask-passkey-unanswered');
    expect(registered().status).toBe('in-force');
  });

  it('signs that the agency joins another protocol, and takes it back', async () => {
    const siro = await open('siro', '/protocols/immunisation-catch-up/1/join');
    const { page } = siro;
    await inspectAtBothWidths(siro, 'join-protocol');
    await press(siro, 'Go on to sign');
    await page.getByText('There is a problem').waitFor();
    await inspectAtBothWidths(siro, 'join-protocol-wrong');
    const boxes = ['Senior officer', 'Data protection officer', 'Senior information risk owner'];
    for (const label of boxes) await page.getByLabel(label, { exact: true }).fill('Robin Okafor');
    for (const label of await page.getByLabel(/^\s*Mailbox/).all()) await label.fill('role@gateshead.council.example');
    await page.getByLabel(/\(e\)/).first().check();
    await page.getByLabel('Statutory powers').fill('Children Act 2004, section 10');
    await page.getByLabel('Why the duty of confidence allows it').fill('The family is told.');
    await press(siro, 'Go on to sign');
    await page.getByText('You sign that your agency joins this protocol.').waitFor();
    await press(siro, 'Sign with your passkey');
    await page.getByText('Signed and handed in.').waitFor();
    await inspectAtBothWidths(siro, 'signing-offered');
    await page.getByRole('link', { name: /^\s*Immunisation catch-up/ }).click();
    await inspectAtBothWidths(siro, 'accession');
    await press(siro, 'Do not let it join');
    await page.getByText('Taken back').waitFor();
  });

  it('is ended by one administrator at once', async () => {
    const first = await open('administrator', `/agencies/${gateshead}/officers`);
    await first.page.getByRole('link', { name: 'End the appointment of Margaret Charlton' }).click();
    await inspectAtBothWidths(first, 'officer-end');
    await press(first, 'End it now');
    await first.page.getByText('Done. It is in the log.').waitFor();
    expect(officer()?.endedAt).toBeDefined();
    const siro = await open('siro', '/signing');
    expect(siro.page.url()).toContain('/signing');
    await siro.page.getByText('This page is for officers and administrators').waitFor();
  });
});

async function entries(type: string): Promise<{ actor: object }[]> {
  const filter = { event: `register.${type}` };
  return (await listEntries(service.ground.db, { agency: gateshead }, filter, { limit: 5 })).entries as {
    actor: object;
  }[];
}
