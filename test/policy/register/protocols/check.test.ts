import { beforeAll, describe, expect, it } from '@jest/globals';
import type { InputIssue } from '../../../../platform/errors.ts';
import { canonicalBytes } from '../../../../platform/json.ts';
import { checkProtocol } from '../../../../policy/register/protocols/check.ts';
import { protocolBytes, protocolSchema, readProtocol } from '../../../../policy/register/protocols/read.ts';
import { termsOf } from '../../../../policy/register/chain/terms.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import {
  aClause,
  anOperationalProtocol,
  aParty,
  aFramework,
  type ProtocolInput,
} from '../../../support/policy/documents.ts';
import { aFederation, testAgencies } from '../../../support/policy/federation.ts';

let state: RegisterState;
let framework: ProtocolInput;
beforeAll(async () => {
  const federation = await aFederation();
  framework = aFramework();
  await federation.signByAll(framework);
  state = await federation.state();
});

const { council, health, police } = testAgencies();

function check(document: ProtocolInput): InputIssue[] {
  return checkProtocol(readProtocol(protocolBytes(document)).document, termsOf(state));
}

const operational = (changes: Partial<ProtocolInput>): ProtocolInput => anOperationalProtocol(framework, changes);
const withClause = (changes: Parameters<typeof aClause>[0]): ProtocolInput =>
  operational({ clauses: [aClause(changes)] });
const withCondition = (
  attribute: string,
  operator: 'eq' | 'in' | 'lt',
  value: string | number | boolean | string[],
): ProtocolInput => withClause({ conditions: [{ attribute, operator, value }] });

describe('a protocol that makes sense', () => {
  it('gives no complaint', () => {
    expect(check(operational({}))).toEqual([]);
    expect(check(withCondition('risk', 'lt', 18))).toEqual([]);
    expect(check(withCondition('category', 'in', ['plan', 'need']))).toEqual([]);
    expect(check(withCondition('opened', 'lt', 1_780_000_000))).toEqual([]);
  });
});

