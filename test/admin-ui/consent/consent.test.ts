/** The pages of consent over HTTP: who comes how far, what is asked, and where a number may and may not turn up. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { subjectOf } from '../../../demo/facts.ts';
import { ownNumbers } from '../../../policy/decisions/consent/identifiers.ts';
import { createPseudonym } from '../../../policy/decisions/involvement/pseudonym.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { type Answer, type Browser, createBrowser } from '../../support/idp/idp.ts';
import { asOwner, openSession } from '../../support/journeys/journey.ts';

const nhsNumber = subjectOf('GC-1003').value;
const earlyHelp = '/consent/record/safeguarding-children/early-help';
const safeguarding = '/consent/record/safeguarding-children/safeguarding-children';

let service: RunningApplication;
let teacher: Browser;
let doctor: Browser;
let siro: Browser;
let administrator: Browser;
let police: Browser;

beforeAll(async () => {
  service = await startApplication();
  teacher = await openSession(service, 'teacher');
  doctor = await openSession(service, 'emergency-doctor');
  siro = await openSession(service, 'siro');
  administrator = await openSession(service, 'administrator');
  police = await openSession(service, 'dpo');
});
afterAll(() => service.close());

const heading = ({ text }: Answer): string => /<h1[^>]*>([^<]*)</.exec(text)?.[1]?.trim() ?? '';
const countRows = async (): Promise<number> => {
  const [row] = await asOwner(service.database, 'select count(*)::int as count from consent');
  return row?.count as number;
};

async function identify(
  browser: Browser,
  number: string = nhsNumber,
  page = earlyHelp,
  scheme = 'nhs-number',
): Promise<Answer> {
  const form = await browser.open(page);
  return browser.submit(form, page, { scheme, number });
}

const answers = {
  matter: 'confidence purpose early-help',
  capacity: 'competent-child',
  given_by: 'self',
  wording: 'spoken',
  language: 'en',
  said_on: new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London' }).format(new Date()),
};

/** From what is recorded to the page of the deed, filled in. */
async function say(browser: Browser, deed: string, changes: Record<string, string> = {}, from?: Answer) {
  const person = from ?? (await identify(browser));
  const link = new RegExp(`href="([^"]*/${deed})"`).exec(person.text)?.[1] ?? '/none';
  const form = await browser.open(link);
  return browser.submit(form, `/${deed}`, { ...answers, ...changes });
}
const confirm = (browser: Browser, page: Answer): Promise<Answer> => browser.submit(page, new URL(page.url).pathname);

describe('consent is written down', () => {
  it('from the guidance to the page to print, and read back in words in between', async () => {
    const start = await teacher.open('/consent');
    expect(start.text.indexOf('risk of significant harm')).toBeLessThan(start.text.indexOf('When you need it'));
    expect(start.text).toContain('You do not need consent to share what protects them');
    expect(start.text).toContain('Early help');
    const person = await identify(teacher);
    expect(heading(person)).toBe('What is recorded about this person');
    expect(person.text).toContain('Not asked yet');
    const check = await say(teacher, 'agreement', {}, person);
    expect(heading(check)).toBe('Is this what was said?');
    expect(check.text).toContain(
      'You record that the person themselves agreed to everything for “Early help for a family”',
    );
    const before = await countRows();
    const done = await confirm(teacher, check);
    expect(done.text).toContain('Agreement recorded');
    expect(done.text).toContain('How to take it back');
    expect(await countRows()).toBe(before + 1);
    expect((await identify(teacher)).text).toMatch(/Agreed\s*<\/strong>/);
    // Sent again, from the same page: once is enough.
    expect((await confirm(teacher, check)).url).toBe(done.url);
    expect(await countRows()).toBe(before + 1);
  });

  it('by a school and seen by every party, with who recorded it and where', async () => {
    const seen = await identify(doctor);
    expect(seen.text).toMatch(/Recorded by [^<]*, Jesmond Park Academy/);
    expect(seen.text).not.toContain('Print what was recorded');
  });

  it('and taken back by another party, which holds at once', async () => {
    const done = await confirm(doctor, await say(doctor, 'withdrawal'));
    expect(done.text).toContain('the agreement is taken back');
    expect((await identify(teacher)).text).toMatch(/Refused\s*<\/strong>/);
  });

  it('not before what was typed makes sense, and it comes back with the mistakes', async () => {
    const before = await countRows();
    const tomorrow = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London' }).format(
      Date.now() + 2 * 86_400_000,
    );
    const wrong: [Record<string, string>, string][] = [
      [{ said_on: tomorrow }, 'Nothing can have been said in the future'],
      [{ said_on: '31/2/2026' }, 'The day must be a real day'],
      [{ said_on: '' }, 'The day must be a real day'],
      [{ given_by: '' }, 'Say who said it'],
      [{ capacity: '' }, 'Say whether the person can decide this'],
      [{ given_by: 'parental-responsibility' }, 'Say how you checked'],
      [{ capacity: 'lacks-capacity' }, 'Somebody who lacks capacity cannot agree'],
      [{ matter: 'confidence purpose safeguarding-children' }, 'Choose what it is about'],
      [{ until: '1/1/2020' }, 'The last day must not be past'],
    ];
    for (const [changes, message] of wrong) {
      const answer = await say(teacher, 'agreement', changes);
      expect({ status: answer.status, message: answer.text.includes(message), changes }).toEqual({
        status: 422,
        message: true,
        changes,
      });
      expect(answer.text).toContain('There is a problem');
    }
    const kept = await say(teacher, 'agreement', { until: '1/1/2020' });
    expect(kept.text).toContain('value="1/1/2020"');
    expect(kept.text).toMatch(/value="competent-child"\s+checked/);
    expect(await countRows()).toBe(before);
  });

  it('and “Change something” leads back to the form as it was filled in', async () => {
    const check = await say(teacher, 'refusal', { wording: 'own-form' });
    const change = /href="([^"]*\/refusal)"/.exec(check.text)?.[1] ?? '';
    expect((await teacher.open(change)).text).toMatch(/value="own-form"\s+checked/);
  });
});

