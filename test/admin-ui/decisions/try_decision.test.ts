/** Officers try decisions out and see who can see what their agency holds, without JavaScript. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { namedPerson } from '../../../demo/region/people.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import type { Answer, Browser } from '../../support/idp/idp.ts';
import { openSession } from '../../support/journeys/journey.ts';

let service: RunningApplication;
let officer: Browser;
let elsewhere: Browser;
let administrator: Browser;
let practitioner: Browser;

const council = 'E08000037';
const doctor = namedPerson('emergency-doctor');

beforeAll(async () => {
  service = await startApplication();
  officer = await openSession(service, 'siro');
  elsewhere = await openSession(service, 'dpo');
  administrator = await openSession(service, 'administrator');
  practitioner = await openSession(service, 'emergency-doctor');
});
afterAll(() => service.close());

const address = (who: string, post: string, type = 'child-record', holder = council): string =>
  `/try-a-decision?${new URLSearchParams({ who, post, type, holder }).toString()}`;
const doctorsQuestion = address(doctor.id, doctor.posts[0]!.id);
const plain = (answer: Answer): string =>
  answer.text
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', '’')
    .replaceAll(/\s+/g, ' ');
/** The last entry of the log of that kind. */
async function lastEntry(event: string) {
  const [entry] = await read(service.ground.db, { reading: 'audit' }, (tx) =>
    tx.query<{ text: string; subject: string | null; agencies: string[] }>(
      sql`select committed as text, subject, agencies from log_content where event = ${event} order by position desc limit 1`,
    ),
  );
  return entry;
}

async function tryIt(browser: Browser, where: string, fields: Record<string, string>): Promise<Answer> {
  const page = await browser.open(where);
  return browser.submit(page, '/try-a-decision', fields);
}
const asked = { action: 'read', purpose: 'emergency-care', level: '0', understands: 'fields' };

