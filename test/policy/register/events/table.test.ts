import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { federationName } from '../../../support/policy/documents.ts';
import { admissionOf, testAgencies, testNow } from '../../../support/policy/federation.ts';
import { eventKinds, kindOf, RegisterEvent } from '../../../../policy/register/events/table.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';

const folder = 'policy/register/events';
const event = {
  federation: federationName,
  sequence: 1,
  previous: hashOf(Buffer.from('nothing')),
  time: testNow,
  type: 'agency-admitted',
  data: admissionOf(testAgencies().council),
};

describe('the kinds of register event', () => {
  it('are these, each once', () => {
    expect(eventKinds.map(({ type }) => type)).toEqual([
      'agency-admitted',
      'agency-ended',
      'key-added',
      'key-revoked',
      'officer-appointed',
      'officer-ended',
      'definition-published',
      'protocol-signed',
      'protocol-acceded',
      'protocol-suspended',
      'protocol-withdrawn',
    ]);
  });

  it('have a file each, and every file of a kind stands in the table', () => {
    const files = readdirSync(folder).filter((file) =>
      /^export const \w+ = define(Document)?Event\(/m.test(readFileSync(`${folder}/${file}`, 'utf8')),
    );
    expect(files.toSorted()).toEqual(eventKinds.map(({ type }) => `${type.replaceAll('-', '_')}.ts`).toSorted());
  });

  it('are signed by those alone whom each names, and never by an officer and others alike', () => {
    expect(Object.fromEntries(eventKinds.map(({ type, signed }) => [type, signed]))).toEqual({
      'agency-admitted': { as: 'wayleave-event+jws', by: ['root'] },
      'agency-ended': { as: 'wayleave-event+jws', by: ['root'] },
      'key-added': { as: 'wayleave-event+jws', by: ['root', 'administration'] },
      'key-revoked': { as: 'wayleave-event+jws', by: ['root', 'administration'], removes: true },
      'officer-appointed': { as: 'wayleave-event+jws', by: ['root', 'administration'] },
      'officer-ended': { as: 'wayleave-event+jws', by: ['root', 'administration'], removes: true },
      'definition-published': { as: 'wayleave-event+jws', by: ['root'] },
      'protocol-signed': undefined,
      'protocol-acceded': undefined,
      'protocol-suspended': { as: 'wayleave-suspension+jws', by: ['officer'], removes: true },
      'protocol-withdrawn': { as: 'wayleave-withdrawal+jws', by: ['officer'], removes: true },
    });
  });
});

describe('an event of the register', () => {
  it('is of one of these kinds, with its parts, and nothing beside', () => {
    expect(RegisterEvent.safeParse(event).success).toBe(true);
    expect(RegisterEvent.safeParse({ ...event, note: '' }).success).toBe(false);
    expect(RegisterEvent.safeParse({ ...event, data: { ...event.data, note: '' } }).success).toBe(false);
  });

  it.each(['everything-permitted', 'Agency-admitted', 'agency-admitted ', '', '__proto__', 'constructor', 'toString'])(
    'an event of type %j is refused',
    (type) => {
      expect(RegisterEvent.safeParse({ ...event, type }).success).toBe(false);
      expect(() => kindOf({ ...event, type } as never)).toThrow('no such kind');
    },
  );

  it.each([undefined, null, 1, ['agency-admitted'], { type: 'agency-admitted' }])('type %j is refused', (type) => {
    expect(RegisterEvent.safeParse({ ...event, type }).success).toBe(false);
  });
});
