import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Router from '@koa/router';
import type Koa from 'koa';
import type { Browser } from 'playwright-core';
import { PlatformError } from '../../../platform/errors.ts';
import { demoMail } from '../../../platform/mail/demo_mail.ts';
import { openMailTransport } from '../../../platform/mail/transport.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import type { Layout } from '../../../platform/web/layout.ts';
import { WebError } from '../../../platform/web/web_error.ts';
import { allowFormTo } from '../../../platform/web/security_headers.ts';
import {
  findChromium,
  inspectAddress,
  inspectPage,
  launchBrowser,
  openPage,
  widths,
} from '../../support/journeys/browser.ts';
import { serve, type Served, testPipeline, waitFor } from '../../support/platform/web.ts';
import { samplePages } from './sample.ts';

const layout: Layout = {
  navigation: [
    { text: 'Home', href: '/' },
    { text: 'Directory', href: '/directory', current: true },
    { text: 'Protocols', href: '/protocols' },
    { text: 'Log', href: '/log' },
  ],
  account: {
    name: 'Oluwaseun Featherstonehaugh-Armstrong',
    post: 'Social worker, Children and families, Gateshead Council',
    links: [
      { text: 'Change post', href: '/account/post' },
      { text: 'Account', href: '/account' },
      { text: 'Sign out', href: '/sign-out' },
    ],
  },
  banner: { tag: 'Demo', text: 'Invented people. Nothing here is about anybody real.' },
  footer: [
    { text: 'Accessibility', href: '/accessibility' },
    { text: 'Privacy', href: '/privacy' },
  ],
};

function troubles(router: Router): void {
  const fail = (path: string, error: () => Error): void => {
    router.get(path, (ctx) => {
      ctx.state.layout = layout;
      ctx.state.errorNote = path === '/503' ? note : undefined;
      throw error();
    });
  };
  const note = {
    heading: 'This is not “you may not share”',
    text: 'This is what the protocol gives automatically. If someone may come to serious harm, speak to the duty desk now: the law may allow or require you to share.',
    desk: { name: 'Duty desk, Gateshead Council', phone: '0191 000 0000', hours: 'Day and night' },
  };
  fail(
    '/400',
    () =>
      new WebError('invalid', 'x', 'The request does not fit.', {
        issues: [{ pointer: '/subject/properties/registration_number', message: 'is missing' }],
      }),
  );
  fail('/500', () => new Error('unforeseen'));
  fail('/503', () => new PlatformError('unavailable', 'x', 'The database cannot be reached. Try again in a moment.'));
}

const withBrowser = findChromium() === undefined ? describe.skip : describe;

