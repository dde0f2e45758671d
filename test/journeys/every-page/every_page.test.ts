/** Every page that anybody can come to, at 320 and 1280 px: nothing wrong with it by axe, the console or its width; and a picture. */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { namedPerson } from '../../../demo/region/people.ts';
import { openMailTransport } from '../../../platform/mail/transport.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { type RunningApplication, startApplication } from '../../support/application.ts';
import { findChromium, launchBrowser, openPage, type Visitor } from '../../support/browser.ts';
import { prepareDraft } from './prepare_draft.ts';
import { prepareReviews, type Prepared } from './prepare_reviews.ts';
import { decideFor, inspectAtBothWidths, passSignInPages, traveller } from '../../support/journey.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

let service: RunningApplication;
let browser: Browser;
let decision: string;
let mail: string;
let draft: string;
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
  draft = await prepareDraft(service);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

type Step = [name: string, address: string, act?: (visitor: Visitor) => Promise<unknown>];

const unfold = ({ page }: Visitor): Promise<unknown> =>
  page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
/** The menu of narrow windows, open: it stays so while the window grows and shrinks. */
const openMenu = async ({ page }: Visitor): Promise<void> => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.getByRole('button', { name: 'Menu' }).click();
};
const press =
  (name: string) =>
  async ({ page }: Visitor): Promise<void> =>
    page.getByRole('button', { name }).click();

/** Saves what somebody else has saved meanwhile. */
const overtaken = async (visitor: Visitor): Promise<void> => {
  const other = await visitor.context.newPage();
  await other.goto(visitor.page.url());
  await other.getByLabel('Guidance for practitioners').fill('Theirs came first.');
  await other.getByRole('button', { name: 'Save' }).click();
  await other.close();
  await press('Save')(visitor);
};

const entry = (key: string): string => `/directory/${namedPerson(key).id}`;
const post = (key: string): string => `/posts/${namedPerson(key).posts[0]!.id}`;
/** Somebody's decision to try: who, and with a type of record the question about the hospital's. */
const trying = (key: string, type?: string): string => {
  const { id, posts } = namedPerson(key);
  const record = type && { post: posts[0]!.id, type, holder: 'RR7' };
  return `/try-a-decision?${new URLSearchParams({ who: id, ...record }).toString()}`;
};
const casebook = (path: string): string => service.casebookUrl + path;