describe('a number', () => {
  it('is refused with a wrong check digit, and shown to nobody but in its own field', async () => {
    const answer = await identify(teacher, '9990001244');
    expect([answer.status, answer.text.includes('the last one must fit the others')]).toEqual([422, true]);
    const none = await identify(teacher, '', earlyHelp);
    expect([none.status, none.text.includes('Type the number')]).toEqual([422, true]);
  });

  it('of a pupil or of the agency itself is another person', async () => {
    const upn = await identify(teacher, 'A12345678901', earlyHelp, 'upn');
    expect(upn.status).toBe(422);
    const own = await identify(teacher, 'J/2044', earlyHelp, 'own-number');
    expect(own.text).toContain('Nobody has written down yet');
    expect(ownNumbers('URN:146752')).toBe('urn:wayleave:agency:urn:146752');
  });

  it('never stands in an address, on a later page, in the tables or in the log', async () => {
    const pages: Answer[] = [await identify(teacher)];
    pages.push(await say(teacher, 'refusal', {}, pages[0]));
    pages.push(await confirm(teacher, pages[1]!));
    for (const page of pages) {
      expect(page.url).not.toContain(nhsNumber);
      expect(page.text).not.toContain(nhsNumber);
      expect(decodeURIComponent(page.url)).not.toContain(
        createPseudonym(service.config.masterKey)(subjectOf('GC-1003')),
      );
    }
    const found = await asOwner(
      service.database,
      `select 1 from consent where consent::text like $1 union all select 1 from log_content where committed like $1`,
      [`%${nhsNumber}%`],
    );
    expect(found).toEqual([]);
    const [lookUp] = await asOwner(
      service.database,
      `select committed from log_content where event = 'consent.looked-up' order by position desc limit 1`,
    );
    expect(lookUp?.committed).toContain(createPseudonym(service.config.masterKey)(subjectOf('GC-1003')));
  });
});

describe('a step', () => {
  it('belongs to the person who took it', async () => {
    const person = await identify(teacher);
    const check = await say(teacher, 'refusal');
    for (const url of [person.url, `${person.url}/agreement`, check.url]) {
      const answer = await doctor.open(url);
      expect([answer.status, answer.text.includes('belongs to another person')]).toEqual([404, true]);
    }
    for (const forged of ['x', 'A'.repeat(300), person.url.slice(-40)]) {
      expect((await teacher.open(`/consent/people/${forged}`)).status).toBe(404);
    }
    expect((await createBrowser(service.baseUrl).open(person.url)).url).toContain('/sign-in');
  });

  it('that was read back needs the form of its page', async () => {
    const check = await say(teacher, 'refusal');
    const before = await countRows();
    expect((await teacher.send(check.url, {})).status).toBe(403);
    expect(await countRows()).toBe(before);
  });

  it('leads to no deed that the purpose does not know', async () => {
    const seen = await identify(doctor, nhsNumber, safeguarding);
    expect(seen.text).not.toContain('/agreement"');
    expect(seen.text).toContain('/objection"');
    expect((await doctor.open(`${seen.url}/agreement`)).status).toBe(404);
    expect((await doctor.open(`${seen.url}/constructor`)).status).toBe(404);
  });
});

