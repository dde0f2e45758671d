/** The numbers that name a data subject. */
import { describe, expect, it } from '@jest/globals';
import { identifierProblem, readIdentifier } from '../../../../policy/decisions/consent/identifiers.ts';
import { createPseudonym } from '../../../../policy/decisions/involvement/pseudonym.ts';

describe('an NHS number', () => {
  it.each(['9434765919', '943 476 5919', '943-476-5919', '9990001243', '\uff19434765919'])(
    '%s is in order',
    (typed) => {
      expect(readIdentifier('nhs-number', typed, 'RTD')).toMatchObject({
        system: 'https://fhir.nhs.uk/Id/nhs-number',
      });
    },
  );

  it.each(['9434765918', '943476591', '94347659191', 'ABCDEFGHIJ', '', '9990001240'])('%s is not', (typed) => {
    expect(readIdentifier('nhs-number', typed, 'RTD')).toHaveProperty('problem');
  });
});

describe('a unique pupil number', () => {
  // The second is a temporary number, which ends in a letter.
  it.each([`${letterFor('123456789012')}123456789012`, `${letterFor('80120010500A')}80120010500A`])(
    '%s is in order',
    (typed) => {
      expect(readIdentifier('upn', typed.toLowerCase(), 'RTD')).toMatchObject({ value: typed });
    },
  );

  it.each(['I123456789012', 'A12345678901', 'A1234567890123', ''])('%s is not', (typed) => {
    expect(readIdentifier('upn', typed, 'RTD')).toHaveProperty('problem');
  });

  it('is not with any other letter', () => {
    const right = letterFor('820432108001');
    const others = Array.from('ABCDEFGHJKLMNPQRTUVWXYZ').filter((letter) => letter !== right);
    const wrong = others.filter((letter) => !('problem' in readIdentifier('upn', `${letter}820432108001`, 'RTD')));
    expect(wrong).toEqual([]);
  });
});

describe('an agency’s own number', () => {
  it('names somebody else in another agency', () => {
    const pseudonym = createPseudonym(Buffer.alloc(32, 7));
    const [here, there] = ['RTD', 'E08000021'].map((agency) => readIdentifier('own-number', 'c-17/4', agency));
    expect(here).toEqual({ system: 'urn:wayleave:agency:rtd', value: 'C17/4' });
    expect(pseudonym(here as never)).not.toBe(pseudonym(there as never));
  });

  it.each(['', 'x', 'Maisie Robson <b>', 'a'.repeat(41)])('%s is not one', (typed) => {
    expect(readIdentifier('own-number', typed, 'RTD')).toHaveProperty('problem');
  });
});

it('a number of a scheme that is not known here is taken as it is', () => {
  expect(identifierProblem({ system: 'urn:elsewhere', value: '1' })).toBeUndefined();
});

/** The check letter as the Department for Education describes it: the weights 2 to 13, modulo 23. */
function letterFor(rest: string): string {
  const letters = 'ABCDEFGHJKLMNPQRTUVWXYZ';
  const values = Array.from(rest).map((one) => (/\d/.test(one) ? Number(one) : letters.indexOf(one)));
  return letters[values.reduce((sum, value, index) => sum + value * (index + 2), 0) % 23]!;
}
