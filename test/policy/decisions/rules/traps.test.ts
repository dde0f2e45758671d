/** The traps of CASL, each reproduced against the library first and then shown to be shut here. */
import { Ability, createMongoAbility, mongoQueryMatcher, subject } from '@casl/ability';
import { describe, expect, test } from '@jest/globals';
import type { Clause, Condition } from '../../../../policy/register/protocols/document.ts';
import { applicable } from '../../../../policy/decisions/rules/ability.ts';
import { compile } from '../../../../policy/decisions/rules/compile.ts';
import { matchConditions } from '../../../../policy/decisions/rules/conditions.ts';
import { aClause, anAsset, aProtocol } from '../../../support/policy/documents.ts';
import { aState, noon } from '../../../support/policy/decisions.ts';
import { gateshead, hospitals } from '../../../support/directory/directory.ts';

const read = {
  action: 'read',
  purpose: 'safeguarding',
  asset: 'child-record',
  holder: gateshead,
  now: noon,
  areas: [],
};

/** What the compiled ability says of a record: ids of the clauses that apply. */
function ask(clauses: Partial<Clause>[], record: unknown, changes: Partial<typeof read> = {}) {
  const rules = compile(aState([aProtocol({ clauses: clauses.map(aClause) })]));
  const { ability } = rules.grants(hospitals, 'health-visitor');
  const found = applicable(ability, { ...read, ...changes, record: record as Record<string, unknown> });
  return {
    permits: found.permits.map(({ clause }) => clause.id),
    prohibitions: found.prohibitions.map(({ clause }) => clause.id),
  };
}

const when = (attribute: string, operator: string, value: unknown): Condition =>
  ({ attribute, operator, value }) as Condition;
const nobody = { permits: [], prohibitions: [] };