describe('other protocols', () => {
  it('are closed to agencies that are no party, to purposes that are none, and while they are not in force', async () => {
    const page = (protocol: string, purpose: string) => `/consent/record/${protocol}/${purpose}`;
    const cases: [Browser, string, number][] = [
      [teacher, page('hospital-discharge', 'hospital-discharge'), 403],
      [teacher, page('safeguarding-children', 'nothing'), 404],
      [teacher, page('moving-between-areas', 'continuing-support'), 404],
      [teacher, page('nothing', 'nothing'), 404],
      [teacher, '/consent/record', 404],
      [siro, page('hospital-discharge', 'hospital-discharge'), 200],
    ];
    for (const [browser, path, status] of cases) {
      expect({ path, status: (await browser.open(path)).status }).toEqual({ path, status });
    }
    expect((await teacher.open('/consent')).text).not.toContain('Going home from hospital');
  });
});

describe('an objection', () => {
  it('goes to the officers of the holders, who answer it in words that the recorder sees', async () => {
    const person = await identify(doctor, nhsNumber, safeguarding);
    const check = await say(doctor, 'objection', { matter: 'lawful-basis purpose safeguarding-children' }, person);
    expect(check.text).toContain('objected to everything for');
    const done = await confirm(doctor, check);
    expect(done.text).toContain('Objection recorded');
    const id = done.url.split('/').at(-1)!;
    expect((await siro.open('/consent/objections')).text).toContain(id);
    expect((await police.open('/consent/objections')).text).not.toContain(id);
    expect((await police.open(`/consent/objections/${id}`)).status).toBe(404);
    expect((await teacher.open('/consent/objections')).status).toBe(403);
    const page = await siro.open(`/consent/objections/${id}`);
    const short = await siro.submit(page, id, { outcome: 'goes-on', reason: 'No' });
    expect([short.status, short.text.includes('Say why, so that the person can understand it')]).toEqual([422, true]);
    const reason = 'Protecting the child outweighs what they object to.';
    const answered = await siro.submit(page, id, { outcome: 'goes-on', reason });
    expect(answered.text).toContain('We go on, for compelling reasons');
    expect((await siro.submit(page, id, { outcome: 'stopped', reason })).status).toBe(409);
    expect((await identify(doctor, nhsNumber, safeguarding)).text).toContain(reason);
  });

  it('is answered by officers whom the register names, not by administrators', async () => {
    const person = await identify(doctor, nhsNumber, safeguarding);
    const check = await say(doctor, 'objection', { matter: 'lawful-basis purpose safeguarding-children' }, person);
    const id = (await confirm(doctor, check)).url.split('/').at(-1)!;
    const page = await administrator.open(`/consent/objections/${id}`);
    expect(page.text).toContain('An officer whom the register names');
    const form = await administrator.open(earlyHelp);
    const token = /name="_csrf" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
    const answer = { outcome: 'stopped', reason: 'Not for an administrator to say.', _csrf: token };
    const refused = await administrator.send(`/consent/objections/${id}`, answer);
    expect([refused.status, refused.text.includes('Ask your data protection officer')]).toEqual([403, true]);
    expect((await siro.open(`/consent/objections/${id}`)).text).toContain('What follows from it?');
  });
});

it('an agreement that a refusal stands against says so, once it is recorded', async () => {
  await confirm(teacher, await say(teacher, 'refusal'));
  const parent = { given_by: 'parental-responsibility', capacity: 'child-not-competent', authority: 'stated' };
  const done = await confirm(teacher, await say(teacher, 'agreement', { ...parent, child_view: 'agrees' }));
  expect(done.text).toContain('This agreement changes nothing now');
  const own = await confirm(teacher, await say(teacher, 'agreement'));
  expect(own.text).toContain('It holds for every request from now on');
  const yesterday = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London' }).format(Date.now() - 86_400_000);
  const earlier = await confirm(teacher, await say(teacher, 'withdrawal', { said_on: yesterday }));
  expect(earlier.text).toContain('somebody agreed later');
});

it('what another agency recorded cannot be printed', async () => {
  const done = await confirm(teacher, await say(teacher, 'refusal'));
  expect((await doctor.open(new URL(done.url).pathname)).status).toBe(404);
  expect((await teacher.open('/consent/recorded/nothing')).status).toBe(404);
});