withBrowser('in Chromium', () => {
  let browser: Browser;
  let served: Served;
  let elsewhere: Served;
  let dataDir: string;
  const mailId = uuidv7();

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'wayleave-web-'));
    const other = testPipeline();
    other.use((ctx) => void (ctx.body = 'arrived'));
    elsewhere = await serve(other);
    const app = samplePages({}, (router) => {
      troubles(router);
      router.get('/framed', (ctx) => void (ctx.body = 'x'));
      router.get('/leaves', (ctx) => {
        if (ctx.query.allow !== undefined) allowFormTo(ctx, `${elsewhere.url}/callback`);
        ctx.body =
          '<!DOCTYPE html><html lang="en"><title>x</title><form method="post" action="/leave"><button>Go</button></form></html>';
        ctx.type = 'html';
      });
      router.post('/leave', (ctx) => ctx.redirect(`${elsewhere.url}/callback`));
      router.get('/evil', (ctx) => {
        ctx.body =
          '<!DOCTYPE html><html lang="en"><title>x</title><style>p{color:red}</style><p style="color:red" onclick="1">x</p><script>document.title="ran"</script></html>';
        ctx.type = 'html';
      });
    });
    app.use(demoMail({ dataDir }));
    // As a guard of the pages would: before the routes, inside the pipeline.
    app.middleware.splice(5, 0, (async (ctx, next) => {
      ctx.state.layout = layout;
      await next();
    }) as Koa.Middleware);
    served = await serve(app);
    const mail = {
      to: 'jo.smith@gateshead.example',
      subject: 'Something waits for you',
      text: 'Sign in to see it.\n\nWayleave',
    };
    await openMailTransport({ from: 'x@wayleave.example', dataDir }).send(mailId, mail);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
    await elsewhere.close();
    await rm(dataDir, { recursive: true });
  });

  test('the sample page has no violation at either width', async () => {
    await inspectAddress(browser, `${served.url}/sample`, 'web-sample');
  });

  test.each(['400', '404', '500', '503'])('the page of a %s has no violation at either width', async (status) => {
    await inspectAddress(browser, `${served.url}/${status}`, `web-error-${status}`);
  });

  test('the demo mailbox has no violation at either width', async () => {
    await inspectAddress(browser, `${served.url}/demo/mail`, 'web-mailbox');
    await inspectAddress(browser, `${served.url}/demo/mail/${mailId}`, 'web-message');
  });

  test.each(widths)('a form with mistakes leads to its fields, at %i px', async (width) => {
    const visitor = await openPage(browser, { width });
    const { page } = visitor;
    await page.goto(`${served.url}/sample`);
    await page.fill('#email', 'not an address');
    await page.fill('#reason', 'Because <b>');
    await page.click('button[type=submit]');
    await page.waitForSelector('.govuk-error-summary');
    expect(await page.title()).toBe('Error: A sample – Wayleave');
    expect(await page.inputValue('#email')).toBe('not an address');
    expect(await page.inputValue('#reason')).toBe('Because <b>');
    await inspectPage(visitor, 'web-form-errors');
    await page.click('text=Enter an e-mail address');
    expect(await page.evaluate('document.activeElement.id')).toBe('email');
    await visitor.context.close();
  });

  test('everything works without JavaScript and by keyboard', async () => {
    const { page, context } = await openPage(browser, { width: 320, javaScript: false });
    await page.goto(`${served.url}/sample`);
    expect(await page.isVisible('nav >> text=Protocols')).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // the skip link comes first
    expect(page.url()).toContain('#main-content');
    await page.fill('#email', 'jo@agency.example');
    await page.selectOption('#role', 'teacher');
    await page.click('button[type=submit]');
    expect(new URL(page.url()).pathname).toBe('/done');
    await context.close();
  });

  test('scripts of govuk-frontend run: the menu folds on a small screen', async () => {
    const { page, context, complaints } = await openPage(browser, { width: 320 });
    await page.goto(`${served.url}/sample`);
    await page.waitForSelector('button.govuk-service-navigation__toggle:visible');
    expect(await page.isVisible('nav >> text=Protocols')).toBe(false);
    await page.click('button.govuk-service-navigation__toggle');
    expect(await page.isVisible('nav >> text=Protocols')).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('inline script, style and handlers that got into a page do nothing, and the checks notice', async () => {
    const visitor = await openPage(browser);
    await visitor.page.goto(`${served.url}/evil`);
    expect(await visitor.page.title()).toBe('x');
    expect(await visitor.page.evaluate("getComputedStyle(document.querySelector('p')).color")).toBe('rgb(0, 0, 0)');
    expect(visitor.complaints.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(
      3,
    );
    await expect(inspectPage(visitor, 'web-evil')).rejects.toThrow(/Content Security Policy/);
    await visitor.context.close();
  });

  test('a form may end at a partner system only where the page says so', async () => {
    const { page, context, complaints } = await openPage(browser);
    await page.goto(`${served.url}/leaves?allow`);
    await page.click('button');
    await page.waitForURL(`${elsewhere.url}/callback`);
    await page.goto(`${served.url}/leaves`);
    await page.click('button');
    await waitFor(() => complaints.join('\n').includes('form-action'));
    expect(page.url()).not.toContain('/callback');
    await context.close();
  });
});
