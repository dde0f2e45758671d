/** A form that is sent several times (two clicks, a retry of the browser) is one act: it is done once, and each is led to what came of it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { namedPerson } from '../../demo/region/people.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import type { Answer, Browser } from '../support/idp/idp.ts';
import { prepareDraft } from '../journeys/every-page/prepare_draft.ts';
import { asOwner, openSession } from '../support/journeys/journey.ts';
import { askWith, stated, userToken } from '../support/policy/override.ts';

let service: RunningApplication;
let dpo: Browser; // of Northumbria Police
let siro: Browser; // of Gateshead Council
let administrator: Browser; // of Gateshead Council
let draft: string;
let review: string;

beforeAll(async () => {
  service = await startApplication();
  draft = await prepareDraft(service);
  const token = await userToken(service, 'health-visitor');
  review = (await askWith(service, 'health-visitor', token, stated)).context.override!.review;
  dpo = await openSession(service, 'dpo');
  siro = await openSession(service, 'siro');
  administrator = await openSession(service, 'administrator');
});
afterAll(() => service.close());

/** The form of a page whose action ends so, as a browser sends it. */
function formOf({ text, url }: Answer, action: string): { target: string; hidden: Record<string, string> } {
  const forms = [...text.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)];
  const [, target = '', inside = ''] = forms.find(([, to]) => to!.endsWith(action)) ?? [];
  if (target === '') throw new Error(`no form to ${action} on ${url}`);
  const hidden = [...inside.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return { target, hidden: Object.fromEntries(hidden.map(([, name, value]) => [name!, value!])) };
}

async function events(event: string): Promise<number> {
  const [row] = await asOwner(service.database, 'select count(*)::int as count from log_content where event = $1', [
    event,
  ]);
  return row!.count as number;
}

type Act = { who: () => Browser; page: () => string; form: string; fields: Record<string, string>; event: string };

const post = `/posts/${namedPerson('housing-officer').posts[0]!.id}`;
const acts: [string, Act][] = [
  [
    'a draft is begun',
    {
      who: () => siro,
      page: () => '/drafts/start',
      form: '/drafts/start/template',
      fields: { template: 'early-help', parties: 'E23000007' },
      event: 'draft.created',
    },
  ],
  [
    'a comment is made',
    {
      who: () => dpo,
      page: () => `${draft}/comments`,
      form: '/comments',
      fields: { text: 'Once is enough.' },
      event: 'draft.commented',
    },
  ],
  [
    'a part of a draft is saved',
    {
      who: () => dpo,
      page: () => `${draft}/about`,
      form: '/about',
      fields: { '/title': 'A title of this test' },
      event: 'draft.changed',
    },
  ],
  [
    'a consultation is opened',
    { who: () => dpo, page: () => `${draft}/comments`, form: '/comments/open', fields: {}, event: 'draft.changed' },
  ],
  [
    'a review is closed',
    {
      who: () => siro,
      page: () => `/reviews/${review}`,
      form: '/reviews/',
      fields: { outcome: 'justified', note: 'She did what was right.' },
      event: 'override.reviewed',
    },
  ],
  [
    'a post is suspended',
    {
      who: () => administrator,
      page: () => post,
      form: post,
      fields: { deed: 'suspend-post', reason: 'A test.' },
      event: 'post.suspended',
    },
  ],
  [
    'a post is restored',
    {
      who: () => administrator,
      page: () => post,
      form: post,
      fields: { deed: 'restore-post', reason: 'A test.' },
      event: 'post.restored',
    },
  ],
  [
    'a document is approved',
    {
      who: () => dpo,
      page: () => '/protocols/safeguarding-children/1/documents/privacy',
      form: '/documents/privacy',
      fields: { deed: 'approve' },
      event: 'document.approved',
    },
  ],
];

describe.each(acts)('%s', (_what, { who, page, form, fields, event }) => {
  it('once, of a form that is sent six times at once and once more afterwards', async () => {
    const browser = who();
    const opened = await browser.open(page());
    const { target, hidden } = formOf(opened, form === '/reviews/' ? page() : form);
    const before = await events(event);
    const send = () => browser.send(target, { ...hidden, ...fields });
    const answers = [...(await Promise.all(Array.from({ length: 6 }, send))), await send()];
    expect(new Set(answers.map(({ status, location }) => `${status} ${location}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(302);
    expect((await events(event)) - before).toBe(1);
  });
});

describe('a form', () => {
  const comment = { text: 'The same words, meant twice.' };

  it('that is opened twice is two acts, also in the same words', async () => {
    const before = await events('draft.commented');
    const forms = [await dpo.open(`${draft}/comments`), await dpo.open(`${draft}/comments`)];
    for (const page of forms) await dpo.submit(page, '/comments', comment);
    expect((await events('draft.commented')) - before).toBe(2);
  });

  it('that was refused for a mistake is taken when it is sent again, mended or not', async () => {
    const page = await dpo.open(`${draft}/comments`);
    const { target, hidden } = formOf(page, '/comments');
    for (let time = 0; time < 2; time += 1) expect((await dpo.send(target, { ...hidden, text: '' })).status).toBe(422);
    expect((await dpo.send(target, { ...hidden, ...comment })).status).toBe(302);
  });

  it('of somebody else’s page leads nowhere that is not theirs', async () => {
    const { target, hidden } = formOf(await dpo.open(`${draft}/comments`), '/comments');
    const sent = await dpo.send(target, { ...hidden, text: 'Mine.' });
    expect(sent.status).toBe(302);
    const theirs = await siro.send(target, { ...hidden, text: 'Mine.' });
    expect({ status: theirs.status, location: theirs.location }).toEqual({ status: 403, location: undefined });
  });
});
