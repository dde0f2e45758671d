/** How a data subject is known. */
import { describe, expect, test } from '@jest/globals';
import { createPseudonym } from '../../../../policy/decisions/involvement/pseudonym.ts';

const nhs = 'https://fhir.nhs.uk/Id/nhs-number';
const pseudonym = createPseudonym(Buffer.alloc(32, 7));

describe('a pseudonym', () => {
  test('is the same however the number is written', () => {
    const plain = pseudonym({ system: nhs, value: '9434765919' });
    for (const value of ['943 476 5919', ' 943-476-5919 ', '９４３４７６５９１９']) {
      expect(pseudonym({ system: nhs, value })).toBe(plain);
    }
    expect(pseudonym({ system: nhs.toUpperCase(), value: '9434765919' })).toBe(plain);
    expect(plain).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('differs for another number, another scheme and another key', () => {
    const known = new Set([
      pseudonym({ system: nhs, value: '9434765919' }),
      pseudonym({ system: nhs, value: '9434765870' }),
      pseudonym({ system: 'urn:upn', value: '9434765919' }),
      createPseudonym(Buffer.alloc(32, 8))({ system: nhs, value: '9434765919' }),
    ]);
    expect(known.size).toBe(4);
  });
});