describe('a trap of CASL', () => {
  test('a bare string for a subject ignores conditions; here a record must be an object', () => {
    const open = createMongoAbility([{ action: 'read', subject: 'record', conditions: { shielded: false } }]);
    expect(open.can('read', 'record')).toBe(true);
    const clause = { conditions: [when('shielded', 'eq', false)] };
    for (const bare of ['child-record', undefined, null]) expect(() => ask([clause], bare)).toThrow(TypeError);
    expect(ask([clause], { shielded: true })).toEqual(nobody);
  });

  test('a rule without a field means every field; here a clause without fields gives nothing', () => {
    const open = createMongoAbility([{ action: 'read', subject: 'record' }]);
    expect(open.can('read', 'record', 'anything')).toBe(true);
    expect(ask([{ fields: [] }], {})).toEqual(nobody);
  });

  test('a prohibition without fields forbids every field of the asset', () => {
    const rules = compile(aState([aProtocol({ clauses: [aClause({ effect: 'prohibit', fields: [] })] })]));
    const found = applicable(rules.grants(hospitals, 'health-visitor').ability, { ...read, record: {} });
    expect([...found.prohibitions[0]!.fields]).toEqual(anAsset().fields.map(({ name }) => name));
  });

  test('$lt is true of a missing or incomparable value; here it is not', () => {
    expect(mongoQueryMatcher({ risk: { $lt: 5 } })({ risk: '1' })).toBe(true);
    const clause = { conditions: [when('risk', 'lt', 5)] };
    for (const risk of [undefined, null, '1', [], {}, true, Number.NaN, -Infinity, [1]]) {
      expect(ask([clause], { risk })).toEqual(nobody);
    }
    expect(ask([clause], {})).toEqual(nobody);
    expect(ask([clause], { risk: 4 }).permits).toEqual(['c1']);
  });

  test('$ne and $nin are true of a missing attribute; here they are no operators', () => {
    expect(mongoQueryMatcher({ area: { $ne: 'x' } })({})).toBe(true);
    expect(mongoQueryMatcher({ area: { $nin: ['x'] } })({})).toBe(true);
    for (const [operator, value] of [
      ['ne', 'x'],
      ['$ne', 'x'],
      ['nin', ['x']],
    ] as const) {
      expect(ask([{ conditions: [when('area', operator, value)] }], { area: 'y' })).toEqual(nobody);
    }
  });

  test('an operator that nobody knows opens a prohibition; here the prohibition stands without its conditions', () => {
    for (const operator of ['near', '$near', 'constructor', '__proto__']) {
      const clause: Partial<Clause> = { effect: 'prohibit', conditions: [when('area', operator, 'x')] };
      expect(ask([clause], { area: 'y' }).prohibitions).toEqual(['c1']);
      expect(ask([{ ...clause, effect: 'permit' }], { area: 'x' })).toEqual(nobody);
    }
  });

  test('a comparison with a value of another type is decided by chance; here such a clause gives nothing, and forbids always', () => {
    expect(mongoQueryMatcher({ risk: { $lt: '5' } })({ risk: 40 })).toBe(false);
    expect(mongoQueryMatcher({ risk: { $gt: '5' } })({ risk: 40 })).toBe(true);
    for (const condition of [when('risk', 'gt', '5'), when('shielded', 'eq', 'true'), when('unheard', 'eq', 'x')]) {
      const record = { risk: 40, shielded: 'true', unheard: 'x' };
      expect(ask([{ conditions: [condition] }], record)).toEqual(nobody);
      expect(ask([{ effect: 'prohibit', conditions: [condition] }], {}).prohibitions).toEqual(['c1']);
      expect(ask([{ effect: 'prohibit', conditions: [condition] }], { risk: 1 }).prohibitions).toEqual(['c1']);
    }
  });

  test('a prohibition whose attribute is missing or mistyped applies', () => {
    const clause: Partial<Clause> = { effect: 'prohibit', conditions: [when('shielded', 'eq', true)] };
    for (const record of [{}, { shielded: 'false' }, { shielded: 0 }, { shielded: null }, { shielded: [false] }]) {
      expect(ask([clause], record).prohibitions).toEqual(['c1']);
    }
    expect(ask([clause], { shielded: false }).prohibitions).toEqual([]);
  });

  test('a prohibition one of whose conditions is known not to hold does not apply, whatever else is unknown', () => {
    const conditions = [when('shielded', 'eq', true), when('area', 'eq', 'Blaydon')];
    expect(ask([{ effect: 'prohibit', conditions }], { area: 'Gateshead' }).prohibitions).toEqual([]);
    expect(ask([{ effect: 'prohibit', conditions }], { area: 'Blaydon' }).prohibitions).toEqual(['c1']);
  });

  test('{} matches everything; here a clause without conditions has none, and no empty ones', () => {
    expect(mongoQueryMatcher({})({ anything: 1 })).toBe(true);
    const rules = compile(aState([aProtocol()]));
    expect(rules.grants(hospitals, 'health-visitor').ability.rules.map((rule) => rule.conditions)).toEqual([undefined]);
  });

  test('equality and $in match the members of an array; here an array is not of the type', () => {
    expect(mongoQueryMatcher({ area: { $eq: 'x' } })({ area: ['x', 'y'] })).toBe(true);
    expect(mongoQueryMatcher({ area: { $in: ['x'] } })({ area: ['x', 'y'] })).toBe(true);
    for (const condition of [when('area', 'eq', 'x'), when('area', 'in', ['x'])]) {
      expect(ask([{ conditions: [condition] }], { area: ['x', 'y'] })).toEqual(nobody);
      expect(ask([{ conditions: [condition] }], { area: 'x' }).permits).toEqual(['c1']);
    }
  });

  test('a wildcard in a field is a pattern to CASL; here it is a field that the asset does not have', () => {
    const open = createMongoAbility([{ action: 'read', subject: 'record', fields: ['na*'] }]);
    expect(open.can('read', 'record', 'name')).toBe(true);
    expect(ask([{ fields: ['na*'] }], {})).toEqual(nobody);
    expect(ask([{ fields: ['*'] }], {})).toEqual(nobody);
    const rules = compile(aState([aProtocol({ clauses: [aClause({ effect: 'prohibit', fields: ['na*'] })] })]));
    const ability = rules.grants(hospitals, 'health-visitor').ability;
    expect(ability.rulesFor('read#safeguarding', `child-record@${gateshead}`, 'name')).toHaveLength(0);
  });

  test('subject() writes into what it is given; here a record is not touched and cannot name its own type', () => {
    const given = {};
    subject('record', given);
    expect(Object.getOwnPropertyNames(given)).toEqual(['__caslSubjectType__']);
    const record = Object.freeze({ __caslSubjectType__: 'other', kind: 'other', risk: 1 });
    expect(ask([{ conditions: [when('risk', 'eq', 1)] }], record).permits).toEqual(['c1']);
    expect(Object.getOwnPropertyNames(record)).toEqual(['__caslSubjectType__', 'kind', 'risk']);
  });

  test('"manage" and "all" mean any action and any subject; here they are an action and an asset like others', () => {
    const open = createMongoAbility([{ action: 'manage', subject: 'all' }]);
    expect(open.can('read', 'record')).toBe(true);
    const everything = anAsset({ code: 'all', actions: ['manage'] });
    const clause = aClause({ actions: ['manage'], asset: 'all' });
    const rules = compile(aState([aProtocol({ clauses: [clause] })], { assetList: [anAsset(), everything] }));
    expect(applicable(rules.grants(hospitals, 'health-visitor').ability, { ...read, record: {} }).permits).toEqual([]);
  });

  test('an attribute that every object inherits is not the record’s own', () => {
    const holds = matchConditions({
      whenUnknown: false,
      ownArea: false,
      tests: [{ attribute: 'area', type: 'string', query: { area: { $eq: 'x' } } }],
    });
    expect(holds({ record: Object.create({ area: 'x' }) as object })).toBe(false);
    expect(holds({ record: { area: 'x' } })).toBe(true);
  });

  test('CASL alone gives the same answer as the decision steps: a prohibition outranks permissions before and after it', () => {
    const clauses = [
      aClause({ id: 'before' }),
      aClause({ id: 'no', effect: 'prohibit', fields: ['name'] }),
      aClause({ id: 'after', fields: ['name', 'school'] }),
    ];
    const { ability } = compile(aState([aProtocol({ clauses })])).grants(hospitals, 'health-visitor');
    expect(ability).toBeInstanceOf(Ability);
    expect(ability.can('read#safeguarding', `child-record@${gateshead}`, 'name')).toBe(false);
    expect(ability.can('read#safeguarding', `child-record@${gateshead}`, 'school')).toBe(true);
  });
});
