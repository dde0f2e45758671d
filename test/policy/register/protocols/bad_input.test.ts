/** What somebody might type, paste or send: each refused in words, at the place where it stands. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '../../../../platform/json.ts';
import type { PolicyError } from '../../../../policy/errors.ts';
import { readAccession } from '../../../../policy/register/protocols/accession.ts';
import { checkProtocol } from '../../../../policy/register/protocols/check.ts';
import { protocolBytes, readProtocol } from '../../../../policy/register/protocols/read.ts';
import { termsOf } from '../../../../policy/register/chain/terms.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { aJoiningAgency, anAccession } from '../../../support/policy/accession.ts';
import { effortOf } from '../../../support/platform/effort.ts';
import {
  aClause,
  anExample,
  anOperationalProtocol,
  aParty,
  aFramework,
  type ProtocolInput,
} from '../../../support/policy/documents.ts';
import { aFederation } from '../../../support/policy/federation.ts';

type Tree = { [key: string]: unknown };

const framework = aFramework({ host: 'E08000037' });
const hash = (document: ProtocolInput): string => hashOf(protocolBytes(document));
let state: RegisterState;
beforeAll(async () => {
  const federation = await aFederation();
  await federation.signByAll(framework);
  await federation.signByAll(anOperationalProtocol(framework, { id: 'another' }));
  state = await federation.state();
});

const operational = (changes: Partial<ProtocolInput> = {}): ProtocolInput => anOperationalProtocol(framework, changes);

/** Places and words of everything that is wrong with a document, whatever it is. */
function complaints(document: unknown): { pointer: string; message: string }[] {
  try {
    return checkProtocol(readProtocol(canonicalBytes(document as never)).document, termsOf(state));
  } catch (error) {
    return [...(error as PolicyError).issues];
  }
}

