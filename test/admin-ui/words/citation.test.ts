/** Clauses are named in one form: their words, and beside them their id. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { citeInLine } from '../../../admin-ui/words/citation.ts';
import { type RunningApplication, startApplication } from '../../support/application/application.ts';
import { unescape } from '../../support/platform/forms.ts';
import type { Browser } from '../../support/idp/idp.ts';
import { openSession } from '../../support/journeys/journey.ts';
import { protocolNamed, stateOf } from '../../support/policy/publish.ts';

describe('in one line', () => {
  it('short words stand whole, long ones end with a whole word', () => {
    expect(citeInLine({ text: 'A teacher may read it.', title: 'clause a' })).toBe(
      '“A teacher may read it.” (clause a)',
    );
    const text =
      'A discharge coordinator of the hospital may read whether a patient has a home, and who helps them there.';
    expect(citeInLine({ text, title: 'clause home' })).toBe(
      '“A discharge coordinator of the hospital may read whether a patient has\u00A0…” (clause home)',
    );
    expect(citeInLine({ text: 'x'.repeat(200), title: 'clause x' })).toBe(`“${'x'.repeat(70)}\u00A0…” (clause x)`);
  });

  it('a clause without words is named by its id alone', () => {
    expect(citeInLine({ text: '', title: 'clause 2' })).toBe('Clause 2');
  });
});

describe('on a page', () => {
  let service: RunningApplication;
  let siro: Browser;
  beforeAll(async () => {
    service = await startApplication();
    siro = await openSession(service, 'siro');
  });
  afterAll(() => service.close());

  it.each([
    ['the protocol', '/protocols/safeguarding-children/1', 'clause police'],
    ['the map of flows', '/flows', 'Safeguarding children in Gateshead and Newcastle, version 1, clause police'],
    [
      'the register of record types',
      '/assets',
      'Safeguarding children in Gateshead and Newcastle, version 1, clause police',
    ],
    [
      'what a role may see',
      '/who-can-see?agency=E23000007&role=police-officer',
      'Safeguarding children in Gateshead and Newcastle, version 1, clause police',
    ],
  ])('of %s its words come first and its id beside them', async (_, path, title) => {
    const { document } = protocolNamed(stateOf(service), 'safeguarding-children');
    const { text } = document.clauses.find(({ id }) => id === 'police')!;
    const page = await siro.send(path);
    expect(page.status).toBe(200);
    const words = unescape(page.text.replaceAll(/<[^>]+>/g, ' ')).replaceAll(/\s+/g, ' ');
    expect(words).toContain(`${text} ${title}`);
  });
});
