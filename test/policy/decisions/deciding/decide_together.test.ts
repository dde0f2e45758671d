/** One question about many records: answered as if asked one by one, recorded as one entry, under one fence. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../../policy/decisions/deciding/decide.ts';
import { decideTogether } from '../../../../policy/decisions/deciding/decide_together.ts';
import type { PolicyContext } from '../../../../policy/decisions/deciding/context.ts';
import type { DecisionRequest } from '../../../../policy/decisions/deciding/decision.ts';
import { openHidden } from '../../../../policy/decisions/deciding/explanation.ts';
import { decisionsIn } from '../../../../policy/decisions/audit/recorded.ts';
import { aClause, aParty, aProtocol } from '../../../support/policy/documents.ts';
import {
  aRequest,
  aStanding,
  aState,
  askingPartner,
  inMemory,
  masterKey,
  noon,
} from '../../../support/policy/decisions.ts';
import { gateshead, newcastle } from '../../../support/directory/directory.ts';

const casebook = { clientId: 'casebook' };
const decideAll = (context: PolicyContext, requests: DecisionRequest[], asking: { clientId: string }) =>
  decideTogether(context, requests, asking, (decision) => decision);
const clauses = [
  aClause({ fields: ['name'] }),
  aClause({ id: 'plan', fields: ['plan'], conditions: [{ attribute: 'risk', operator: 'lt', value: 5 }] }),
];
const world = () => inMemory({ state: aState([aProtocol({ clauses })]) });
const about = (id: string, risk: number, fields = ['plan']) => aRequest({}, { id, fields, attributes: { risk } });
const list = [about('a', 1), about('b', 9), about('c', 2)];

describe('one question about many records', () => {
  test('is answered as each would be by itself, in order', async () => {
    const together = await decideAll(world(), list, casebook);
    const alone = await Promise.all(list.map((request) => decide(world(), request, casebook)));
    const without = <One extends { id: string }>({ id: _, ...rest }: One) => rest;
    expect(together.map(without)).toEqual(alone.map(without));
    expect(together.map(({ decision }) => decision)).toEqual([true, false, true]);
  });

  test('is one entry, of which each decision can be told as if recorded by itself', async () => {
    const context = world();
    const decisions = await decideAll(context, list, casebook);
    const [entry, ...more] = context.recorded;
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      id: decisions[0]!.id,
      event: 'decisions',
      content: {
        answered: { permitted: 2, refused: 1, with_obligations: 0 },
        caller: { client: 'casebook' },
        decided_at: noon,
      },
    });
    const told = decisionsIn({ ...entry!, id: entry!.id!, parts: entry!.parts!.map((part) => JSON.parse(part)) });
    for (const [index, request] of list.entries()) {
      const single = world();
      await decide(single, request, casebook);
      const { content } = single.recorded[0]!;
      expect(told[index]).toMatchObject({ id: decisions[index]!.id, number: index });
      const answer = told[index]!.content.answer as { context: object };
      expect({ ...told[index]!.content, answer: '' }).toEqual({ ...content, answer: '' });
      const own = content.answer as { context: object };
      expect({ ...answer, context: { ...answer.context, id: '' } }).toEqual({
        ...own,
        context: { ...own.context, id: '' },
      });
    }
  });

  test('keeps for the holding agency’s officers why each came out as it did', async () => {
    const context = world();
    await decideAll(context, list, casebook);
    const { id, event, content, parts, sealed } = context.recorded[0]!;
    const opened = openHidden(masterKey, { id: id!, event, content, sealed: sealed! })!;
    expect(opened.map(({ explanation }) => explanation?.attributes)).toEqual([{ risk: 1 }, { risk: 9 }, { risk: 2 }]);
    expect(JSON.stringify([content, parts])).not.toMatch(/risk/);
  });

  test('hides by its length what is sealed, for a hundred records too', async () => {
    const lengthOf = async (risks: (index: number) => number): Promise<number> => {
      const context = world();
      const requests = Array.from({ length: 100 }, (_, index) => about(`case-${index}`, risks(index)));
      await decideAll(context, requests, casebook);
      const { content, sealed } = context.recorded[0]!;
      return JSON.stringify([{ ...content, answered: '' }, sealed!.commitment]).length;
    };
    const lengths = [
      () => 1,
      () => 9,
      (index: number) => (index === 40 ? 9 : 1),
      (index: number) => (index * 7919) % 10,
    ];
    expect(new Set(await Promise.all(lengths.map(lengthOf))).size).toBe(1);
  });

  test('is recorded only while the first of its facts to end still counts', async () => {
    const context = inMemory({
      state: aState([
        aProtocol({
          clauses: [
            aClause({
              fields: ['plan'],
              conditions: [{ attribute: 'opened_at', operator: 'gt', value: { now: -100 } }],
            }),
          ],
        }),
      ]),
    });
    const opened = (id: string, at: number) => aRequest({}, { id, fields: ['plan'], attributes: { opened_at: at } });
    const decisions = await decideAll(context, [opened('a', noon - 10), opened('b', noon - 90)], casebook);
    const until = Math.min(...decisions.map(({ validUntil }) => validUntil));
    expect(context.recorded[0]!.guard).toEqual({ epoch: 5, validUntil: until });
  });

  test('is decided again, all of it, when something was revoked meanwhile', async () => {
    const context = world();
    context.outcomes.push({ outcome: 'stale', epoch: 9 });
    context.log.fence.catchUp = async () => void (context.world.standings = [aStanding({ status: 'suspended' })]);
    const decisions = await decideAll(context, list, casebook);
    expect(decisions.map(({ reason }) => reason.code)).toEqual(['suspended', 'suspended', 'suspended']);
    expect(context.recorded).toHaveLength(1);
  });

  test('answers nothing that could not be recorded', async () => {
    const context = world();
    context.log.append = () => Promise.reject(new Error('no database'));
    await expect(decideAll(context, list, casebook)).rejects.toThrow('no database');
  });

  test('about records that the partner may not ask about is refused whole', async () => {
    const context = world();
    await expect(decideAll(context, [...list, aRequest({}, { agency: newcastle })], casebook)).rejects.toMatchObject({
      code: 'not-your-records',
    });
  });
});

describe('different questions of one request', () => {
  const others = [
    about('a', 1, ['name']),
    aRequest({ action: 'write' }, { fields: ['plan'] }),
    aRequest({ purpose: 'early-help' }, { fields: ['plan'] }),
    aRequest({ userToken: 't' }, { fields: ['plan'] }),
    aRequest({ subject: { type: 'practitioner', id: 'hv-1', post: 'post-hv' } }, { fields: ['plan'] }),
    aRequest({ subject: { type: 'practitioner', id: 'somebody' } }, { fields: ['plan'] }),
  ];

  test('are entries of their own, and all are answered in order', async () => {
    const context = world();
    const asked = others.flatMap((other, index) => [about(`x${index}`, 1), other]);
    const decisions = await decideAll(context, asked, casebook);
    expect(context.recorded.map(({ event }) => event).toSorted()).toEqual([
      ...others.map(() => 'decision'),
      'decisions',
    ]);
    const alone = await Promise.all(asked.map((request) => decide(world(), request, casebook)));
    expect(decisions.map(({ fields, reason }) => [fields, reason])).toEqual(
      alone.map(({ fields, reason }) => [fields, reason]),
    );
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(asked.length);
  });

  test('about records of different agencies are never in one entry', async () => {
    const state = aState([
      aProtocol({
        parties: [gateshead, newcastle, 'RTD'].map((code) => aParty(code)),
        clauses: [aClause({ holders: [gateshead, newcastle] })],
      }),
    ]);
    const context = inMemory({ state, partners: [askingPartner({ holds: [gateshead, newcastle] })] });
    const at = (agency: string, id: string) => aRequest({}, { agency, id });
    await decideAll(
      context,
      [at(gateshead, 'a'), at(newcastle, 'b'), at(gateshead, 'c'), at(newcastle, 'd')],
      casebook,
    );
    expect(context.recorded.map(({ agencies, parts }) => [agencies.includes(gateshead), parts?.length])).toEqual([
      [true, 2],
      [false, 2],
    ]);
  });
});
