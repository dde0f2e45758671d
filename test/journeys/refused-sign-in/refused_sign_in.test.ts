/** Everything that can stop somebody from signing in: each says what happened and what to do, and nothing typed is lost but secrets. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/journeys/browser.ts';
import { codeAt } from '../../support/idp/idp.ts';
import {
  currentCode,
  fillAndContinue,
  inspectAtBothWidths,
  passSignInPages,
  traveller,
} from '../../support/journeys/journey.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

let service: RunningApplication;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const titleOf = (page: Page): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();
const errorsOf = (page: Page): Promise<string[]> => page.locator('.govuk-error-summary__list li').allInnerTexts();
const box = (page: Page, token: string) => page.locator(`[autocomplete="${token}"]:visible`);

/** Somebody in front of the first page of sign-in. */
async function arrive(): Promise<Visitor> {
  const visitor = await openPage(browser, { width: 320 });
  await visitor.page.goto(`${service.baseUrl}/sign-in`);
  return visitor;
}

withChromium('signing in', () => {
  it('with mistakes keeps the address, empties the secrets, and says what was wrong', async () => {
    const person = traveller(service, 'youth-justice-worker');
    const visitor = await arrive();
    const { page } = visitor;

    await page.getByRole('button', { name: 'Continue' }).click();
    expect((await errorsOf(page))[0]).toBe('Enter your work e-mail address');
    await fillAndContinue(visitor, 'username', 'kwame.mensah at gateshead');
    expect(await errorsOf(page)).toEqual(['Enter an e-mail address in the right form, like name@agency.example']);
    expect(await box(page, 'username').inputValue()).toBe('kwame.mensah at gateshead');
    expect(await page.title()).toMatch(/^Error: /);
    await inspectAtBothWidths(visitor, 'sign-in-email-wrong');

    await fillAndContinue(visitor, 'username', person.email);
    await inspectAtBothWidths(visitor, 'sign-in-password');
    await fillAndContinue(visitor, 'current-password', 'not the right password');
    expect(await errorsOf(page)).toEqual(['The e-mail address or the password is not right. Check both and try again']);
    expect(await box(page, 'current-password').inputValue()).toBe('');
    expect(await page.content()).not.toContain('not the right password');
    expect(await page.getByRole('main').textContent()).toContain(person.email);
    await inspectAtBothWidths(visitor, 'sign-in-password-wrong');

    // Back to the address: it is still there.
    await page.getByRole('link', { name: 'Not you?' }).click();
    expect(await box(page, 'username').inputValue()).toBe(person.email);
    await page.getByRole('button', { name: 'Continue' }).click();
    await fillAndContinue(visitor, 'current-password', person.password);
    await inspectAtBothWidths(visitor, 'sign-in-code');
    await fillAndContinue(visitor, 'one-time-code', '12 34');
    expect(await errorsOf(page)).toEqual(['The code is six digits, like 123456']);
    expect(await box(page, 'one-time-code').inputValue()).toBe('');
    const right = currentCode(person);
    await fillAndContinue(visitor, 'one-time-code', right === '000000' ? '111111' : '000000');
    expect((await errorsOf(page))[0]).toContain('That code is not right. Wait for the next one');
    await inspectAtBothWidths(visitor, 'sign-in-code-wrong');
    // With the gap that apps show in the middle.
    const code = currentCode(person);
    await fillAndContinue(visitor, 'one-time-code', `${code.slice(0, 3)} ${code.slice(3)}`);
    expect(await titleOf(page)).toBe('Hello, Kwame Mensah');
    await visitor.context.close();
  });

  it('with a code that was used is refused, and with somebody else’s address tells nothing', async () => {
    const person = traveller(service, 'general-practitioner');
    const first = await arrive();
    await fillAndContinue(first, 'username', person.email);
    await fillAndContinue(first, 'current-password', person.password);
    // Of the next step, which is taken already: it must not run out before it is typed again.
    const code = codeAt(person.totp_secret, Date.now() / 1000 + 30);
    await fillAndContinue(first, 'one-time-code', code);
    expect(await titleOf(first.page)).toBe('Hello, Rajesh Patel');
    const second = await arrive();
    await fillAndContinue(second, 'username', person.email);
    await fillAndContinue(second, 'current-password', person.password);
    await fillAndContinue(second, 'one-time-code', code);
    expect((await errorsOf(second.page))[0]).toContain('That code was used already');

    const nobody = await arrive();
    await fillAndContinue(nobody, 'username', 'nobody@gateshead.council.example');
    expect(await titleOf(nobody.page)).toBe('Enter your password');
    await fillAndContinue(nobody, 'current-password', person.password);
    expect(await errorsOf(nobody.page)).toEqual([
      'The e-mail address or the password is not right. Check both and try again',
    ]);
    for (const { context } of [first, second, nobody]) await context.close();
  });

  it('with the back button, in a second tab, and after the end, always leads on', async () => {
    const person = traveller(service, 'discharge-coordinator');
    const visitor = await arrive();
    const { page } = visitor;
    await fillAndContinue(visitor, 'username', person.email);
    await fillAndContinue(visitor, 'current-password', person.password);
    expect(await titleOf(page)).toBe('Enter your one-time code');
    const codePage = page.url();
    await page.goBack();
    await page.goBack();
    expect(await titleOf(page)).toBe('Sign in');
    await fillAndContinue(visitor, 'username', person.email);
    // The password has to be given again: a new address proves nothing.
    await page.goto(codePage);
    expect(await titleOf(page)).toBe('Enter your password');
    await fillAndContinue(visitor, 'current-password', person.password);

    const other = await visitor.context.newPage();
    await other.goto(`${service.baseUrl}/sign-in`);
    expect(await titleOf(other)).toBe('Sign in');

    await fillAndContinue(visitor, 'one-time-code', currentCode(person));
    const title = await titleOf(page);
    // The second tab began another sign-in, so the first one's answer may come too late; a page says how to go on.
    if (title !== 'Hello, Ioana Popescu') {
      expect(title).toBe('Sign-in is needed');
      await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    }
    expect(await titleOf(page)).toBe('Hello, Ioana Popescu');

    await page.goto(codePage);
    expect(await page.getByRole('main').textContent()).toContain('This sign-in has ended');
    visitor.complaints.splice(0); // the failed load of that page itself
    await inspectAtBothWidths(visitor, 'sign-in-ended');
    await page.goBack();
    await page.goto(`${service.baseUrl}/`);
    expect(await titleOf(page)).toBe('Hello, Ioana Popescu');
    await visitor.context.close();
  });

  it('without cookies, or at an address that was never one, says that it has ended', async () => {
    const visitor = await arrive();
    const { page, context } = visitor;
    await context.clearCookies();
    await fillAndContinue(visitor, 'username', 'amina.begum@newcastle.council.example');
    expect(await page.getByRole('main').textContent()).toContain('your browser did not send its cookies');
    await page.goto(`${service.baseUrl}/sign-in/never-begun/password`);
    expect(await page.getByRole('main').textContent()).toContain('This sign-in has ended');
    await context.close();
  });

  it('too often is slowed down, for the right password too, and the page says for how long', async () => {
    const person = traveller(service, 'outside-social-worker');
    const visitor = await arrive();
    const { page } = visitor;
    await fillAndContinue(visitor, 'username', person.email);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await fillAndContinue(visitor, 'current-password', `guess number ${attempt}`);
      expect(await titleOf(page)).toBe('Enter your password');
    }
    await fillAndContinue(visitor, 'current-password', person.password);
    expect(await titleOf(page)).toBe('Too many attempts');
    expect(await page.getByRole('main').textContent()).toMatch(/no more are taken for about \d minutes?/);
    visitor.complaints.splice(0);
    await inspectAtBothWidths(visitor, 'sign-in-too-many');
    await visitor.context.close();
  });

  it('as somebody who has no post to act in is explained', async () => {
    const person = traveller(service, 'post-ended');
    const visitor = await arrive();
    await passSignInPages(visitor, person);
    expect(await titleOf(visitor.page)).toBe('There is no post that you can act in');
    visitor.complaints.splice(0);
    await inspectAtBothWidths(visitor, 'sign-in-no-post');
    await visitor.page.getByRole('button', { name: 'Stop and go back to Wayleave' }).click();
    expect(await titleOf(visitor.page)).toBe('Know who you are sharing with');
    await visitor.context.close();
  });
});
