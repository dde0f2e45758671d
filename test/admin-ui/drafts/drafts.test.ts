/** Drafting by forms, over HTTP as a browser without JavaScript: whatever is typed is kept, and what is wrong is said where it was typed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Protocol } from '../../../policy/register/protocols/document.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { type Filled, formOf, mistakesOn, sendForm, unescape } from '../../support/platform/forms.ts';
import type { Answer, Browser } from '../../support/idp/idp.ts';
import { openSession } from '../../support/journeys/journey.ts';

const gateshead = 'E08000037';
const hospital = 'RR7';

let service: RunningApplication;
let author: Browser;
let guardian: Browser;
let administrator: Browser;
let practitioner: Browser;

beforeAll(async () => {
  service = await startApplication();
  author = await openSession(service, 'siro');
  guardian = await openSession(service, 'caldicott-guardian');
  administrator = await openSession(service, 'administrator');
  practitioner = await openSession(service, 'emergency-doctor');
});
afterAll(() => service.close());

const heading = ({ text }: Answer): string => unescape(/<h1[^>]*>([^<]*)</.exec(text)?.[1]?.trim() ?? '');
const boxOf = (page: Answer, action: string, name: string): string | null => formOf(page, action).values.get(name);

async function startFrom(template: string, parties = [hospital]): Promise<string> {
  const page = await author.open('/drafts/start');
  const draft = await sendForm(author, page, '/start/template', { template, parties });
  expect(draft.url).toMatch(/\/drafts\/[0-9a-f-]{36}\?saved=1$/);
  return new URL(draft.url).pathname;
}

/** The text of a draft as it stands. */
async function textOf(draft: string): Promise<Text> {
  return JSON.parse((await author.open(`${draft}/export`)).text) as Text;
}

type Text = Record<string, unknown> & Pick<Protocol, 'id' | 'guidance' | 'parties' | 'clauses' | 'examples'>;

async function importText(document: unknown, file = true): Promise<Answer> {
  const page = await author.open('/drafts/start');
  const { target, values } = formOf(page, '/start/import');
  const form = new FormData();
  for (const [name, value] of values) form.append(name, value);
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  if (file) form.set('file', new Blob([text], { type: 'application/json' }), 'protocol.json');
  else form.set('text', text);
  return author.open(target, form);
}

async function importDraft(document: unknown): Promise<string> {
  const page = await importText(document);
  expect(page.url).toMatch(/saved=1$/);
  return new URL(page.url).pathname;
}

/** Opens each form of the draft and presses Save. */
async function sendUnchanged(draft: string): Promise<void> {
  const document = await textOf(draft);
  const pages = parts.flatMap((part) => {
    const list = document[{ parties: 'parties', clauses: 'clauses', examples: 'examples' }[part] ?? ''];
    return Array.isArray(list) ? list.map((_, index) => `${draft}/${part}/${index + 1}`) : [`${draft}/${part}`];
  });
  for (const page of pages) {
    const sent = await sendForm(author, await author.open(page), page, { do: 'save' });
    expect({ page, status: sent.status }).toEqual({ page, status: 200 });
  }
}

