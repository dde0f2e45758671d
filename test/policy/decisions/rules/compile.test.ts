/** What is compiled from a register state, and for whom. */
import { describe, expect, test } from '@jest/globals';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import { applicable } from '../../../../policy/decisions/rules/ability.ts';
import { compile, keepRules, targetKey } from '../../../../policy/decisions/rules/compile.ts';
import { aClause, anAsset, aParty, aProtocol } from '../../../support/policy/documents.ts';
import { aState, noon, type Standings } from '../../../support/policy/decisions.ts';
import { gateshead, hospitals, newcastle, northumbria } from '../../../support/directory/directory.ts';

const topic = targetKey('read', 'child-record', gateshead);

/** Ids of the clauses that a role is given under a state. */
function given(state: RegisterState, agency = hospitals, role = 'health-visitor', asset = 'child-record'): string[] {
  const question = {
    action: 'read',
    purpose: 'safeguarding',
    asset,
    holder: gateshead,
    record: {},
    now: noon,
    areas: [],
  };
  return applicable(compile(state).grants(agency, role).ability, question).permits.map(({ clause }) => clause.id);
}

describe('compiling', () => {
  test('takes only protocols that are in force', () => {
    const statuses: NonNullable<Standings['status']>[] = [
      'awaiting-signatures',
      'not-yet-valid',
      'expired',
      'suspended',
      'superseded',
      'withdrawn',
      'framework-not-in-force',
      'text-damaged',
    ];
    for (const status of statuses) expect(given(aState([{ protocol: aProtocol(), status }]))).toEqual([]);
    expect(given(aState([{ protocol: aProtocol(), status: 'in-force' }]))).toEqual(['c1']);
  });

  test('keeps what is not in force only to explain it, and forgets what was superseded', () => {
    const expired = compile(aState([{ protocol: aProtocol(), status: 'expired' }])).grants(hospitals, 'health-visitor');
    const superseded = compile(aState([{ protocol: aProtocol(), status: 'superseded' }])).grants(
      hospitals,
      'health-visitor',
    );
    expect(expired.dormant(topic).map(({ status }) => status)).toEqual(['expired']);
    expect(expired.about(topic)).toEqual([]);
    expect(superseded.dormant(topic)).toEqual([]);
  });

  test('carries protocol, version, clause and hash of the text in each rule', () => {
    const state = aState([aProtocol({ version: 3 })]);
    const [entry] = compile(state).grants(hospitals, 'health-visitor').about(topic);
    const hash = [...state.protocols.keys()][0];
    expect(entry?.reference).toEqual({ protocol: 'safeguarding-children', version: 3, clause: 'c1', hash });
  });

  test('reaches a role in every party of a kind, or in one agency by name, and nobody else', () => {
    const byKind = aState([aProtocol()]);
    expect(given(byKind, hospitals)).toEqual(['c1']);
    expect(given(byKind, gateshead)).toEqual([]);
    expect(given(byKind, hospitals, 'doctor')).toEqual([]);
    const recipients = [{ role: 'health-visitor', agency: northumbria }];
    const byName = aState([aProtocol({ clauses: [aClause({ recipients })] })]);
    expect(given(byName, northumbria)).toEqual(['c1']);
    expect(given(byName, hospitals)).toEqual([]);
  });

  test('gives nothing to an agency that is no party, even when a clause names it or its kind', () => {
    const recipients = [
      { role: 'social-worker', agency: newcastle },
      { role: 'social-worker', kind: 'council' },
    ];
    const state = aState([aProtocol({ clauses: [aClause({ recipients })] })]);
    expect(given(state, newcastle, 'social-worker')).toEqual([]);
    expect(given(state, gateshead, 'social-worker')).toEqual(['c1']);
  });

  test('gives nothing from or to a party that left the protocol or the federation', () => {
    for (const agency of [hospitals, gateshead]) {
      expect(given(aState([{ protocol: aProtocol(), withdrawn: [agency] }]))).toEqual([]);
      const ended = aState([aProtocol()]);
      ended.agencies.get(agency)!.endedAt = 5;
      expect(given(ended)).toEqual([]);
      const unknown = aState([aProtocol()]);
      unknown.agencies.delete(agency);
      expect(given(unknown)).toEqual([]);
    }
  });

  test('gives nothing of a holder that is no party', () => {
    const parties = [hospitals, northumbria].map((code) => aParty(code));
    expect(given(aState([aProtocol({ parties })]))).toEqual([]);
  });

  test('means the definition that was signed, not a later one of the same name', () => {
    const signed = anAsset();
    const state = aState([aProtocol()], { assetList: [signed] });
    const later = anAsset({ fields: [{ name: 'nickname', title: 'Nickname', sensitivity: 'ordinary' }] });
    state.assets.set('child-record', { definition: later, hash: 'later', position: 9 });
    expect(given(state)).toEqual(['c1']);
    state.definitions.clear();
    expect(given(state)).toEqual([]);
  });

  test('says whether nobody, others or the agency itself have a topic', () => {
    const rules = compile(aState([aProtocol()]));
    expect(rules.coverage(topic, hospitals)).toBe('agency');
    expect(rules.coverage(topic, newcastle)).toBe('others');
    expect(rules.coverage(targetKey('delete', 'child-record', gateshead), hospitals)).toBe('nobody');
  });

  test('names a damaged text that forbade something to those who signed it', () => {
    const damaged = { hash: 'h', id: 'safeguarding-children', version: 1, signedBy: [hospitals], prohibits: true };
    const rules = compile(aState([aProtocol()], { damaged: new Map([['h', damaged]]) }));
    expect(rules.unreadable(hospitals)).toBe(damaged);
    expect(rules.unreadable(northumbria)).toBeUndefined();
    const harmless = new Map([['h', { ...damaged, prohibits: false }]]);
    expect(compile(aState([], { damaged: harmless })).unreadable(hospitals)).toBeUndefined();
  });
});

describe('keeping the rules', () => {
  test('gives the same rules for the same state and for one that says the same', () => {
    const rulesOf = keepRules();
    const first = rulesOf(aState([aProtocol()]));
    expect(rulesOf(aState([aProtocol()]))).toBe(first);
    expect(first.grants(hospitals, 'health-visitor')).toBe(first.grants(hospitals, 'health-visitor'));
  });

  test('swaps them when a date or a damaged text changes a status without a new event', () => {
    const rulesOf = keepRules();
    const first = rulesOf(aState([aProtocol()]));
    expect(rulesOf(aState([{ protocol: aProtocol(), status: 'expired' }]))).not.toBe(first);
    expect(rulesOf(aState([aProtocol()], { head: { sequence: 8, hash: 'head-8' } }))).not.toBe(first);
    expect(rulesOf(aState([aProtocol()], { nextBoundary: 1 }))).not.toBe(first);
  });

  test('does not mix up two (agency, role) pairs', () => {
    const rules = compile(aState([aProtocol()]));
    expect(rules.grants(hospitals, 'health-visitor').about(topic)).toHaveLength(1);
    expect(rules.grants(northumbria, 'police-officer').about(topic)).toHaveLength(0);
  });
});