/** The document with one value changed, at a place that may not exist yet. */
function at(pointer: string, value: unknown, document: ProtocolInput = operational({ parties: parties() })): Tree {
  const copy = structuredClone(document) as Tree;
  const path = pointer.slice(1).split('/');
  const last = path.pop() ?? '';
  const parent = path.reduce((tree, step) => tree[step] as Tree, copy);
  Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

const parties = () =>
  ['E08000037', 'RTD', 'E23000007'].map((code, index) =>
    aParty({
      code,
      name: code,
      kind: ['council', 'health', 'police'][index] ?? '',
      signsAs: (['director', 'caldicott-guardian', 'siro'] as const)[index] ?? 'director',
    }),
  );

it('what is right is right', () => {
  expect(complaints(operational())).toEqual([]);
});

describe('tiers that go round in circles are refused:', () => {
  const named = (document: ProtocolInput) => ({ id: document.id, hash: hash(document) });
  const cases: [string, string, RegExp, () => ProtocolInput][] = [
    [
      'a framework that names itself',
      '/framework',
      /stands under no other/,
      () => aFramework({ id: 'second', framework: named(aFramework({ id: 'second' })) }),
    ],
    [
      'a framework under a framework',
      '/framework',
      /stands under no other/,
      () => aFramework({ id: 'second', framework: named(framework) }),
    ],
    [
      'a protocol under itself',
      '/framework/id',
      /does not stand under itself/,
      () => operational({ id: 'own', framework: { id: 'own', hash: hash(framework) } }),
    ],
    [
      'a protocol under one that is no framework',
      '/framework/hash',
      /is not the framework another/,
      () => operational({ framework: named(anOperationalProtocol(framework, { id: 'another' })) }),
    ],
    [
      'a protocol under a framework that nobody signed',
      '/framework/hash',
      /No signed text/,
      () => operational({ framework: named(aFramework({ id: 'unsigned' })) }),
    ],
    [
      'a framework that becomes operational',
      '/tier',
      /tier cannot change/,
      () => ({
        ...operational({ id: framework.id, version: 2 }),
        supersedes: hash(framework),
        framework: { id: 'other', hash: hash(framework) },
      }),
    ],
    [
      'an operational protocol with a host',
      '/host',
      /Only a framework has a host/,
      () => operational({ host: 'E08000037' }),
    ],
  ];
  it.each(cases)('%s', (_, pointer, words, document) => {
    const found = complaints(document());
    expect(found.map((one) => one.pointer)).toContain(pointer);
    expect(found.find((one) => one.pointer === pointer)?.message).toMatch(words);
  });
});

describe('what stands twice is refused:', () => {
  const purpose = operational().purposes[0]!;
  const recipient = { role: 'health-visitor', kind: 'health' };
  const example = anExample();
  it.each<[string, string, () => unknown]>([
    ['a party', '/parties/3', () => [...parties(), parties()[0]!]],
    ['a purpose', '/purposes/1', () => [purpose, purpose]],
    ['a clause', '/clauses/1', () => [aClause(), aClause()]],
    ['an example', '/examples/1', () => [example, example]],
    ['a field of a clause', '/clauses/0/fields/1', () => ['name', 'name']],
    ['an action of a clause', '/clauses/0/actions/1', () => ['read', 'read']],
    ['a holder of a clause', '/clauses/0/holders/1', () => ['E08000037', 'E08000037']],
    ['a purpose of a clause', '/clauses/0/purposes/1', () => ['safeguarding', 'safeguarding']],
    ['a recipient of a clause', '/clauses/0/recipients/1', () => [recipient, recipient]],
  ])('%s', (_, pointer, value) => {
    const place = pointer.slice(0, pointer.lastIndexOf('/'));
    const found = complaints(at(place, value()));
    expect(found).toEqual([{ pointer, message: expect.stringMatching(/stands here twice/) }]);
  });
});

describe('what the definitions do not know is refused:', () => {
  it.each<[string, string, unknown]>([
    ['a field that the asset lacks', '/clauses/0/fields/0', 'shoe_size'],
    ['an action that the asset lacks', '/clauses/0/actions/0', 'erase'],
    ['an operator that nobody knows', '/clauses/0/conditions/0/operator', '$regex'],
    ['an effect that nobody knows', '/clauses/0/effect', 'allow'],
    ['a time counted from now on an attribute that is no time', '/clauses/0/conditions/0/value', { now: -60 }],
    ['a last day before the first', '/valid/until', '2026-01-31'],
    ['a day that does not exist', '/valid/until', '2027-02-30'],
    ['a time where a day belongs', '/valid/from', '2026-02-01T00:00:00Z'],
  ])('%s', (_, pointer, value) => {
    const base = operational({
      parties: parties(),
      clauses: [aClause({ conditions: [{ attribute: 'risk', operator: 'lt', value: 18 }] })],
    });
    expect(complaints(at(pointer, value, base)).map((one) => one.pointer)).toContain(pointer);
  });

  it('a time counted from now with an operator that does not order', () => {
    const eq = aClause({ conditions: [{ attribute: 'opened', operator: 'eq', value: { now: 0 } }] });
    expect(complaints(operational({ clauses: [eq] }))).toEqual([
      { pointer: '/clauses/0/conditions/0/operator', message: expect.stringMatching(/cannot be compared with eq/) },
    ]);
    const lt = aClause({ conditions: [{ attribute: 'opened', operator: 'lt', value: { now: -86_400 } }] });
    expect(complaints(operational({ clauses: [lt] }))).toEqual([]);
  });

  it('a field in an example that the asset lacks', () => {
    const example = anExample({ expect: { decision: true, reason: 'permitted', fields: ['shoe_size'] } });
    expect(complaints(operational({ examples: [example] })).map((one) => one.pointer)).toEqual([
      '/examples/0/expect/fields/0',
    ]);
  });
});

describe('a code that only looks like one is refused where it stands:', () => {
  const places: [string, string][] = [
    ['id', '/id'],
    ['framework', '/framework/id'],
    ['hash', '/framework/hash'],
    ['agency', '/parties/0/agency'],
    ['kind', '/parties/0/kind'],
    ['purpose', '/purposes/0/code'],
    ['clause', '/clauses/0/id'],
    ['action', '/clauses/0/actions/0'],
    ['asset', '/clauses/0/asset'],
    ['field', '/clauses/0/fields/0'],
    ['holder', '/clauses/0/holders/0'],
    ['stated purpose', '/clauses/0/purposes/0'],
    ['register', '/clauses/0/registrations/0'],
  ];
  const written: [string, (code: string) => string][] = [
    ['a Cyrillic letter', (code) => code.replace(/^./, 'а')],
    ['a full-width digit', (code) => `${code}１`],
    ['a zero-width joiner', (code) => `${code.slice(0, 2)}\u200D${code.slice(2)}`],
    ['a combining accent', (code) => `${code}\u0301`],
    ['a composed accent', (code) => `${code}é`],
    ['a line end', (code) => `${code}\n`],
    ['a soft hyphen', (code) => `${code.slice(0, 2)}\u00AD${code.slice(2)}`],
    ['a Kelvin sign', (code) => `${code}\u212A`],
  ];
  const cases = places.flatMap(([what, pointer]) =>
    written.map(([how, change]): [string, string, string, (code: string) => string] => [what, how, pointer, change]),
  );

  it.each(cases)('%s with %s', (_what, _how, pointer, change) => {
    const base = operational({ parties: parties(), clauses: [aClause({ registrations: ['NMC'] })] });
    const steps = pointer.slice(1).split('/');
    const code = steps.reduce<unknown>((tree, step) => (tree as Tree)[step], base) as string;
    expect(complaints(at(pointer, change(code), base)).map((one) => one.pointer)).toContain(pointer);
  });

  it.each<[string, string, (text: string) => unknown]>([
    ['role', '/clauses/0/recipients/0', (role) => ({ role, kind: 'health' })],
    ['kind of recipient', '/clauses/0/recipients/0', (kind) => ({ role: 'health-visitor', kind })],
    ['agency of recipient', '/clauses/0/recipients/0', (agency) => ({ role: 'health-visitor', agency })],
  ])('%s', (_, pointer, make) => {
    for (const [, change] of written) {
      expect(
        complaints(at(pointer, make(change('health'))))
          .map((one) => one.pointer)
          .join(),
      ).toContain(pointer);
    }
  });

  it.each([
    ['a pinned asset', '/pins/assets', 'child-reсord'],
    ['a pinned role', '/pins/roles', 'heаlth-visitor'],
    ['a property of an obligation', '/clauses/0/obligations/0/properties', 'whо'],
  ])('%s', (_, pointer, key) => {
    const obligation = { id: 'tell', type: 'custom' as const, text: 'Tell.', properties: {} };
    const base = operational({ parties: parties(), clauses: [aClause({ obligations: [obligation] })] });
    expect(
      complaints(at(`${pointer}/${key}`, hash(framework), base))
        .map((one) => one.pointer)
        .join(),
    ).toContain(pointer);
  });
});

describe('a text that reads otherwise than it is written is refused where it stands:', () => {
  it.each([
    ['an accent that stands apart from its letter', 'Zo\u0065\u0308', /stand apart/],
    ['a zero-width space', 'Share\u200Bnothing', /cannot be seen/],
    ['text turned round', 'Share \u202Egnihton\u202C', /cannot be seen/],
    ['a tag character', 'Share\u{E0041}', /cannot be seen/],
    ['a null character', 'Share\u0000', /cannot be seen/],
    ['a byte order mark', '\uFEFFShare', /cannot be seen/],
  ])('%s', (_, text, words) => {
    for (const pointer of [
      '/title',
      '/clauses/0/text',
      '/parties/0/name',
      '/parties/0/lawful_basis/confidence_basis',
    ]) {
      expect(complaints(at(pointer, text))).toContainEqual({ pointer, message: expect.stringMatching(words) });
    }
  });

  it('but what people write is not: accents, Welsh, lines, quotes', () => {
    for (const text of ['Zoë', 'Tŷ Hafan', 'One\nTwo\r\n\tThree', '“Ask”, she said – ‘now’…', '電話']) {
      expect(complaints(at('/summary', text))).toEqual([]);
    }
  });
});

describe('keys that programs trip over are refused where they stand:', () => {
  it.each(['/__proto__', '/valid/__proto__', '/pins/assets/__proto__', '/clauses/0/__proto__'])('%s', (pointer) => {
    expect(complaints(at(pointer, { polluted: true })).map((one) => one.pointer)).toContain(pointer);
    expect(({} as Tree).polluted).toBeUndefined();
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    '%s as a code is only a code that nobody published',
    (code) => {
      const pointer = '/clauses/0/asset';
      expect(complaints(at(pointer, code)).map((one) => one.pointer)).toContain(pointer);
      const pinned = at(`/pins/assets/${code}`, hash(framework));
      expect(
        complaints(pinned)
          .map((one) => one.pointer)
          .join(),
      ).toContain('/pins/assets');
    },
  );
});

describe('size', () => {
  it('of 5 MB is refused in words, quickly', async () => {
    const clauses = Array.from({ length: 1_200 }, (_, index) => aClause({ id: `c${index}`, text: 'x'.repeat(4_000) }));
    const bytes = protocolBytes(operational({ clauses }));
    expect(bytes.length).toBeGreaterThan(5_000_000);
    const effort = await effortOf(() =>
      expect(() => readProtocol(bytes)).toThrow(/5\.\d MB long; it may be 1 MB at most/),
    );
    expect(effort).toBeLessThan(1_000);
  });

  it('is counted in bytes, and lists have an end', () => {
    expect(complaints(operational({ summary: '電'.repeat(4_000) }))).toEqual([]);
    const many = Array.from({ length: 501 }, (_, index) => aClause({ id: `c${index}` }));
    expect(complaints(operational({ clauses: many }))).toContainEqual({
      pointer: '/clauses',
      message: expect.any(String),
    });
    expect(complaints(operational({ summary: 'x'.repeat(4_001) })).map((one) => one.pointer)).toEqual(['/summary']);
  });
});

it('an accession is read as strictly', () => {
  const accession = anAccession(framework, aJoiningAgency());
  expect(readAccession(canonicalBytes(accession))).toEqual(accession);
  const places = (value: unknown): string[] => {
    try {
      readAccession(canonicalBytes(value as never));
      return [];
    } catch (error) {
      return (error as PolicyError).issues.map(({ pointer }) => pointer);
    }
  };
  expect(places({ ...accession, party: { ...accession.party, agency: 'RR７' } })).toEqual(['/party/agency']);
  expect(places({ ...accession, party: { ...accession.party, name: 'Zoe\u0308' } })).toEqual(['/party/name']);
  expect(places({ ...accession, extra: 1 })).toEqual(['']);
  expect(places({ ...accession, type: 'wayleave-protocol' })).toEqual(['/type']);
});
