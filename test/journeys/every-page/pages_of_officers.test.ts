/** Every page that officers of each kind can come to: nothing wrong by axe, the console or its width. */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { findChromium, launchBrowser } from '../../support/journeys/browser.ts';
import { decideFor } from '../../support/journeys/journey.ts';
import { prepareDraft } from './prepare_draft.ts';
import { prepareReviews, type Prepared } from './prepare_reviews.ts';
import { inspectPages, openMenu, overtaken, press, type Step, trying, unfold } from './steps.ts';

const withChromium = findChromium() === undefined ? describe.skip : describe;

let service: RunningApplication;
let browser: Browser;
let decision: string;
let draft: string;
let reviews: Prepared;

beforeAll(async () => {
  [service, browser] = await Promise.all([startApplication(), launchBrowser()]);
  decision = (await decideFor(service, 'emergency-doctor')).context.id;
  reviews = await prepareReviews(service);
  draft = await prepareDraft(service);
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const hashOf = (protocol: string): string =>
  [...service.register.state()!.protocols.values()].find(({ document }) => document.id === protocol)!.hash;

const pages: Record<string, () => Step[]> = {
  // An officer.
  siro: () => [
    ['home-officer', '/', openMenu],
    ['log', '/log?event=register.protocol-signed&before=90'],
    ['log-folded', '/log', unfold],
    ['log-case', '/log?record=GC-1003'],
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
  it.each(Object.keys(pages))('that %s can come to is in order', (who) =>
    inspectPages(service, browser, who, pages[who]!()),
  );
});