/** The same with every list of words sorted. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value))
    return value.every((one) => typeof one === 'string') ? value.toSorted() : value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inOrder(inner)]));
}

const parts = ['about', 'parties', 'purposes', 'people', 'clauses', 'dates', 'terms', 'guidance', 'examples'];

describe('a draft', () => {
  it('begins with a template, and says of each part how far it is', async () => {
    const draft = await startFrom('hospital-discharge');
    const page = await author.open(draft);
    expect(heading(page)).toBe('Hospital discharge of older people');
    expect(page.text).toMatch(/Impact assessment and dates[\s\S]*2 to mend/);
    expect((await textOf(draft)).parties.map(({ agency }) => agency)).toEqual(
      expect.arrayContaining([gateshead, hospital]),
    );
  });

  it('begins with the version in force of a protocol, from its page', async () => {
    const protocol = await author.open('/protocols/safeguarding-children/1');
    const from = /href="(\/drafts\/start\?from=[^"#]+)/.exec(protocol.text)?.[1] ?? '';
    const draft = await sendForm(author, await author.open(from), '/start/next');
    const document = await textOf(new URL(draft.url).pathname);
    expect([document.title, document.version]).toEqual([heading(protocol), undefined]);
  });

  it('is not begun without a choice, and says so beside the boxes', async () => {
    const page = await author.open('/drafts/start');
    expect(mistakesOn(await sendForm(author, page, '/start/template'))).toEqual([
      { text: 'Choose what the protocol is for', href: '#template' },
    ]);
    expect(mistakesOn(await sendForm(author, page, '/start/next'))[0]?.href).toBe('#from');
    expect(mistakesOn(await sendForm(author, page, '/start/import'))[0]?.href).toBe('#text');
  });

  it.each(['hospital-discharge', 'safeguarding-children', 'domestic-abuse', 'framework'])(
    'from the template %s stays as it is, word for word, when each of its forms is sent unchanged',
    async (template) => {
      const draft = await startFrom(template);
      const before = await textOf(draft);
      await sendUnchanged(draft);
      // The order of what is ticked means nothing: it becomes that of the boxes.
      expect(inOrder(await textOf(draft))).toEqual(inOrder(before));
    },
  );

  it.each(['safeguarding-children', 'hospital-discharge', 'north-east-framework'])(
    'from the signed protocol %s gives nobody anything else when each of its forms is sent unchanged',
    async (protocol) => {
      const page = await author.open('/drafts/start');
      const hash = [...service.register.state()!.protocols.values()].find(
        ({ document }) => document.id === protocol,
      )!.hash;
      const draft = new URL((await sendForm(author, page, '/start/next', { from: hash })).url).pathname;
      const { framework: _, ...before } = await textOf(draft);
      await sendUnchanged(draft);
      const { framework: __, ...after } = await textOf(draft);
      expect(inOrder(after)).toEqual(inOrder(before));
      // An agency that joined the version before joins anew, so it may lose; nobody gains.
      expect((await author.open(`${draft}/changes`)).text).not.toMatch(/>\s*(Gains|Less is asked)\s*</);
    },
  );

  it('is for officers only, and unknown to other agencies until they are asked', async () => {
    const draft = await startFrom('hospital-discharge');
    expect((await practitioner.open(draft)).status).toBe(403);
    expect((await practitioner.open('/drafts')).status).toBe(403);
    expect((await administrator.open(draft)).status).toBe(403);
    for (const path of ['', '/about', '/clauses/1', '/comments', '/changes', '/signature', '/history', '/export']) {
      expect([path, (await guardian.open(draft + path)).status]).toEqual([path, 404]);
    }
  });

  it('is given up only when somebody says so twice, and cannot be changed then', async () => {
    const draft = await startFrom('early-help');
    const asked = await sendForm(author, await author.open(draft), '/abandon', { sure: 'ask' });
    expect(asked.text).toContain('Yes, abandon it');
    const page = await author.open(`${draft}/guidance`);
    await sendForm(author, asked, '/abandon', { sure: 'yes' });
    expect((await author.open(draft)).text).toContain('Abandoned');
    expect((await sendForm(author, page, '/guidance', { '/guidance': 'Too late' })).status).toBe(409);
    expect((await textOf(draft)).guidance).not.toBe('Too late');
  });
});

describe('a list in a form', () => {
  it('grows, shrinks and is put in another order without losing what else was typed', async () => {
    const draft = await startFrom('hospital-discharge');
    const page = `${draft}/clauses/1`;
    const before = (await textOf(draft)).clauses[0]!;
    const typed = { '/clauses/0/text': 'Half a sentence that', '/clauses/0/identity_level': '' };
    const added = await sendForm(author, await author.open(page), page, { ...typed, do: 'add /clauses/0/conditions' });
    expect(boxOf(added, page, '/clauses/0/text')).toBe('Half a sentence that');
    const count = before.conditions.length;
    const last = `/clauses/0/conditions/${count}`;
    const filled = await sendForm(author, added, page, {
      [`${last}/attribute`]: 'age_years',
      [`${last}/operator`]: 'gte',
      [`${last}/value`]: '65',
      do: 'save',
    });
    expect((await textOf(draft)).clauses[0]!.conditions[count]).toEqual({
      attribute: 'age_years',
      operator: 'gte',
      value: 65,
    });
    expect(mistakesOn(filled)).toEqual([{ text: 'Fill this in.', href: '#/clauses/0/identity_level' }]);
    const more = await sendForm(author, await author.open(page), page, { do: 'add /clauses/0/recipients' });
    const recipients = before.recipients.length;
    await sendForm(author, more, page, { do: `up /clauses/0/recipients/${recipients}` });
    const moved = (await textOf(draft)).clauses[0]!.recipients;
    expect(moved[recipients - 1]).toEqual({});
    expect(moved[recipients]).toEqual(before.recipients[recipients - 1]);
    await sendForm(author, await author.open(page), page, { do: `remove /clauses/0/recipients/${recipients - 1}` });
    expect((await textOf(draft)).clauses[0]!.recipients).toEqual(before.recipients);
  });

  it('follows what was chosen before it, with everything else kept and no mistakes called yet', async () => {
    const draft = await startFrom('hospital-discharge');
    const fresh = await sendForm(author, await author.open(`${draft}/clauses`), '/clauses', { do: 'add /clauses' });
    const page = new URL(fresh.url).pathname;
    const at = `/clauses/${Number(page.split('/').at(-1)) - 1}`;
    expect(fresh.text).toContain('Choose a type of record first.');
    const typed = { [`${at}/id`]: 'fresh', [`${at}/asset`]: 'custody-record' };
    const shown = await sendForm(author, fresh, page, { ...typed, do: `follow ${at}/asset` });
    expect([mistakesOn(shown), boxOf(shown, page, `${at}/id`)]).toEqual([[], 'fresh']);
    expect(shown.text).toMatch(/Suspected offence[\s\S]*Criminal offence data/);
  });

  it('fills in who answers for a party that is chosen', async () => {
    const draft = await startFrom('hospital-discharge');
    const fresh = await sendForm(author, await author.open(`${draft}/parties`), '/parties', { do: 'add /parties' });
    const page = new URL(fresh.url).pathname;
    const at = `/parties/${Number(page.split('/').at(-1)) - 1}`;
    const chosen = { [`${at}/agency`]: 'RTD', [`${at}/dpo/name`]: 'Typed before', do: `follow ${at}/agency` };
    const shown = await sendForm(author, fresh, page, chosen);
    expect(boxOf(shown, page, `${at}/senior_officer/name`)).not.toBe('');
    expect(boxOf(shown, page, `${at}/dpo/name`)).toBe('Typed before');
  });

  it('of clauses grows, shrinks and is put in another order', async () => {
    const draft = await startFrom('hospital-discharge');
    const ids = async (): Promise<string[]> => (await textOf(draft)).clauses.map(({ id }) => id);
    const before = await ids();
    const list = `${draft}/clauses`;
    await sendForm(author, await author.open(list), list, { do: 'down /clauses/0' });
    expect((await ids()).slice(0, 2)).toEqual([before[1], before[0]]);
    const fresh = await sendForm(author, await author.open(list), list, { do: 'add /clauses' });
    expect(fresh.url).toBe(`${service.baseUrl}${list}/${before.length + 1}`);
    await sendForm(author, fresh, `${list}/${before.length + 1}`, {
      [`/clauses/${before.length}/id`]: 'fresh',
      do: 'save',
    });
    await sendForm(author, await author.open(list), list, { do: `remove /clauses/${before.length}` });
    expect((await ids()).length).toBe(before.length);
  });

  it('does nothing upon a button that no page has', async () => {
    const draft = await startFrom('hospital-discharge');
    const before = await textOf(draft);
    const page = `${draft}/clauses/1`;
    for (const button of [
      'remove /clauses/1',
      'add /__proto__',
      'up /parties/1',
      'remove /clauses/0/fields/0',
      'add',
      '',
    ]) {
      await sendForm(author, await author.open(page), page, { do: button });
      await sendForm(author, await author.open(`${draft}/parties`), '/parties', {
        do: button.replace('parties', 'clauses'),
      });
    }
    expect(inOrder(await textOf(draft))).toEqual(inOrder(before));
  });

  it('does nothing upon a button that was made for another list', async () => {
    const draft = await startFrom('hospital-discharge');
    const list = `${draft}/clauses`;
    const [stale, other] = [await author.open(list), await author.open(list)];
    await sendForm(author, other, list, { do: 'remove /clauses/0' });
    const before = (await textOf(draft)).clauses;
    const again = await sendForm(author, stale, list, { do: 'remove /clauses/0' });
    expect([again.status, (await textOf(draft)).clauses]).toEqual([409, before]);
  });
});

describe('what is wrong', () => {
  const saved = async (draft: string, part: string, typed: Filled) => {
    const page = `${draft}/${part}`;
    const answer = await sendForm(author, await author.open(page), page, { ...typed, do: 'save' });
    return { answer, mistakes: mistakesOn(answer) };
  };

  it('with dates in the wrong order is said at the day, and the day stays as it was typed', async () => {
    const draft = await startFrom('hospital-discharge');
    const { answer, mistakes } = await saved(draft, 'dates', {
      '/dpia/reference': 'DPIA-1',
      '/dpia/completed': '1/2/2027',
      '/valid/from': '1/4/2027',
      '/valid/until': '31/3/2026',
      '/review': '31 April 2027',
    });
    expect(mistakes.map(({ href }) => href)).toEqual(['#/review', '#/valid/until']);
    expect(boxOf(answer, '/dates', '/review')).toBe('31 April 2027');
    const mended = await saved(draft, 'dates', { '/review': '1/6/2027' });
    expect(mended.mistakes).toEqual([
      { text: 'The last day is before the first.', href: '#/valid/until' },
      { text: 'The review must fall within the days of validity.', href: '#/review' },
    ]);
    expect(boxOf(mended.answer, '/dates', '/valid/until')).toBe('31/3/2026');
  });

  it('with letters that only look right is said at the code, with the letter', async () => {
    const draft = await startFrom('hospital-discharge');
    // The second letter of the first, and the whole of the second, are Cyrillic and full-width.
    for (const code of ['d\u0456scharge', '\uFF41\uFF42\uFF43', 'dis\u200Bcharge', 'a\u0301b']) {
      const { answer, mistakes } = await saved(draft, 'clauses/1', { '/clauses/0/id': code });
      expect({ code, at: mistakes[0]?.href }).toEqual({ code, at: '#/clauses/0/id' });
      expect(mistakes[0]?.text).toMatch(/Character \d/);
      expect(boxOf(answer, '/clauses/1', '/clauses/0/id')).toBe(code);
    }
  });

  it('with a party that stands twice is said on its page', async () => {
    const draft = await startFrom('hospital-discharge');
    const document = await textOf(draft);
    const fresh = await sendForm(author, await author.open(`${draft}/parties`), '/parties', { do: 'add /parties' });
    const number = document.parties.length + 1;
    expect(fresh.url).toContain(`/parties/${number}`);
    await importInto(draft, { ...document, parties: [...document.parties, document.parties[0]] });
    const page = await author.open(`${draft}/parties/${number}?check=1`);
    expect(mistakesOn(page)).toEqual([
      { text: `${document.parties[0]!.agency} stands here twice.`, href: `#/parties/${number - 1}/agency` },
    ]);
    expect((await author.open(`${draft}/parties`)).text).toContain('1 to mend');
    expect((await author.open(`${draft}/signature`)).text).toContain('It cannot be put to signature yet');
  });

  it('with unknown operators and fields that the record lacks is said at them, and they are shown', async () => {
    const draft = await startFrom('hospital-discharge');
    const document = await textOf(draft);
    const [clause, ...others] = document.clauses;
    const strange = { attribute: 'age_years', operator: 'regex', value: '.*' };
    await importInto(draft, {
      ...document,
      clauses: [{ ...clause, fields: ['name', 'favourite_colour'], conditions: [strange] }, ...others],
    });
    const page = await author.open(`${draft}/clauses/1?check=1`);
    expect(mistakesOn(page).map(({ href }) => href)).toEqual([
      '#/clauses/0/conditions/0/operator',
      '#/clauses/0/fields',
      '#/clauses/0/conditions/0/value',
    ]);
    expect(page.text).toContain('regex (not known here)');
    expect(page.text).toContain('favourite_colour (not known here)');
    const mended = await saved(draft, 'clauses/1', { '/clauses/0/conditions/0/operator': 'gte' });
    expect(mended.mistakes).toEqual([
      { text: expect.stringContaining('has no field favourite_colour'), href: '#/clauses/0/fields' },
      { text: 'The attribute is a number; the value is not.', href: '#/clauses/0/conditions/0/value' },
    ]);
    const whole = await saved(draft, 'clauses/1', {
      '/clauses/0/fields': ['name'],
      '/clauses/0/conditions/0/value': '65',
    });
    expect(whole.answer.url).toContain(`${draft}/clauses?saved=1`);
  });

  it('with tiers that stand in a circle is said where they are chosen', async () => {
    const draft = await startFrom('framework');
    const { mistakes } = await saved(draft, 'about', { '/framework': 'north-east-framework' });
    expect(mistakes).toEqual([{ text: 'A framework stands under no other framework.', href: '#/framework' }]);
    const other = await startFrom('hospital-discharge');
    const { id } = await textOf(other);
    await importInto(other, { ...(await textOf(other)), framework: { id } });
    expect(mistakesOn(await author.open(`${other}/about?check=1`))).toEqual([
      { text: `No framework of this name is in force: ${id}.`, href: '#/framework' },
    ]);
  });

  it('with something that no form has a box for is said on the first page of the draft', async () => {
    const draft = await importDraft({
      title: 'Strange',
      clauses: 'all of them',
      parties: [1, null, 'RR7'],
      surprise: { a: 1 },
    });
    expect((await author.open(draft)).text).toMatch(/\/surprise<\/code>: A protocol has no part/);
    for (const part of [
      ...parts,
      'parties/1',
      'parties/2',
      'parties/3',
      'comments',
      'changes',
      'signature',
      'history',
    ]) {
      expect([part, (await author.open(`${draft}/${part}?check=1`)).status]).toEqual([part, 200]);
    }
    expect((await author.open(`${draft}/parties/4`)).status).toBe(404);
  });

  it('with a text of 5 MB is said beside the box, and nothing is begun', async () => {
    const drafts = (await author.open('/drafts')).text.match(/wayleave-card/g)?.length;
    const document = { title: 'Long', guidance: 'a'.repeat(5_000_000) };
    for (const file of [true, false]) {
      const page = await importText(document, file);
      expect([page.status, mistakesOn(page)]).toEqual([
        422,
        [
          {
            text: expect.stringMatching(/5\.0 MB long\. A protocol may be 1 MB at most/),
            href: file ? '#file' : '#text',
          },
        ],
      ]);
    }
    expect((await author.open('/drafts')).text.match(/wayleave-card/g)?.length).toBe(drafts);
  });

  it('with 5 MB in one box is said at the box, and the text is still in it', async () => {
    const draft = await startFrom('early-help');
    const before = await textOf(draft);
    const long = 'Ring first. '.repeat(420_000).trim();
    const { answer, mistakes } = await saved(draft, 'guidance', { '/guidance': long });
    expect([answer.status, mistakes]).toEqual([
      422,
      [{ text: expect.stringMatching(/MB long\. A protocol may be 1 MB at most/), href: '#/guidance' }],
    ]);
    expect(boxOf(answer, '/guidance', '/guidance')).toBe(long);
    expect(await textOf(draft)).toEqual(before);
  });

  it.each([
    ['no JSON at all', 'Dear all, attached is the protocol', /not valid JSON/],
    ['a key that stands twice', '{"title":"A","title":"B"}', /twice/],
    ['a list', '[]', /begins with \{/],
    ['a depth that no protocol has', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, /deep/],
  ])('with an import of %s is said beside the box', async (_name, text, words) => {
    const page = await importText(text, false);
    expect(page.status).toBe(422);
    expect(mistakesOn(page)).toEqual([{ text: expect.stringMatching(words), href: '#text' }]);
    expect(boxOf(page, '/start/import', 'text')).toBe(text);
  });

  it('with an import that is no text is said', async () => {
    const { target, values } = formOf(await author.open('/drafts/start'), '/start/import');
    const form = new FormData();
    for (const [name, value] of values) form.append(name, value);
    form.set('file', new Blob([new Uint8Array([0xff, 0xfe, 0x00, 0x80])]), 'protocol.docx');
    expect((await author.open(target, form)).status).toBe(400);
  });

  it('with a condition is said at its value, whatever type that should have', async () => {
    const draft = await startFrom('hospital-discharge');
    for (const [attribute, operator, value, wrong] of [
      ['age_years', 'gte', 'sixty-five', true],
      ['age_years', 'in', '65\n66', false],
      ['fit_for_discharge', 'eq', 'maybe', true],
      ['fit_for_discharge', 'eq', 'yes', false],
    ] as const) {
      const document = await textOf(draft);
      const [first, ...others] = document.clauses;
      await importInto(draft, { ...document, clauses: [{ ...first, conditions: [{}] }, ...others] });
      const { mistakes } = await saved(draft, 'clauses/1', {
        '/clauses/0/conditions/0/attribute': attribute,
        '/clauses/0/conditions/0/operator': operator,
        '/clauses/0/conditions/0/value': value,
      });
      expect({ value, at: mistakes.map(({ href }) => href) }).toEqual({
        value,
        at: wrong ? ['#/clauses/0/conditions/0/value'] : [],
      });
    }
  });
});

describe('an officer who is asked', () => {
  it('reads every part, comments, and changes nothing', async () => {
    const draft = await startFrom('hospital-discharge');
    const opened = await sendForm(author, await author.open(`${draft}/comments`), '/comments/open');
    expect(opened.text).toContain('Close the consultation');
    const before = await textOf(draft);
    for (const part of [...parts, 'parties/1', 'clauses/1', 'examples/1', 'changes', 'signature', 'history']) {
      const page = await guardian.open(`${draft}/${part}?check=1`);
      expect([part, page.status, page.text.includes('value="save"')]).toEqual([part, 200, false]);
      // What is said to be wrong leads to where it stands, though there are no boxes.
      const anchors = [...page.text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
      expect([part, anchors.filter((id) => !page.text.includes(`id="${id}"`))]).toEqual([part, []]);
    }
    const comments = await guardian.open(`${draft}/comments`);
    const csrf = formOf(comments, '/comments').values.get('_csrf') ?? '';
    for (const [path, typed] of [
      ['/guidance', { '/guidance': 'Theirs', do: 'save' }],
      ['/clauses', { do: 'remove /clauses/0' }],
      ['/clauses/1', { '/clauses/0/text': 'Theirs', do: 'save' }],
      ['/comments/close', {}],
      ['/signature', { revision: '1' }],
      ['/abandon', { sure: 'yes' }],
      ['/import', { text: '{}', revision: '1' }],
    ] as const) {
      const answer = await guardian.open(`${draft}${path}`, { ...typed, _csrf: csrf });
      // A change of a list is first held against the list as it stands, which the guardian may read.
      expect([path, answer.status]).toEqual([path, path === '/clauses' ? 409 : 404]);
    }
    expect(await textOf(draft)).toEqual(before);
    expect((await author.open(draft)).text).toContain('In consultation');
    const said = await sendForm(guardian, comments, '/comments', { clause: 'care-at-home', text: '<b>Why?</b>' });
    expect(said.text).toContain('&lt;b&gt;Why?&lt;/b&gt;');
    expect(mistakesOn(await sendForm(guardian, comments, '/comments', { text: ' ' }))).toEqual([
      { text: 'Write what you want to say', href: '#text' },
    ]);
    await sendForm(author, await author.open(`${draft}/comments`), '/comments/close');
    expect((await guardian.open(draft)).status).toBe(404);
  });

  it('cannot be asked while no other agency is a party', async () => {
    const draft = await startFrom('hospital-discharge', []);
    const answer = await sendForm(author, await author.open(`${draft}/comments`), '/comments/open');
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('Add the parties first');
  });
});

describe('two people in one draft', () => {
  it('save different parts without being in each other’s way', async () => {
    const draft = await startFrom('hospital-discharge');
    const [guidance, clause] = [await author.open(`${draft}/guidance`), await author.open(`${draft}/clauses/2`)];
    await sendForm(author, guidance, '/guidance', { '/guidance': 'Ring the ward.', do: 'save' });
    await sendForm(author, await author.open(`${draft}/clauses`), '/clauses', { do: 'down /clauses/0' });
    const sent = await sendForm(author, clause, '/clauses/2', { '/clauses/1/text': 'Mended words.', do: 'save' });
    expect(sent.status).toBe(200);
    const document = await textOf(draft);
    expect(document.guidance).toBe('Ring the ward.');
    // The clause was moved meanwhile: it is still the one that was typed in.
    expect(document.clauses[0]!.text).toBe('Mended words.');
  });

  it('find the clause that they typed in, wherever it stands by then, also with a button of a list', async () => {
    const draft = await startFrom('hospital-discharge');
    const { clauses } = await textOf(draft);
    const last = `${draft}/clauses/${clauses.length}`;
    const page = await author.open(last);
    await sendForm(author, await author.open(`${draft}/clauses`), '/clauses', { do: 'remove /clauses/0' });
    const at = `/clauses/${clauses.length - 1}`;
    const sent = await sendForm(author, page, last, { [`${at}/text`]: 'Mended words.', do: `add ${at}/recipients` });
    expect(sent.url).toContain(`${draft}/clauses/${clauses.length - 1}`);
    const after = (await textOf(draft)).clauses;
    expect(after.length).toBe(clauses.length - 1);
    expect(after.at(-1)?.text).toBe('Mended words.');
    expect(after.at(-1)?.recipients.length).toBe(clauses.at(-1)!.recipients.length + 1);
  });

  it('are both shown when it is the same part, and neither text is lost', async () => {
    const draft = await startFrom('hospital-discharge');
    const page = `${draft}/guidance`;
    const [mine, theirs] = [await author.open(page), await author.open(page)];
    await sendForm(author, theirs, page, { '/guidance': 'Theirs came first.', do: 'save' });
    const both = await sendForm(author, mine, page, { '/guidance': 'Mine came second.', do: 'save' });
    expect(both.status).toBe(409);
    expect(boxOf(both, page, '/guidance')).toBe('Mine came second.');
    expect(both.text).toContain('Saved meanwhile by somebody else: Theirs came first.');
    expect((await textOf(draft)).guidance).toBe('Theirs came first.');
    expect((await author.open(`${draft}/history`)).text).toContain('Kept aside');
    await sendForm(author, both, page, { do: 'save' });
    expect((await textOf(draft)).guidance).toBe('Mine came second.');
  });

  it('find every earlier text under history, and take one up again', async () => {
    const draft = await startFrom('hospital-discharge');
    const before = await textOf(draft);
    await sendForm(author, await author.open(`${draft}/about`), '/about', { '/title': 'Another', do: 'save' });
    const history = await author.open(`${draft}/history`);
    const [earlier] = [...history.text.matchAll(/action="(\/drafts\/[^"]+\/history\/[^"]+)"/g)].map(
      ([, action]) => action ?? '',
    );
    expect(JSON.parse((await author.open(earlier!)).text)).toEqual(before);
    await sendForm(author, history, earlier!);
    expect(await textOf(draft)).toEqual(before);
  });
});

async function importInto(draft: string, document: unknown): Promise<void> {
  const { target, values } = formOf(await author.open(`${draft}/history`), '/import');
  const form = new FormData();
  for (const [name, value] of values) form.append(name, value);
  form.set('text', JSON.stringify(document));
  expect((await author.open(target, form)).url).toContain('saved=1');
}
