/** Who may open the pages of reviews, duties and one's own overrides, and what can be done wrong there. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '../../../platform/uuid.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { type Browser, createBrowser } from '../../support/idp/idp.ts';
import { asOwner, openSession, traveller } from '../../support/journeys/journey.ts';
import { askWith, stated, theReason, userToken } from '../../support/policy/override.ts';

let service: RunningApplication;
const visitors: Record<string, Browser> = {};
let review: string;

const people = {
  practitioner: 'health-visitor', // of Gateshead Health, who overrode
  colleague: 'emergency-doctor', // of Gateshead Health
  acting: 'caldicott-guardian', // officer of Gateshead Health
  officer: 'siro', // of Gateshead Council, which holds the record
  administrator: 'administrator', // of Gateshead Council, and no officer
  elsewhere: 'dpo', // officer and administrator of Northumbria Police
};

beforeAll(async () => {
  service = await startApplication();
  visitors.nobody = createBrowser(service.baseUrl);
  for (const [name, key] of Object.entries(people)) visitors[name] = await openSession(service, key);
  review = await override();
});
afterAll(() => service.close());

/** A review of its own each time: the same reason once more would be the same act. */
async function override(): Promise<string> {
  const token = await userToken(service, 'health-visitor');
  const reason = `${stated.reason} (${uuidv7()})`;
  return (await askWith(service, 'health-visitor', token, { ...stated, reason })).context.override!.review;
}

const statusOf = async (who: string, path: string): Promise<number> => (await visitors[who]!.send(path)).status;
const outcomeOf = async (id: string): Promise<unknown> =>
  (await asOwner(service.database, 'select outcome from override_review where id = $1', [id]))[0]?.outcome;

describe('the pages', () => {
  const reviewers = { practitioner: 403, acting: 200, officer: 200, administrator: 403, elsewhere: 200, nobody: 302 };
  it.each<[string, () => string, Record<string, number>]>([
    ['queue', () => '/reviews', reviewers],
    ['figures', () => '/reviews/statistics', reviewers],
    ['review', () => `/reviews/${review}`, { ...reviewers, acting: 404, elsewhere: 404 }],
    ['no review', () => `/reviews/${uuidv7()}`, { ...reviewers, acting: 404, officer: 404, elsewhere: 404 }],
    ['no id', () => '/reviews/%27%20or%201=1', { ...reviewers, acting: 404, officer: 404, elsewhere: 404 }],
    ['duties', () => '/duties', { ...reviewers, administrator: 200 }],
    [
      'own',
      () => '/my-overrides',
      { practitioner: 200, officer: 200, administrator: 200, elsewhere: 200, nobody: 302 },
    ],
  ])('%s opens for whom it is for', async (_name, path, expected) => {
    for (const [who, status] of Object.entries(expected)) {
      expect({ who, status: await statusOf(who, path()) }).toEqual({ who, status });
    }
  });

  it('show the reason to the reviewer and to the person, and to nobody else', async () => {
    const shown = async (who: string, path: string) =>
      (await visitors[who]!.send(path)).text.includes('has not been seen');
    expect(theReason).toContain('has not been seen');
    expect(await shown('officer', `/reviews/${review}`)).toBe(true);
    expect(await shown('practitioner', '/my-overrides')).toBe(true);
    for (const who of ['colleague', 'acting', 'elsewhere']) expect(await shown(who, '/my-overrides')).toBe(false);
  });

  it('show nobody’s queue but the own agency’s', async () => {
    for (const who of ['acting', 'elsewhere']) {
      expect((await visitors[who]!.send('/reviews')).text).not.toContain('GC-1003');
    }
    expect((await visitors.officer!.send('/reviews')).text).toContain('GC-1003');
  });

  it('are entered in the log when a review is opened', async () => {
    await visitors.officer!.send(`/reviews/${review}`);
    const rows = await asOwner(
      service.database,
      `select practitioner from log_content where event = 'log.read' and committed::json #>> '{content,review}' = $1`,
      [review],
    );
    expect(rows.map(({ practitioner }) => practitioner)).toContain(traveller(service, 'siro').id);
  });

  it('offer “Reviews” to officers alone', async () => {
    const offered = async (who: string) => (await visitors[who]!.send('/')).text.includes('href="/reviews"');
    expect([await offered('officer'), await offered('administrator'), await offered('practitioner')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('closing', () => {
  const form = { outcome: 'justified', note: 'She did what was right.' };

  it('needs the form’s own token, and a person who may', async () => {
    for (const who of ['officer', 'administrator', 'acting', 'elsewhere', 'practitioner']) {
      expect((await visitors[who]!.send(`/reviews/${review}`, form)).status).toBeGreaterThanOrEqual(400);
    }
    expect(await outcomeOf(review)).toBeNull();
  });

  it.each<[string, Record<string, string>, string]>([
    ['nothing', {}, 'Choose what you think of it'],
    ['no note', { outcome: 'justified' }, 'Say why, in a few words'],
    ['a note of spaces', { ...form, note: '            ' }, 'Say why, in a few words'],
    ['a note without end', { ...form, note: 'x'.repeat(2_001) }, 'Use at most 2,000 characters'],
    ['an outcome that there is not', { ...form, outcome: 'fine' }, 'Choose what you think of it'],
  ])('with %s says what to mend, and what was typed comes back', async (_what, fields, message) => {
    const officer = visitors.officer!;
    const answer = await officer.submit(await officer.open(`/reviews/${review}`), `/reviews/${review}`, fields);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    if (fields.note?.startsWith('x')) expect(answer.text).toContain(fields.note);
    expect(await outcomeOf(review)).toBeNull();
  });

  it('shows what somebody wrote as text, never as a page', async () => {
    const officer = visitors.officer!;
    const id = await override();
    const note = '<script>alert(1)</script> & "quoted"';
    await officer.submit(await officer.open(`/reviews/${id}`), `/reviews/${id}`, { outcome: 'not-justified', note });
    expect(await outcomeOf(id)).toBe('not-justified');
    const page = await visitors.practitioner!.open('/my-overrides');
    expect(page.text).toContain('&lt;script&gt;alert(1)');
    expect(page.text).not.toContain('<script>alert(1)');
  });

  it('keeps from the person what was written with a concern', async () => {
    const officer = visitors.officer!;
    const id = await override();
    const note = 'To be looked into by the safeguarding lead.';
    await officer.submit(await officer.open(`/reviews/${id}`), `/reviews/${id}`, { outcome: 'concern-raised', note });
    expect((await officer.open(`/reviews/${id}`)).text).toContain(note);
    const page = await visitors.practitioner!.open('/my-overrides');
    expect(page.text).toContain('Concern raised');
    expect(page.text).not.toContain(note);
  });

  it('is refused to the person who overrode, who is told who does it', async () => {
    const id = await override();
    const siro = traveller(service, 'siro').id;
    await asOwner(service.database, 'update override_review set practitioner = $1 where id = $2', [siro, id]);
    const officer = visitors.officer!;
    const page = await officer.open(`/reviews/${id}`);
    expect(page.text).toContain('This is your own override');
    expect(page.text).not.toContain('Close the review');
    // Sent all the same, with the token of another review's form.
    const other = await officer.open(`/reviews/${review}`);
    const csrf = /name="_csrf" value="([^"]+)"/.exec(other.text)?.[1] ?? '';
    expect(csrf).not.toBe('');
    const answer = await officer.open(`/reviews/${id}`, { ...form, _csrf: csrf });
    expect(answer.status).toBe(403);
    expect(await outcomeOf(id)).toBeNull();
  });
});
