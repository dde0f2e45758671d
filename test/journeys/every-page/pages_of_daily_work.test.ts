/** Every page that visitors, practitioners and administrators can come to: nothing wrong by axe, the console or its width. */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { namedPerson } from '../../../demo/region/people.ts';
import { openMailTransport } from '../../../platform/mail/transport.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser } from '../../support/journeys/browser.ts';
import { decideFor } from '../../support/journeys/journey.ts';
import { prepareReviews, type Prepared } from './prepare_reviews.ts';
import { entry, inspectPages, openMenu, post, press, type Step, unfold } from './steps.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

let service: RunningApplication;
let browser: Browser;
let decision: string;
let mail: string;
let reviews: Prepared;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  const { dataDir, mail: options } = service.config;
  mail = uuidv7();
  const text = 'Something waits for you in Wayleave.\n\nSign in to read it. This message says no more on purpose.';
  await openMailTransport({ ...options, dataDir }).send(mail, {
    to: 'grace.oneill@gatesheadhealth.nhs.example',
    subject: 'A message waits for you',
    text,
  });
  decision = (await decideFor(service, 'emergency-doctor')).context.id;
  reviews = await prepareReviews(service);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const casebook = (path: string): string => service.casebookUrl + path;
const officerKeyOf = (agency: string): string =>
  [...service.register.state()!.agencies.get(agency)!.keys.values()].find(({ use }) => use === 'officer')!.kid;

const pages: Record<string, () => Step[]> = {
  nobody: () => [
    ['welcome', '/'],
    ['signed-out', '/signed-out'],
    ['sign-in-email', '/sign-in'],
    ['sign-in-lost', '/sign-in/nothing-of-the-kind'],
    [
      'sign-in-unknown-system',
      '/oidc/auth?client_id=nobody&response_type=code&redirect_uri=https://elsewhere.example/',
    ],
    ['not-found', '/nowhere'],
    ['help', '/help'],
    ['accessibility', '/accessibility'],
    ['privacy', '/privacy'],
    ['contact', '/contact'],
    ['demo-codes', '/demo/codes'],
    ['demo-kit', '/demo/kit'],
    ['demo-kit-ordered', '/demo/kit?sort=-minutes&page=2&place=Gateshead&tab=second'],
    ['demo-kit-confirm', '/demo/kit/confirm'],
    ['demo-mail', '/demo/mail'],
    ['demo-message', `/demo/mail/${mail}`],
    ['agreements', '/agreements'],
    ['agreements-none', '/agreements?subject=xqzzwk&state=in-force'],
    ['agreements-wrong', '/agreements?state=nothing&page=x'],
    ['agreement', '/agreements/youth-offending'],
    ['agreement-stopped', '/agreements/immunisation-catch-up'],
    ['published', '/privacy/E23000007'],
    ['published-nothing', '/privacy/RR7'],
    ['document-privacy', '/agreements/youth-offending/privacy/E23000007'],
    ['document-children', '/agreements/youth-offending/children/7-11/E23000007'],
    ['document-young', '/agreements/youth-offending/children/12-17/E23000007'],
    ['document-leaflet', '/agreements/youth-offending/leaflet/E23000007'],
    ['document-consent-form', '/agreements/safeguarding-children/consent-form/E08000037'],
    ['document-unpublished', '/agreements/youth-offending/privacy/RX4'],
  ],
  // A practitioner.
  'emergency-doctor': () => [
    ['home', '/', openMenu],
    ['search', '/directory'],
    ['search-found', '/directory?name=oniel&agency=RR7'],
    ['search-many', '/directory?role=social-worker&page=10'],
    ['search-nobody', '/directory?name=Xqzzwk'],
    ['search-wrong', '/directory?name=123'],
    ['entry', entry('health-visitor')],
    ['entry-two-posts', entry('two-posts')],
    ['entry-lapsed', entry('registration-lapsed')],
    ['entry-unknown', '/directory/nobody'],
    ['why-yes', `/decisions/${decision}`],
    ['protocols', '/protocols'],
    ['protocol-no-party', '/protocols/youth-offending/1'],
    ['consent', '/consent'],
    ['consent-whom', '/consent/record/safeguarding-children/early-help', unfold],
    ['consent-whom-wrong', '/consent/record/safeguarding-children/early-help', press('Continue')],
    ['consent-over', '/consent/people/nothing'],
    ['protocol-unsigned', '/protocols/moving-between-areas/1'],
    ['protocol', '/protocols/safeguarding-children/1'],
    ['guide-none', '/protocols/hospital-discharge/1/guide'],
    ['guide', '/protocols/safeguarding-children/1/guide'],
    ['training', '/training'],
    ['assets', '/assets', unfold],
    ['flows', '/flows'],
    ['flows-open', '/flows?open=health'],
    ['flows-none', '/flows?agency=URN:136352'],
    ['agencies', '/agencies'],
    ['agency', '/agencies/RR7', unfold],
    ['officers-only', '/log'],
    ['reviewers-only', '/reviews'],
    ['my-overrides-none', '/my-overrides'],
    ['casebook-record', casebook('/cases/GC-1001?purpose=emergency-care')],
    ['casebook-refusal', casebook('/cases/GC-1002?purpose=service-planning')],
    [
      'why-no',
      casebook('/cases/GC-1002?purpose=service-planning'),
      ({ page }) => page.getByRole('link', { name: 'Why?' }).click(),
    ],
  ],
  // Somebody who used overrides.
  'health-visitor': () => [
    ['my-overrides', '/my-overrides'],
    ['why-override', `/decisions/${reviews.decision}`],
    [
      'casebook-emergency',
      casebook('/cases/GC-1003?purpose=safeguarding-children'),
      ({ page }) => page.getByRole('button', { name: 'Open in an emergency' }).click(),
    ],
  ],
  administrator: () => [
    ['home-administrator', '/'],
    ['posts', '/posts?page=5'],
    ['posts-ordered', '/posts?name=a&sort=-from'],
    ['posts-none', '/posts?name=Xqzzwk'],
    ['post', post('housing-officer')],
    ['post-wrong', post('housing-officer'), press('Do it now')],
    ['post-own', post('administrator')],
    ['trained', '/training/people?protocol=safeguarding-children'],
    ['duties-administrator', '/duties'],
    ['officers', '/agencies/E08000037/officers'],
    ['officers-elsewhere', '/agencies/RR7/officers'],
    ['officer-propose', '/agencies/E08000037/officers/propose'],
    ['officer-propose-wrong', '/agencies/E08000037/officers/propose', press('Propose')],
    ['officer-end', `/agencies/E08000037/officers/end/${namedPerson('siro').id}`],
    ['keys', '/agencies/E08000037/keys', unfold],
    ['keys-wrong', '/agencies/E08000037/keys', press('Register it')],
    ['key-revoke', `/agencies/E08000037/keys/${officerKeyOf('E08000037')}/revoke`],
    ['key-revoke-wrong', `/agencies/E08000037/keys/${officerKeyOf('E08000037')}/revoke`, press('Revoke it')],
    ['sign-out', '/sign-out'],
  ],
};

withChromium('every page, at both widths,', () => {
  it.each(Object.keys(pages))('that %s can come to is in order', (who) =>
    inspectPages(service, browser, who, pages[who]!()),
  );
});
