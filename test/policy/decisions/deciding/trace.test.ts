/** Trying a decision out says what deciding would say, and why for every clause. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../../policy/decisions/deciding/decide.ts';
import type { DecisionRequest } from '../../../../policy/decisions/deciding/decision.ts';
import { type TracedRule, traceDecision, type Trying } from '../../../../policy/decisions/deciding/trace.ts';
import type { Clause } from '../../../../policy/register/protocols/document.ts';
import { aClause, aProtocol } from '../../../support/policy/documents.ts';
import {
  aHeldPost,
  aPresence,
  aRequest,
  aStanding,
  aState,
  type InMemory,
  inMemory,
} from '../../../support/policy/decisions.ts';
import { gateshead, hospitals, newcastle, northumbria } from '../../../support/directory/directory.ts';

const world = (clauses: Partial<Clause>[], changes: InMemory = {}) =>
  inMemory({
    state: aState([aProtocol({ clauses: clauses.map((one, at) => aClause({ id: `c${at}`, ...one })) })]),
    ...changes,
  });

async function tryOut(
  clauses: Partial<Clause>[],
  request: DecisionRequest = aRequest(),
  trying: Partial<Trying> = {},
  changes: InMemory = {},
) {
  const context = world(clauses, changes);
  const traced = await traceDecision(context, request, { understands: ['fields'], ...trying });
  return { ...traced, context, rule: (id: string) => traced.rules.find(({ reference }) => reference.clause === id)! };
}

const unmet = ({ steps }: TracedRule): string[] => steps.filter(({ met }) => !met).map(({ test: one }) => one);

describe('trying a decision out', () => {
  test('records nothing by itself', async () => {
    expect((await tryOut([{}])).context.recorded).toEqual([]);
  });

  test('says of a permission that it matched, and what it was tested for', async () => {
    const { decision, rule } = await tryOut([{ identity_level: 2, fields: ['name'] }]);
    expect(decision).toMatchObject({ decision: true, fields: ['name'] });
    expect(rule('c0')).toMatchObject({
      matched: true,
      effect: 'permit',
      fields: ['name'],
      title: 'Safeguarding children',
    });
    expect(rule('c0').steps.map(({ test: one }) => one)).toEqual([
      'status',
      'asset',
      'holder',
      'action',
      'recipient',
      'purpose',
      'identity-level',
    ]);
    expect(rule('c0').steps.every(({ met, text }) => met && text.endsWith('.'))).toBe(true);
  });

  test.each<[string, Partial<Clause>, string]>([
    ['another action', { actions: ['update'] }, 'action'],
    ['another holder', { holders: [hospitals] }, 'holder'],
    ['another role', { recipients: [{ role: 'midwife', agency: hospitals }] }, 'recipient'],
    ['another agency', { recipients: [{ role: 'health-visitor', agency: newcastle }] }, 'recipient'],
    ['another purpose', { purposes: ['early-help'] }, 'purpose'],
    ['a condition', { conditions: [{ attribute: 'shielded', operator: 'eq', value: false }] }, 'condition'],
    ['an area', { area: 'own' }, 'area'],
    ['a sign-in', { presence: 'required' }, 'presence'],
    ['a registration', { registrations: ['NMC'] }, 'registration'],
    ['an identity check', { identity_level: 3 }, 'identity-level'],
    ['a duty', { obligations: [{ id: 'note', type: 'custom', text: 'Note it.', properties: {} }] }, 'obligation'],
    ['agreement', { consent: { rule: 'required', as: 'confidence' } }, 'consent'],
    ['involvement', { involvement: 'required' }, 'involvement'],
  ])('names %s as the one thing that is not met', async (_what, clause, named) => {
    const { rule, decision } = await tryOut([clause]);
    expect(decision.decision).toBe(false);
    expect(rule('c0').matched).toBe(false);
    expect(unmet(rule('c0'))).toEqual([named]);
  });

  test('says of a protocol that is not in force that it is not', async () => {
    const state = aState([{ protocol: aProtocol({ clauses: [aClause()] }), status: 'suspended' }]);
    const { rules } = await tryOut([], aRequest(), {}, { state });
    expect(unmet(rules[0]!)).toEqual(['status']);
    expect(rules[0]!.matched).toBe(false);
  });

  test('shows a prohibition that applies, and one that does not', async () => {
    const shielded = (value: boolean) => [{ attribute: 'shielded', operator: 'eq' as const, value }];
    const clauses = [
      {},
      { effect: 'prohibit' as const, conditions: shielded(true) },
      { effect: 'prohibit' as const, conditions: shielded(false) },
    ];
    const { decision, rule } = await tryOut(clauses, aRequest({}, { attributes: { shielded: true } }));
    expect(decision).toMatchObject({ decision: false });
    expect([rule('c1').matched, rule('c2').matched]).toEqual([true, false]);
    expect(unmet(rule('c2'))).toEqual(['condition']);
  });

  test('says of a condition that cannot be known that it is not known, and what that counts as', async () => {
    const conditions = [{ attribute: 'shielded', operator: 'eq' as const, value: true }];
    const { rule } = await tryOut([{ conditions }, { effect: 'prohibit', conditions }, { area: 'own' }]);
    const last = (id: string) => rule(id).steps.at(-1)!;
    expect(last('c0')).toMatchObject({ met: false, text: 'It is not known whether shielded is true.' });
    expect(last('c1')).toMatchObject({ met: true, text: expect.stringContaining('counts as met') });
    expect(last('c2')).toMatchObject({ met: false, text: expect.stringContaining('not known') });
  });

  test('takes a sign-in of the level for granted, in the only post', async () => {
    const clause = { presence: 'required' as const, authentication_level: 2 };
    expect((await tryOut([clause], aRequest(), { presume: { level: 1 } })).decision.reason.code).toBe(
      'authentication-too-weak',
    );
    expect((await tryOut([clause], aRequest(), { presume: { level: 2 } })).decision.decision).toBe(true);
  });

  test('of nobody says so', async () => {
    const nobody = aRequest({ subject: { type: 'practitioner', id: 'nobody' } });
    const { decision, rule } = await tryOut([{}], nobody, { presume: { level: 3 } });
    expect(decision.reason.code).toBe('unknown-subject');
    expect(unmet(rule('c0'))).toEqual(['recipient']);
  });

  test('has the nearest clause first', async () => {
    const { rules } = await tryOut([
      { actions: ['update'], purposes: ['early-help'] },
      { involvement: 'required' },
      {},
      { effect: 'prohibit', recipients: [{ role: 'police-officer', agency: northumbria }] },
    ]);
    expect(rules[0]!.reference.clause).toBe('c2');
    expect(rules.at(-1)!.reference.clause).toBe('c0');
  });

  test('answers as deciding does, whatever the question', async () => {
    const clauses: Partial<Clause>[] = [
      { fields: ['name'], presence: 'required' },
      { fields: ['school'], conditions: [{ attribute: 'risk', operator: 'lt', value: 5 }] },
      { fields: ['plan'], area: 'own' },
      { fields: ['address'], effect: 'prohibit', conditions: [{ attribute: 'shielded', operator: 'eq', value: true }] },
      { fields: ['address'] },
    ];
    const presences = { token: aPresence({ expiresAt: Infinity }) };
    const standings = [aStanding({ posts: [aHeldPost({ agencyArea: 'Gateshead' })] })];
    for (const attributes of [{}, { risk: 4 }, { risk: '4', area: 'gateshead' }, { shielded: false, risk: 5 }]) {
      for (const fields of [['name'], ['address', 'school'], ['plan'], undefined]) {
        const request = aRequest({ userToken: 'token' }, { attributes, agency: gateshead, ...(fields && { fields }) });
        const traced = await tryOut(clauses, request, { presume: { level: 2 } }, { standings });
        const decided = await decide(world(clauses, { presences, standings }), request, { clientId: 'casebook' });
        expect({ ...traced.decision, id: '' }).toEqual({ ...decided, id: '' });
        for (const { matched, steps } of traced.rules) expect(steps.every(({ met }) => met)).toBe(matched);
      }
    }
  });
});
