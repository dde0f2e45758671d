/** What a random register and a random question are made of. Small worlds, so that what is asked and what is signed often meet. */
import fc from 'fast-check';
import { testNow } from '../../../support/policy/federation.ts';

export const agencies = ['council', 'health', 'police', 'second', 'school'] as const;
export type AgencyName = (typeof agencies)[number];
export const roles = ['social-worker', 'health-visitor', 'police-officer', 'housing-officer', 'teacher'] as const;
export const fields = ['name', 'address', 'school', 'health_summary', 'plan'] as const;
export const purposes = ['safeguarding', 'early-help'] as const;
const actions = ['read', 'update'] as const;
export const grounds = ['risk-of-significant-harm', 'vital-interests'] as const;
export const assetCodes = ['child-record', 'adult-record'] as const;

const some = <T>(values: readonly T[], min = 1) => fc.subarray([...values], { minLength: min });
const often = <T>(usual: T, ...rare: T[]) =>
  fc.oneof(
    { weight: 8 * rare.length, arbitrary: fc.constant(usual) },
    ...rare.map((one) => ({ weight: 1, arbitrary: fc.constant(one) })),
  );

const condition = fc.oneof(
  fc.record({ attribute: fc.constant('category'), operator: fc.constant('eq'), value: fc.constantFrom('a', 'b') }),
  fc.record({ attribute: fc.constant('category'), operator: fc.constant('in'), value: some(['a', 'b', 'c']) }),
  fc.record({
    attribute: fc.constant('risk'),
    operator: fc.constantFrom('lt', 'lte', 'gt', 'gte', 'eq'),
    value: fc.constantFrom(0, 5, 18),
  }),
  fc.record({ attribute: fc.constant('shielded'), operator: fc.constant('eq'), value: fc.boolean() }),
  fc.record({
    attribute: fc.constant('opened'),
    operator: fc.constantFrom('lt', 'lte', 'gt', 'gte'),
    value: fc.constantFrom<number | { now: number }>(testNow, { now: -86_400 }, { now: 0 }),
  }),
);

/** `agencies` of holders and recipients count only where they are parties. */
export const clausePlan = fc.record({
  effect: often<'permit' | 'prohibit'>('permit', 'prohibit'),
  actions: often<('read' | 'update')[]>(['read', 'update'], ['read'], ['update']),
  asset: often<(typeof assetCodes)[number]>('child-record', 'adult-record'),
  fields: some(fields),
  holders: some(agencies.slice(0, 4), 2),
  recipients: fc.array(fc.record({ role: fc.constantFrom(...roles), by: fc.constantFrom('agency', 'kind') }), {
    minLength: 3,
    maxLength: 7,
  }),
  purposes: some(purposes),
  conditions: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(condition, { minLength: 1, maxLength: 2 })),
  presence: fc.constantFrom<'required' | 'not-required'>('not-required', 'not-required', 'required'),
  consent: fc.constantFrom<object>(
    { rule: 'not-required' },
    { rule: 'not-required' },
    { rule: 'inform' },
    { rule: 'required', as: 'confidence' },
    { rule: 'required', as: 'lawful-basis' },
  ),
  involvement: fc.constantFrom<'required' | 'not-required'>('not-required', 'not-required', 'required'),
  registrations: often<string[]>([], ['SWE'], ['NMC', 'SWE']),
  identity_level: often(0, 1, 2),
  authentication_level: fc.constantFrom(1, 2, 3),
  obligations: often<string[]>([], ['notification'], ['custom', 'notification']),
  explain: fc.constantFrom('policy', 'facts'),
  open_to_accession: fc.boolean(),
  area: often<'own' | undefined>(undefined, 'own'),
  override: fc.option(
    fc.record({
      roles: some(roles, 3),
      grounds: some(grounds),
      fields: some(fields, 2),
      minutes: fc.constantFrom(5, 30),
    }),
    { nil: undefined },
  ),
});
export type ClausePlan = typeof clausePlan extends fc.Arbitrary<infer T> ? T : never;

/** How a signature comes about; all but the first must never count. */
export const badSignatures = [
  'missing',
  'forged',
  'wrong-typ',
  'wrong-capacity',
  'key-of-another-agency',
  'self-asserted',
  'too-old',
  'other-text',
  'administration-key',
] as const;
export type SignatureKind = 'good' | (typeof badSignatures)[number];
const signature = fc.oneof(
  { weight: 14, arbitrary: fc.constant<SignatureKind>('good') },
  { weight: 1, arbitrary: fc.constantFrom<SignatureKind>(...badSignatures) },
);

const agency = fc.constantFrom(...agencies);
const mischief = fc.oneof(
  fc.record({ deed: fc.constantFrom('suspend', 'withdraw', 'sign-again' as const), text: fc.nat(5), agency }),
  fc.record({ deed: fc.constantFrom('end-agency', 'end-officer', 'publish' as const), text: fc.nat(5), agency }),
  fc.record({ deed: fc.constantFrom('revoke-key', 'compromise' as const), text: fc.nat(30), agency }),
  /*ACC*/ fc.record({
    deed: fc.constant('accede' as const),
    text: fc.nat(5),
    agency,
    by: signature,
    countersigned: signature,
  }),
);
export type Mischief = typeof mischief extends fc.Arbitrary<infer T> ? T : never;

