/** Conditions on the moment of deciding, and on the area that the acting team or agency serves. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../../policy/decisions/deciding/decide.ts';
import type { Clause, Condition } from '../../../../policy/register/protocols/document.ts';
import { changesAt, compileConditions, matchConditions } from '../../../../policy/decisions/rules/conditions.ts';
import { aClause, anAsset, aProtocol } from '../../../support/policy/documents.ts';
import { aHeldPost, aRequest, aStanding, aState, inMemory, noon } from '../../../support/policy/decisions.ts';
import { gateshead } from '../../../support/directory/directory.ts';

const day = 86_400;
const opened = (operator: Condition['operator'], now: number): Condition => ({
  attribute: 'opened',
  operator,
  value: { now },
});

/** The decision on a child's name under these clauses, with these attributes of the record. */
async function ask(clauses: Partial<Clause>[], attributes: Record<string, unknown>, post = {}) {
  const context = inMemory({
    state: aState([aProtocol({ clauses: clauses.map((one, at) => aClause({ id: `c${at}`, ...one })) })]),
    standings: [aStanding({ posts: [aHeldPost(post)] })],
  });
  return decide(context, aRequest({}, { attributes }), { clientId: 'casebook' });
}

/** A permission, and a prohibition beside a permission that asks for nothing. */
const given = async (...asked: [Partial<Clause>, Record<string, unknown>, object?]) =>
  (await ask([asked[0]], asked[1], asked[2])).decision;
const forbidden = async (...asked: [Partial<Clause>, Record<string, unknown>, object?]) =>
  !(await ask([{}, { ...asked[0], effect: 'prohibit' }], asked[1], asked[2])).decision;

describe('a time compared with the moment of deciding', () => {
  test.each<[Condition['operator'], number, boolean]>([
    ['gt', noon - 30 * day + 1, true],
    ['gt', noon - 30 * day, false],
    ['gte', noon - 30 * day, true],
    ['gte', noon - 30 * day - 1, false],
    ['lt', noon - 30 * day - 1, true],
    ['lt', noon - 30 * day, false],
    ['lte', noon - 30 * day, true],
    ['lte', noon - 30 * day + 1, false],
  ])('%s 30 days ago, of %i: %s', (operator, time, holds) => {
    const conditions = compileConditions(aClause({ conditions: [opened(operator, -30 * day)] }), anAsset())!;
    const matches = matchConditions(conditions);
    expect(matches({ record: { opened: time }, now: noon, areas: [] })).toBe(holds);
  });

  test.each([
    ['missing', {}],
    ['text', { opened: '2026-10-01' }],
    ['text of digits', { opened: `${noon}` }],
    ['a fraction', { opened: noon + 0.5 }],
    ['a list', { opened: [noon] }],
    ['null', { opened: null }],
    ['no number', { opened: Number.NaN }],
    ['beyond all times', { opened: Infinity }],
  ])('that is %s opens nothing: not by permission, not by prohibition', async (_what, attributes) => {
    for (const operator of ['gt', 'gte', 'lt', 'lte'] as const) {
      const clause = { conditions: [opened(operator, 0)] };
      expect(await given(clause, attributes)).toBe(false);
      expect(await forbidden(clause, attributes)).toBe(true);
    }
  });

  test('an answer never outlives the moment at which the permission ends', async () => {
    const clause = { conditions: [opened('gt', -30 * day)] };
    expect(await ask([clause], { opened: noon - 30 * day + 20 })).toMatchObject({
      decision: true,
      validUntil: noon + 20,
    });
    expect((await ask([clause], { opened: noon - day })).validUntil).toBe(noon + 60);
  });

  test('nor the moment at which a prohibition begins', async () => {
    const prohibition = { effect: 'prohibit' as const, conditions: [opened('lte', -30 * day)] };
    const decision = await ask([{}, prohibition], { opened: noon - 30 * day + 7 });
    expect(decision).toMatchObject({ decision: true, validUntil: noon + 7 });
    expect((await ask([{}, prohibition], { opened: noon - 30 * day - 7 })).decision).toBe(false);
  });

  test('which moment that is, for each operator', () => {
    const next = (operator: Condition['operator'], time: number) =>
      changesAt(compileConditions(aClause({ conditions: [opened(operator, -10)] }), anAsset())!, {
        record: { opened: time },
        now: noon,
        areas: [],
      });
    expect([next('gt', noon), next('lte', noon), next('gte', noon), next('lt', noon)]).toEqual(
      Array.from({ length: 4 }, () => noon + 10),
    );
    expect([next('gt', noon - 11), next('lte', noon - 11)]).toEqual([Infinity, Infinity]);
    // At the very moment these two still change, right after it.
    expect([next('gte', noon - 10), next('lt', noon - 10)]).toEqual([noon, noon]);
    expect([next('gt', noon - 10), next('lte', noon - 10)]).toEqual([Infinity, Infinity]);
  });
});

describe('an area of one’s own', () => {
  const own = { area: 'own' as const };

  test('is the team’s or the agency’s, in any capitals', async () => {
    expect(await given(own, { area: 'GATESHEAD ' }, { agencyArea: 'Gateshead' })).toBe(true);
    expect(await given(own, { area: 'felling' }, { teamArea: 'Felling', agencyArea: 'Gateshead' })).toBe(true);
    expect(await given(own, { area: 'Whickham' }, { teamArea: 'Felling', agencyArea: 'Gateshead' })).toBe(false);
  });

  test.each([
    ['the record does not say it', {}, { agencyArea: 'Gateshead' }],
    ['the record says it as a list', { area: ['Gateshead'] }, { agencyArea: 'Gateshead' }],
    ['the record says it as a number', { area: 7 }, { agencyArea: '7' }],
    ['the directory does not say it', { area: 'Gateshead' }, {}],
    ['nobody says it', { area: '' }, {}],
  ])('opens nothing where %s', async (_what, attributes, post) => {
    expect(await given(own, attributes, post)).toBe(false);
    expect(await forbidden(own, attributes, post)).toBe(true);
  });

  test('bounds a prohibition too', async () => {
    const post = { agencyArea: 'Gateshead' };
    expect(await forbidden(own, { area: 'Gateshead' }, post)).toBe(true);
    expect(await forbidden(own, { area: 'Newcastle' }, post)).toBe(false);
  });

  test('stands beside other conditions: all must hold', async () => {
    const clause = { ...own, conditions: [{ attribute: 'shielded', operator: 'eq' as const, value: false }] };
    const post = { agencyArea: 'Gateshead' };
    expect(await given(clause, { area: 'Gateshead', shielded: false }, post)).toBe(true);
    expect(await given(clause, { area: 'Gateshead', shielded: true }, post)).toBe(false);
    expect(await given(clause, { area: 'Hexham', shielded: false }, post)).toBe(false);
  });

  test('that is not met is told as a condition, and kept for the holding agency’s officers', async () => {
    const context = inMemory({
      state: aState([aProtocol({ clauses: [aClause(own)] })]),
      standings: [aStanding({ posts: [aHeldPost({ agencyArea: 'Newcastle' })] })],
    });
    const request = aRequest({}, { attributes: { area: 'Gateshead' }, agency: gateshead });
    const { reason } = await decide(context, request, { clientId: 'casebook' });
    expect(reason.code).toBe('condition-not-met');
    expect(context.recorded[0]).toHaveProperty('sealed');
  });
});