describe('trying a decision', () => {
  it('goes by name, post and type of record to the question', async () => {
    const found = await officer.open(`/try-a-decision?name=${encodeURIComponent('Layla Al-Masri')}`);
    expect(found.url).toContain(`who=${doctor.id}`);
    expect(plain(found)).toContain('Emergency department doctor');
    const question = await officer.open(doctorsQuestion);
    expect(plain(question)).toContain('To do what');
  });

  it('says what would be told, and of every clause why, with a link to it; and is recorded', async () => {
    const answer = await tryIt(officer, doctorsQuestion, {
      ...asked,
      'attribute-address_protected': 'false',
      'attribute-age_years': '7',
    });
    expect(answer.status).toBe(200);
    expect(plain(answer)).toMatch(/What would be given.*Child protection plan/);
    expect(answer.text).toMatch(/href="\/protocols\/safeguarding-children\/1#clause-plan-flag-in-emergency-care"/);
    expect(plain(answer)).toContain('It speaks to');
    const entry = (await lastEntry('decision.tried'))!;
    expect(entry).toMatchObject({ subject: doctor.id, agencies: [council] });
    expect(JSON.parse(entry.text)).toMatchObject({
      content: { would_be: { decision: true, reason: 'permitted' }, signed_in: 'no' },
    });
  });

  it('says no where it would be no', async () => {
    const answer = await tryIt(officer, doctorsQuestion, { ...asked, purpose: 'early-help' });
    expect(plain(answer)).toMatch(/What Layla Al-Masri would be told.* No /);
    expect(plain(answer)).not.toContain('What would be given');
  });

  it('keeps what was typed, and says what is wrong with it', async () => {
    const wrong = await tryIt(officer, doctorsQuestion, { ...asked, 'attribute-age_years': 'seven' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="seven"');
    expect(plain(wrong)).toContain('There is a problem');
  });

  it('about one person is for officers of the agency that holds the record, and knows them by pseudonym', async () => {
    const person = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '943 476 5919' };
    expect(plain(await officer.open(doctorsQuestion))).toContain('The person concerned');
    const answer = await tryIt(officer, doctorsQuestion, { ...asked, ...person });
    expect(answer.url).not.toMatch(/943.{0,3}476/);
    expect((await lastEntry('decision.tried'))!.text).not.toMatch(/943.{0,3}476/);
    for (const [browser, where] of [
      [elsewhere, doctorsQuestion],
      [administrator, doctorsQuestion],
      [officer, address(doctor.id, doctor.posts[0]!.id, 'hospital-discharge-record', 'RR7')],
    ] as const) {
      const page = await browser.open(where);
      expect(plain(page)).not.toContain('The person concerned');
      await browser.submit(page, '/try-a-decision', { ...asked, ...person });
      const { content } = JSON.parse((await lastEntry('decision.tried'))!.text) as {
        content: { request: { resource: { data_subject?: string } } };
      };
      expect(content.request.resource.data_subject).toBeUndefined();
    }
  });

  it('is for officers and administrators, and about people whom they may find', async () => {
    for (const path of ['/try-a-decision', doctorsQuestion, '/who-can-see']) {
      expect((await practitioner.send(path)).status).toBe(403);
    }
    expect((await officer.send('/try-a-decision?who=nobody')).status).toBe(404);
    expect((await officer.send(`/try-a-decision?who=${crypto.randomUUID()}`)).status).toBe(404);
    const suspended = namedPerson('suspended');
    const own = suspended.posts[0]!.agency === council;
    expect((await officer.send(`/try-a-decision?who=${suspended.id}`)).status).toBe(own ? 200 : 404);
    expect((await elsewhere.send(`/try-a-decision?who=${suspended.id}`)).status).toBe(404);
  });

  it('shows nothing that cannot be recorded', async () => {
    const { log } = service.ground;
    const { append } = log;
    const unrecorded = ['decision.tried', 'search.subject'];
    log.append = (event, guard) =>
      unrecorded.includes(event.event) ? Promise.resolve({ outcome: 'expired' }) : append(event, guard);
    try {
      const answer = await tryIt(officer, doctorsQuestion, asked);
      expect(answer.status).toBe(503);
      expect(plain(answer)).not.toContain('Every clause about');
      const who = await officer.send('/who-can-see?topic=child-record+read+emergency-care');
      expect(who.status).toBe(503);
      expect(plain(who)).not.toContain('people have a role');
    } finally {
      log.append = append;
    }
  });

  it('takes no question from elsewhere', async () => {
    const answer = await officer.send(doctorsQuestion, asked);
    expect(answer.status).toBe(403);
  });
});

describe('who can see', () => {
  const topic = (text: string): string => `/who-can-see?topic=${encodeURIComponent(text)}`;

  it('names clauses, roles with how many people, and the first of them; and is recorded', async () => {
    const answer = await officer.open(topic('child-record read emergency-care'));
    expect(answer.status).toBe(200);
    expect(plain(answer)).toMatch(/people have a role that may ask for this/);
    expect(plain(answer)).toMatch(/Gateshead Health NHS Foundation Trust: .*emergency department doctor \(\d+\)/);
    expect(plain(answer)).toContain('Nobody: every clause asks for something more.');
    const young = await officer.open(`${topic('child-record read emergency-care')}&attribute-age_years=7`);
    expect(young.text).toMatch(/href="\/directory\/[0-9a-f-]{36}"/);
    expect((await officer.send(`${topic('child-record read emergency-care')}&attribute-age_years=x`)).status).toBe(422);
    expect(answer.text).toMatch(/#clause-plan-flag-in-emergency-care"/);
    expect((await lastEntry('search.subject'))!.agencies).toEqual([council]);
  });

  it('offers what the officer’s own agency holds, and nothing else', async () => {
    expect(plain(await officer.open('/who-can-see'))).toContain('Child’s record: read');
    expect(plain(await elsewhere.open('/who-can-see'))).not.toContain('Child’s record: read');
    expect((await elsewhere.send(topic('child-record read emergency-care'))).status).toBe(422);
    expect((await officer.send(topic(''))).status).toBe(422);
  });

  it('says the other way round what a role may see', async () => {
    const given = await officer.open('/who-can-see?agency=RR7&role=emergency-department-doctor');
    expect(given.text).toMatch(/#clause-plan-flag-in-emergency-care"/);
    const nothing = await officer.open(`/who-can-see?agency=${council}&role=paramedic`);
    expect(plain(nothing)).toContain('No protocol in force gives this role in this agency anything.');
    expect((await officer.send('/who-can-see?agency=RR7')).status).toBe(422);
  });
});