describe('a protocol is refused, and the place is named:', () => {
  const parties = [aParty(council), aParty(health), aParty(police)];
  const cases: [string, string, () => ProtocolInput][] = [
    ['of another federation', '/federation', () => operational({ federation: 'elsewhere' })],
    [
      'that ends before it begins',
      '/valid/until',
      () => operational({ valid: { from: '2026-05-01', until: '2026-04-30' }, review: '2026-05-01' }),
    ],
    ['reviewed after its end', '/review', () => operational({ review: '2029-01-01' })],
    [
      'whose impact assessment is still to be completed',
      '/dpia/completed',
      () => operational({ dpia: { reference: 'D', completed: '2026-03-01', summary: 'S' } }),
    ],
    [
      'with a party that does not belong to the federation',
      '/parties/2/agency',
      () => operational({ parties: [...parties.slice(0, 2), aParty({ ...police, code: 'E23000013' })] }),
    ],
    ['with a party twice', '/parties/3', () => operational({ parties: [...parties, aParty(police)] })],
    [
      'with a party of another kind',
      '/parties/0/kind',
      () => operational({ parties: [aParty(council, { kind: 'police' }), ...parties.slice(1)] }),
    ],
    [
      'with a regime that lacks its particulars',
      '/parties/2/part_3',
      () => operational({ parties: [...parties.slice(0, 2), aParty(police, { regime: 'dpa-part-3' })] }),
    ],
    [
      'that is operational and names no framework',
      '/framework',
      () => aFramework({ id: 'loose', tier: 'operational', clauses: [aClause()] }),
    ],
    [
      'under a framework that nobody signed',
      '/framework/hash',
      () => operational({ framework: { id: 'regional-framework', hash: 'A'.repeat(43) } }),
    ],
    [
      'under a framework of another name',
      '/framework/hash',
      () => operational({ framework: { ...operational({}).framework!, id: 'other' } }),
    ],
    ['without a clause', '/clauses', () => operational({ clauses: [] })],
    ['with a host that is not a party', '/host', () => aFramework({ id: 'second', host: 'E06000001' })],
    [
      'that supersedes what nobody signed',
      '/supersedes',
      () => operational({ version: 2, supersedes: 'A'.repeat(43) }),
    ],
    ['that does not name the version before', '/supersedes', () => aFramework({ version: 2 })],
    ['with a clause id twice', '/clauses/1', () => operational({ clauses: [aClause(), aClause()] })],
    ['about an asset that is not published', '/clauses/0/asset', () => withClause({ asset: 'diary' })],
    ['about a field that the asset lacks', '/clauses/0/fields/1', () => withClause({ fields: ['name', 'shoe_size'] })],
    ['about a field twice', '/clauses/0/fields/1', () => withClause({ fields: ['name', 'name'] })],
    ['for an action that the asset does not know', '/clauses/0/actions/0', () => withClause({ actions: ['erase'] })],
    ['for a purpose that is not stated', '/clauses/0/purposes/0', () => withClause({ purposes: ['curiosity'] })],
    [
      'about records of an agency that is not a party',
      '/clauses/0/holders/0',
      () => withClause({ holders: ['E06000001'] }),
    ],
    [
      'for a role that is not published',
      '/clauses/0/recipients/0/role',
      () => withClause({ recipients: [{ role: 'astrologer', kind: 'health' }] }),
    ],
    [
      'for a role in an agency that is not a party',
      '/clauses/0/recipients/0/agency',
      () => withClause({ recipients: [{ role: 'social-worker', agency: 'E06000001' }] }),
    ],
    [
      'for a role that no agency of the kind has',
      '/clauses/0/recipients/0/kind',
      () => withClause({ recipients: [{ role: 'social-worker', kind: 'police' }] }),
    ],
    [
      'for a kind of which no party is',
      '/clauses/0/recipients/0/kind',
      () => operational({ parties: [aParty(council), aParty(police)], clauses: [aClause()] }),
    ],
    [
      'with a condition on an attribute that the asset lacks',
      '/clauses/0/conditions/0/attribute',
      () => withCondition('colour', 'eq', 'red'),
    ],
    [
      'with a condition that compares a text with a number',
      '/clauses/0/conditions/0/value',
      () => withCondition('category', 'eq', 5),
    ],
    [
      'with a condition that compares a number with a text',
      '/clauses/0/conditions/0/value',
      () => withCondition('risk', 'lt', '18'),
    ],
    [
      'with a condition that orders texts',
      '/clauses/0/conditions/0/operator',
      () => withCondition('category', 'lt', 'b'),
    ],
    [
      'with a condition that compares one value with a list',
      '/clauses/0/conditions/0/value',
      () => withCondition('category', 'eq', ['a']),
    ],
    [
      'with a condition that looks for a value in a value',
      '/clauses/0/conditions/0/value',
      () => withCondition('category', 'in', 'a'),
    ],
    [
      'with a time that is not in whole seconds',
      '/clauses/0/conditions/0/value',
      () => withCondition('opened', 'lt', 1.5),
    ],
    [
      'with a prohibition that can be overridden',
      '/clauses/0/override',
      () =>
        withClause({
          effect: 'prohibit',
          override: { roles: ['health-visitor'], grounds: ['vital-interests'], fields: ['name'], minutes: 60 },
        }),
    ],
    [
      'with an override for a role that receives nothing',
      '/clauses/0/override/roles/0',
      () =>
        withClause({
          override: { roles: ['police-officer'], grounds: ['vital-interests'], fields: ['name'], minutes: 60 },
        }),
    ],
    [
      'with an override of a field that the asset lacks',
      '/clauses/0/override/fields/0',
      () =>
        withClause({
          override: { roles: ['health-visitor'], grounds: ['vital-interests'], fields: ['shoe_size'], minutes: 60 },
        }),
    ],
    [
      'that pins a definition as it is not',
      '/pins/assets/child-record',
      () => operational({ pins: { ...framework.pins, assets: { 'child-record': 'A'.repeat(43) } } }),
    ],
    [
      'that pins a definition that is not published',
      '/pins/roles/astrologer',
      () =>
        operational({ pins: { ...framework.pins, roles: { ...framework.pins.roles, astrologer: 'A'.repeat(43) } } }),
    ],
    [
      'that does not pin a role',
      '/clauses/0/recipients/0/role',
      () => operational({ pins: { ...framework.pins, roles: {} } }),
    ],
    ['that does not pin an asset', '/clauses/0/asset', () => operational({ pins: { ...framework.pins, assets: {} } })],
    [
      'with an example about a holder that is not a party',
      '/examples/0/holder',
      () =>
        operational({
          examples: [
            {
              name: 'n',
              role: 'health-visitor',
              agency: 'RTD',
              action: 'read',
              asset: 'child-record',
              holder: 'E06000001',
              purpose: 'safeguarding',
              facts: {},
              expect: { decision: true, reason: 'permitted', fields: [] },
            },
          ],
        }),
    ],
  ];

  it.each(cases)('%s (%s)', (_, pointer, document) => {
    expect(check(document()).map((issue) => issue.pointer)).toContain(pointer);
  });
});

describe('reading a protocol', () => {
  const broken = (change: (text: string) => string | Uint8Array): unknown => {
    const changed = change(Buffer.from(protocolBytes(framework)).toString());
    try {
      return readProtocol(typeof changed === 'string' ? Buffer.from(changed) : changed);
    } catch (error) {
      return error;
    }
  };

  it.each([
    ['a key twice', 'duplicate-key', (text: string) => text.replace('"version":1', '"version":1,"version":2')],
    ['white space', 'not-canonical', (text: string) => `${text}\n`],
    [
      'keys in another order',
      'not-canonical',
      (text: string) => text.replace('"version":1', '').replace(/,,|,}/, '}').replace('{', '{"version":1,'),
    ],
    ['a number written otherwise', 'not-canonical', (text: string) => text.replace('"version":1', '"version":1.0')],
    ['broken UTF-8', 'malformed-json', (text: string) => Buffer.concat([Buffer.from(text), Buffer.from([0xff])])],
    ['no JSON', 'malformed-json', () => 'protocol'],
    [
      'a member that the schema does not know',
      'protocol-malformed',
      (text: string) => canonicalBytes({ ...JSON.parse(text), extra: 1 }),
    ],
    [
      'an id that is no code',
      'protocol-malformed',
      (text: string) => canonicalBytes({ ...JSON.parse(text), id: '__proto__' }),
    ],
  ])('refuses %s', (_, code, change) => {
    expect(broken(change)).toMatchObject({ code });
  });

  it('publishes a JSON Schema with every required member', () => {
    expect(protocolSchema()).toMatchObject({ type: 'object', additionalProperties: false });
    expect((protocolSchema() as { required: string[] }).required).toEqual(
      expect.arrayContaining(['parties', 'clauses', 'pins', 'dpia']),
    );
  });
});