const textPlan = fc.record({
  id: fc.constantFrom('framework', ...Array<string>(5).fill('children'), ...Array<string>(4).fill('adults')),
  parties: some(agencies.slice(0, 4), 3),
  essential: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  clauses: fc.array(clausePlan, { minLength: 1, maxLength: 4 }),
  valid: often({ from: '2026-02-01', until: '2028-01-31' }, { from: '2026-07-01', until: '2026-12-31' }),
  signatures: fc.array(signature, { minLength: 5, maxLength: 5 }),
  after: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(mischief, { minLength: 1, maxLength: 2 })),
});
const frameworkPlan = fc.tuple(textPlan, fc.nat(7)).map(([text, how]) =>
  // Mostly a framework that everybody signed, or nothing beneath it would ever be in force.
  how === 0
    ? text
    : {
        ...text,
        parties: agencies.slice(0, 4),
        signatures: agencies.map(() => 'good' as const),
        after: [],
        valid: { from: '2026-02-01', until: '2029-01-31' },
      },
);
export type TextPlan = typeof textPlan extends fc.Arbitrary<infer T> ? T : never;

export const registerPlan = fc.record({
  framework: frameworkPlan,
  texts: fc.array(textPlan, { minLength: 2, maxLength: 5 }),
  /** Days from the moment at which everything was signed. */
  days: often(0, 45, 300, 700),
});
export type RegisterPlan = typeof registerPlan extends fc.Arbitrary<infer T> ? T : never;

/** Mostly a value of the right type near where conditions change; else one that must be taken for unknown. */
const attribute = (...values: unknown[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...values) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(undefined, null, Number.NaN, ['a'], [5], { $eq: 'a' }, '5', 'true', 1.5),
    },
  );
const attributes = fc.record(
  {
    category: attribute('a', 'b', 'c'),
    risk: attribute(0, 4, 5, 17, 18),
    shielded: attribute(true, false),
    opened: attribute(
      ...[0, -86_400].flatMap((from) => [-1, 0, 1].map((more) => testNow + from + more)),
      1_700_000_000,
    ),
    area: attribute('Tyneside', ' TYNESIDE ', 'Teesside'),
    other: attribute('a'),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const words = fc.record(
  {
    agency: fc.constantFrom(...agencies.slice(0, 4)),
    protocol: fc.constantFrom('children', 'children', 'adults'),
    basis: fc.constantFrom<'confidence' | 'lawful-basis'>('confidence', 'lawful-basis'),
    state: fc.constantFrom<'given' | 'refused' | 'withdrawn'>('given', 'given', 'given', 'refused', 'withdrawn'),
    recordedAt: fc.nat(5),
    saidAt: fc.constantFrom(undefined, 0, 1, 2, 3),
    givenBy: fc.constantFrom(undefined, 'self', 'self', 'parental-responsibility', 'deputy-or-attorney', 'advocate'),
    capacity: fc.constantFrom(undefined, 'has-capacity', 'competent-child', 'competent-child', 'lacks-capacity'),
    scope: fc.constantFrom('whole', 'whole', 'whole', 'c0', 'c1', 'safeguarding', 'early-help'),
    until: fc.constantFrom(undefined, undefined, -10, 10),
  },
  { noNullPrototype: true },
);

const works = [
  ['council', 'social-worker'],
  ['council', 'housing-officer'],
  ['second', 'social-worker'],
  ['health', 'health-visitor'],
  ['police', 'police-officer'],
  ['school', 'teacher'],
  ['school', 'social-worker'],
] as const;

export const questionPlan = fc.record({
  works: fc.constantFrom(...works),
  status: often<'active' | 'suspended' | 'left'>('active', 'suspended', 'left'),
  post: often<'active' | 'suspended' | 'ended' | 'future'>('active', 'suspended', 'ended', 'future'),
  second: often<boolean>(false, true),
  named: often<'none' | 'first' | 'unknown'>('none', 'first', 'unknown'),
  known: often(true, false),
  presence: fc.constantFrom(
    ...(['none', 'first', 'first', 'first', 'first', 'other-client', 'other-person', 'over'] as const),
  ),
  level: fc.constantFrom<1 | 2 | 3>(1, 2, 3),
  identity: fc.constantFrom<0 | 1 | 2 | 3>(0, 1, 2, 3, 3),
  registration: fc.constantFrom('none', 'SWE', 'SWE', 'NMC', 'format', 'lapsed', 'over'),
  action: often<(typeof actions)[number]>('read', 'update'),
  asset: often<string>('child-record', 'adult-record', 'unknown-record'),
  holder: fc.constantFrom(...agencies.slice(0, 4)),
  fields: fc.oneof(
    fc.constant(undefined),
    some(fields).map((all) => all.slice(0, 2)),
    some([...fields, 'no_such_field']),
  ),
  purpose: fc.constantFrom<string | undefined>(
    'safeguarding',
    'safeguarding',
    'safeguarding',
    'early-help',
    'early-help',
    'other',
    undefined,
  ),
  attributes,
  dataSubject: often(true, false),
  areas: fc.constantFrom<(string | undefined)[]>(
    [undefined, undefined],
    ['Tyneside', undefined],
    ['Wearside', 'tyneside'],
  ),
  override: fc.constantFrom('none', 'none', ...grounds, 'prevention-of-serious-crime', 'resume'),
  /** Seconds since the person signed in. */
  age: fc.constantFrom(10, 59, 60, 600),
  alone: often(true, false),
  understands: fc.constantFrom<string[]>(
    [],
    ['fields'],
    ['fields', 'notification'],
    ['fields', 'notification', 'custom'],
  ),
  plain: often(false, true),
  consents: fc.array(words, { maxLength: 5 }),
  involvements: fc.array(
    fc.record({
      agency,
      confirmed: often(true, false),
      post: fc.constantFrom(undefined, 'first', 'elsewhere'),
      from: fc.constantFrom(-100, 100),
      until: fc.constantFrom(undefined, -10, 10),
    }),
    { maxLength: 2 },
  ),
});
export type QuestionPlan = typeof questionPlan extends fc.Arbitrary<infer T> ? T : never;
