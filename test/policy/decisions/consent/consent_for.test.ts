import { describe, expect, it } from '@jest/globals';
import { type Consent, consentFor } from '../../../../policy/decisions/consent/consent.ts';
import { aClause } from '../../../support/policy/documents.ts';
import { gateshead, hospitals, newcastle } from '../../../support/directory/directory.ts';
import { noon } from '../../../support/policy/decisions.ts';

const clause = aClause({ consent: { rule: 'required', as: 'confidence' } });
const scope = { protocol: 'safeguarding-children', parties: [{ agency: gateshead }], clause, purpose: 'safeguarding' };
const word = (changes: Partial<Consent>): Consent => ({
  agency: gateshead,
  protocol: 'safeguarding-children',
  basis: 'confidence',
  state: 'given',
  recordedAt: noon - 100,
  ...changes,
});

describe('what an agency wrote down that is no party any more', () => {
  it('gives nothing', () => {
    expect(consentFor(scope, [word({ agency: hospitals })], noon)).toEqual({ state: 'needed' });
  });

  it('still refuses, so that nobody’s no is lost because an agency left', () => {
    for (const state of ['refused', 'withdrawn'] as const) {
      const words = [word({}), word({ agency: newcastle, state, recordedAt: noon - 50 })];
      expect(consentFor(scope, words, noon)).toEqual({ state: 'refused' });
    }
  });
});
