/** The end of a sign-in and of a sign-out in a real browser: wherever the partner system sends people on to, they get there. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findChromium, inspectPage, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import {
  beginAuthorization,
  codeAt,
  openWorld,
  type Person,
  type TestPartner,
  type World,
} from '../../support/idp/idp.ts';
import { waitFor } from '../../support/platform/web.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

let world: World;
let browser: Browser;
let elsewhere: Server;
let callback: Server;
/** What came to the partner system's address: method and what was sent. */
let arrived: { method: string; fields: URLSearchParams }[] = [];

const urlOf = (server: Server, host: string) => `http://${host}:${(server.address() as AddressInfo).port}`;
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

async function readFields(request: IncomingMessage): Promise<URLSearchParams> {
  if (request.method === 'GET') return new URL(request.url!, 'http://x').searchParams;
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return new URLSearchParams(body);
}

beforeAll(async () => {
  elsewhere = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!DOCTYPE html><html lang="en"><title>Elsewhere</title><h1>Arrived elsewhere</h1></html>');
  });
  // A broker that takes the answer and sends people on to a system at another origin, as many do.
  callback = createServer((request, response) => {
    void readFields(request).then((fields) => {
      if (request.url!.startsWith('/favicon')) return response.end();
      arrived.push({ method: request.method!, fields });
      response.writeHead(303, { Location: `${urlOf(elsewhere, '127.0.0.1')}/` }).end();
    });
  });
  await Promise.all([listen(elsewhere), listen(callback)]);
  [world, browser] = await Promise.all([openWorld(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  for (const server of [elsewhere, callback]) {
    server.closeAllConnections();
    server.close();
  }
  await world.close();
});

const headed = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

/** From the partner system to the page that asks for the code, with everything typed. */
async function arriveAtCode(
  visitor: Visitor,
  partner: TestPartner,
  person: Person,
  parameters: Record<string, string> = {},
): Promise<void> {
  const { page } = visitor;
  await page.goto((await beginAuthorization(world.issuer, partner, { parameters })).url);
  await page.locator('[autocomplete="username"]:visible').fill(person.email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('[autocomplete="current-password"]').fill(person.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('[autocomplete="one-time-code"]').fill(codeAt(person.totpSecret));
}

const broker = () => {
  const address = `${urlOf(callback, 'localhost')}/callback`;
  return world.addPartner({ redirectUris: [address], postLogoutRedirectUris: [address], name: 'Broker' });
};

withChromium('somebody who signs in to a partner system', () => {
  it.each([true, false])(
    'whose address sends people on to another origin arrives there (scripts: %s)',
    async (javaScript) => {
      arrived = [];
      const visitor = await openPage(browser, { javaScript });
      const { page } = visitor;
      await arriveAtCode(visitor, await broker(), await world.addPerson());
      // By the keyboard alone.
      await page.keyboard.press('Enter');
      await headed(page, 'Arrived elsewhere');
      expect(arrived.map(({ method, fields }) => [method, fields.has('code')])).toEqual([['GET', true]]);
      expect(visitor.complaints).toEqual([]);
      await visitor.context.close();
    },
  );

  it('and gives up arrives there too', async () => {
    arrived = [];
    const visitor = await openPage(browser);
    await arriveAtCode(visitor, await broker(), await world.addPerson());
    await visitor.page.getByRole('button', { name: /Stop and go back/ }).click();
    await headed(visitor.page, 'Arrived elsewhere');
    expect(arrived.map(({ fields }) => fields.get('error'))).toEqual(['access_denied']);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  it('and chooses a post arrives there too', async () => {
    arrived = [];
    const visitor = await openPage(browser);
    const { page } = visitor;
    const partner = await broker();
    await arriveAtCode(visitor, partner, await world.addPerson(), { prompt: 'login select_post' });
    await page.keyboard.press('Enter');
    await page.getByRole('radio').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await headed(page, 'Arrived elsewhere');
    expect(arrived.map(({ fields }) => fields.has('code'))).toEqual([true]);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  it('that wants the answer posted arrives there too', async () => {
    arrived = [];
    const visitor = await openPage(browser);
    await arriveAtCode(visitor, await broker(), await world.addPerson(), { response_mode: 'form_post' });
    await visitor.page.keyboard.press('Enter');
    await headed(visitor.page, 'Arrived elsewhere');
    expect(arrived.map(({ method, fields }) => [method, fields.has('code')])).toEqual([['POST', true]]);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  it('that wants the answer posted sends it by a button where there are no scripts', async () => {
    arrived = [];
    const visitor = await openPage(browser, { javaScript: false });
    const { page } = visitor;
    const state = `"'<&>${String.fromCodePoint(0x1f693)}`;
    await arriveAtCode(visitor, await broker(), await world.addPerson(), { response_mode: 'form_post', state });
    await page.keyboard.press('Enter');
    await headed(page, 'Going back to Broker');
    await inspectPage(visitor, 'sign-in-go-on', { axe: false });
    await page.getByRole('button', { name: 'Go on' }).focus();
    await page.keyboard.press('Enter');
    await headed(page, 'Arrived elsewhere');
    expect(arrived[0]?.fields.get('state')).toBe(state);
    expect(arrived[0]?.fields.get('iss')).toBe(world.issuer);
    await visitor.context.close();
  });

  it('that is an app with a scheme of its own is handed over to it, and has a link besides', async () => {
    const visitor = await openPage(browser);
    const { page, context } = visitor;
    const partner = await world.addPartner({ redirectUris: ['uk.example.app:/cb'], name: 'Pocket casebook' });
    const attempts: string[] = [];
    const cdp = await context.newCDPSession(page);
    await cdp.send('Page.enable');
    cdp.on('Page.frameRequestedNavigation', ({ url }) => void attempts.push(url));
    await arriveAtCode(visitor, partner, await world.addPerson());
    await page.keyboard.press('Enter');
    await waitFor(() => attempts.some((url) => url.startsWith('uk.example.app:/cb?code=')));
    // Nothing on this machine takes that scheme, so the browser stays: with words, and with a link to the same address.
    await headed(page, 'Going back to Pocket casebook');
    const link = page.getByRole('link', { name: 'go on yourself' });
    expect(await link.getAttribute('href')).toMatch(/^uk\.example\.app:\/cb\?code=/);
    const noHandler = visitor.complaints.filter((text) => !text.includes('does not have a registered handler'));
    expect(noHandler).toEqual([]);
    visitor.complaints.length = 0;
    await inspectPage(visitor, 'sign-in-go-on-to-app');
    await visitor.context.close();
  });
});

withChromium('somebody who signs out of a partner system', () => {
  it.each([
    ['everywhere', 'Sign out everywhere'],
    ['there only', 'Sign out of Broker only'],
  ])('%s arrives where its address sends people on to', async (_where, button) => {
    const visitor = await openPage(browser);
    const { page } = visitor;
    const partner = await broker();
    await arriveAtCode(visitor, partner, await world.addPerson());
    await page.keyboard.press('Enter');
    await headed(page, 'Arrived elsewhere');
    arrived = [];
    await page.goto(
      `${world.issuer}/session/end?${new URLSearchParams({ client_id: partner.clientId, post_logout_redirect_uri: partner.redirectUri, state: 'kept' }).toString()}`,
    );
    await page.getByRole('button', { name: button }).click();
    await headed(page, 'Arrived elsewhere');
    expect(arrived.map(({ fields }) => fields.get('state'))).toEqual(['kept']);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  it.each([true, false])('and is signed out already arrives there as well (scripts: %s)', async (javaScript) => {
    arrived = [];
    const visitor = await openPage(browser, { javaScript });
    const { page } = visitor;
    const partner = await broker();
    await page.goto(
      `${world.issuer}/session/end?${new URLSearchParams({ client_id: partner.clientId, post_logout_redirect_uri: partner.redirectUri }).toString()}`,
    );
    if (!javaScript) await page.getByRole('button', { name: 'Go on' }).click();
    await headed(page, 'Arrived elsewhere');
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });
});