const hashOf = (protocol: string): string =>
  [...service.register.state()!.protocols.values()].find(({ document }) => document.id === protocol)!.hash;
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
    ['demo-codes', '/demo/codes'],
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
  // An officer.
  siro: () => [
    ['home-officer', '/', openMenu],
    ['log', '/log?event=register.protocol-signed&before=90'],
    ['log-wrong', '/log?from=yesterday&to=tomorrow'],
    ['log-whom', '/log?person=robson'],
    ['log-nothing', '/log?to=1/1/2020'],
    ['log-entry', `/log/${decision}`, unfold],
    ['why-officer', `/decisions/${decision}`],
    ['register', '/register'],
    ['documents', '/protocols/safeguarding-children/1/documents'],
    ['documents-consent-form', '/protocols/safeguarding-children/1/documents/consent-form', unfold],
    ['agency-own', '/agencies/E08000037'],
    ['reviews', '/reviews'],
    ['reviews-narrowed', '/reviews?state=overdue&acting=RR7'],
    ['reviews-wrong', '/reviews?ground=curiosity'],
    ['review', `/reviews/${reviews.open}`],
    ['review-wrong', `/reviews/${reviews.open}`, press('Close the review')],
    ['review-closed', `/reviews/${reviews.closed}?done`],
    ['review-unknown', '/reviews/none'],
    ['review-statistics', '/reviews/statistics'],
    ['duties', '/duties'],
    ['objections', '/consent/objections'],
    ['signing', '/signing'],
    ['signing-text', `/signing/${hashOf('moving-between-areas')}`, unfold],
    ['signing-unknown', '/signing/nothing'],
    ['signing-over', '/signing/ask/nothing'],
    ['stop', '/protocols/safeguarding-children/1/stop'],
    ['stop-wrong', '/protocols/safeguarding-children/1/stop', press('Hand it in')],
    ['passkey', '/passkey'],
    ['passkey-new', '/passkey/enrol'],
  ],
  // An officer of a school that is no party.
  headteacher: () => [
    ['join', '/protocols/safeguarding-children/1/join'],
    ['join-wrong', '/protocols/safeguarding-children/1/join', press('Hand it in')],
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
  // An officer who asks who can see what.
  'caldicott-guardian': () => [
    ['try-person', '/try-a-decision'],
    ['try-whom', '/try-a-decision?name=robson'],
    ['try-nobody', '/try-a-decision?name=xqzzwk'],
    ['try-record', trying('district-nurse')],
    ['try-question', trying('district-nurse', 'hospital-discharge-record')],
    ['try-answer', trying('district-nurse', 'hospital-discharge-record'), press('Try it')],
    ['who-can-see', '/who-can-see'],
    ['who-can-see-reach', '/who-can-see?topic=hospital-discharge-record+read+hospital-discharge'],
    ['who-can-see-wrong', '/who-can-see?topic='],
    ['who-can-see-role', '/who-can-see?agency=RR7&role=district-nurse'],
  ],
  // A data protection officer, who drafts too.
  dpo: () => [
    ['home-dpo', '/'],
    ['sign-offline', '/agencies/E23000007/keys', press('Make a key for officers')],
    ['drafts', '/drafts'],
    ['draft-start', '/drafts/start'],
    ['draft-start-wrong', '/drafts/start', press('Import')],
    ['draft', draft],
    ['draft-about', `${draft}/about`],
    ['draft-parties', `${draft}/parties`],
    ['draft-party', `${draft}/parties/1?check=1`],
    ['draft-purposes', `${draft}/purposes`],
    ['draft-people', `${draft}/people`],
    ['draft-clauses', `${draft}/clauses`],
    ['draft-clause', `${draft}/clauses/1`],
    ['draft-clause-wrong', `${draft}/clauses`, press('Add another clause')],
    ['draft-dates-wrong', `${draft}/dates?check=1`],
    ['draft-terms', `${draft}/terms`],
    ['draft-guidance', `${draft}/guidance`],
    ['draft-examples', `${draft}/examples`],
    ['draft-example', `${draft}/examples/1`],
    ['draft-comments', `${draft}/comments?about=nothing`],
    ['draft-changes', `${draft}/changes`],
    ['draft-signature', `${draft}/signature`],
    ['draft-history', `${draft}/history`, unfold],
    ['draft-overtaken', `${draft}/guidance`, overtaken],
    ['draft-abandon', draft, press('Abandon this draft')],
    ['draft-unknown', '/drafts/nothing'],
    ['documents-dpo', '/protocols/youth-offending/1/documents'],
    ['documents-approve', '/protocols/safeguarding-children/1/documents/privacy', unfold],
    [
      'documents-approved',
      '/protocols/safeguarding-children/1/documents/privacy',
      press('Approve this text for the public'),
    ],
  ],
};

withChromium('every page, at both widths,', () => {
  it.each(Object.keys(pages))(
    'that %s can come to is in order',
    async (who) => {
      const visitor = await openPage(browser);
      const { page, context } = visitor;
      if (who !== 'nobody') {
        const person = traveller(service, who);
        await page.goto(`${service.baseUrl}/sign-in`);
        await passSignInPages(visitor, person);
        await page.getByRole('heading', { name: `Hello, ${person.name}` }).waitFor();
      }
      const problems: string[] = [];
      for (const [name, address, act] of pages[who]!()) {
        await page.goto(new URL(address, service.baseUrl).href);
        await act?.(visitor);
        await page.waitForLoadState();
        await inspectAtBothWidths(visitor, `page-${name}`).catch((error: Error) => problems.push(error.message));
      }
      if (problems.length > 0) throw new Error(problems.join('\n'));
      await context.close();
    },
    300_000,
  );
});
