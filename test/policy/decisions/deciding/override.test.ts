/** Overriding: what it lifts and what it never lifts, and every limit that it has. */
import { describe, expect, test } from '@jest/globals';
import type { Asking } from '../../../../policy/decisions/deciding/circumstances.ts';
import { decide } from '../../../../policy/decisions/deciding/decide.ts';
import type { DecisionRequest } from '../../../../policy/decisions/deciding/decision.ts';
import type { Presence } from '../../../../policy/decisions/deciding/presence.ts';
import type { Clause } from '../../../../policy/register/protocols/document.ts';
import { aClause, aParty, aProtocol } from '../../../support/policy/documents.ts';
import {
  aHeldPost,
  aPresence,
  aRequest,
  askingPartner,
  aStanding,
  aState,
  inMemory,
  type InMemory,
  noon,
  theChild,
} from '../../../support/policy/decisions.ts';
import { gateshead, newcastle } from '../../../support/directory/directory.ts';

const alone: Asking = { clientId: 'casebook', alone: true };
const why = { ground: 'vital-interests', reason: 'He has not answered the door for two days.' } as const;

/** Names for everybody; the plan, school and address of those whom the health visitor works with, or in an emergency the plan. */
const theClause: Partial<Clause> = {
  id: 'care',
  fields: ['plan', 'school', 'address'],
  presence: 'required',
  involvement: 'required',
  override: { roles: ['health-visitor'], grounds: ['vital-interests'], fields: ['plan', 'address'], minutes: 30 },
};

function aWorld({
  clause = {},
  others = [],
  presence = {},
  ...world
}: InMemory & {
  clause?: Partial<Clause>;
  others?: Partial<Clause>[];
  presence?: Partial<Presence>;
} = {}) {
  const clauses = [{ ...theClause, ...clause }, { fields: ['name'] }, ...others].map(aClause);
  return inMemory({
    state: aState([aProtocol({ clauses })]),
    presences: { token: aPresence({ authenticatedAt: noon - 20, expiresAt: noon + 3_000, ...presence }) },
    ...world,
  });
}

const ask = (changes: Partial<DecisionRequest> = {}, resource: Partial<DecisionRequest['resource']> = {}) =>
  aRequest({ userToken: 'token', override: why, ...changes }, { fields: ['name', 'plan', 'address'], ...resource });

/** Asks again under the review that the first answer named. */
const goOn = (
  review: string | undefined,
  changes: Partial<DecisionRequest> = {},
  resource: Partial<DecisionRequest['resource']> = {},
) => ask({ override: { review: review! }, ...changes }, resource);

describe('an override', () => {
  test('gives the override’s fields beside what is given anyway, names its review, and opens it before the record', async () => {
    const context = aWorld();
    const decision = await decide(context, ask({}, { fields: ['name', 'plan', 'school'] }), alone);
    expect(decision).toMatchObject({
      decision: true,
      fields: ['name', 'plan'],
      withheld: [{ field: 'school', reason: 'condition-not-met' }],
      reason: { code: 'permitted-by-override' },
      override: { review: expect.any(String), until: noon + 1_800 },
      validUntil: noon + 60,
    });
    expect(decision.missing.map(({ need }) => need)).toEqual(['condition-not-met']);
    expect(context.opened).toEqual([
      expect.objectContaining({
        id: decision.override?.review,
        decision: decision.id,
        agency: gateshead,
        practitioner: 'hv-1',
        post: 'post-hv',
        client: 'casebook',
        subject: theChild,
        ground: 'vital-interests',
        reason: why.reason,
        fields: ['plan'],
      }),
    ]);
    expect(context.recorded.at(-1)).toMatchObject({
      id: decision.id,
      content: { request: { override: { ground: why.ground } } },
    });
    expect(JSON.stringify(context.recorded)).not.toContain('answered the door');
  });

  test('of a clause without presence still needs the person there', async () => {
    const context = aWorld({ clause: { presence: 'not-required' } });
    expect((await decide(context, ask({ userToken: undefined! }), alone)).fields).toEqual(['name']);
    expect((await decide(context, ask(), alone)).reason.code).toBe('permitted-by-override');
  });

  test('counts for no longer than the clause’s minutes', async () => {
    const context = aWorld({ presence: { expiresAt: noon + 20 } });
    expect((await decide(context, ask(), alone)).validUntil).toBe(noon + 20);
  });

  test.each<[string, Parameters<typeof aWorld>[0], Parameters<typeof ask>, string]>([
    [
      'a sign-in that is a minute old',
      { presence: { authenticatedAt: noon - 60 } },
      [],
      'signed in less than a minute ago',
    ],
    ['a token of another client', { presence: { clientId: 'other' } }, [], 'signed in at this system'],
    ['a token of another person', { presence: { practitioner: 'hv-2' } }, [], 'signed in at this system'],
    ['no token', {}, [{ userToken: 'gone' }], 'signed in at this system'],
    [
      'another ground',
      {},
      [{ override: { ...why, ground: 'prevention-of-serious-crime' } }],
      'none of those that the clause takes',
    ],
    ['nobody named', {}, [{}, { dataSubject: undefined! }], 'one person concerned'],
    ['another purpose', {}, [{ purpose: 'early-help' }], 'no clause lets this role'],
    [
      'a role that may only see',
      { clause: { override: { ...theClause.override!, roles: ['social-worker'] } } },
      [],
      'no clause lets this role',
    ],
    ['a clause without one', { clause: { override: undefined! } }, [], 'no clause lets this role'],
    ['fields that it does not open', {}, [{}, { fields: ['name', 'school'] }], 'no clause lets this role'],
    [
      'a sign-in too weak for the clause',
      { clause: { authentication_level: 3 } },
      [],
      'something else stands in the way',
    ],
    [
      'a sign-in too weak for the clause, which asks for none otherwise',
      { clause: { authentication_level: 3, presence: 'not-required' } },
      [],
      'something else stands in the way',
    ],
    [
      'an identity that was checked too little',
      { clause: { identity_level: 3 } },
      [],
      'something else stands in the way',
    ],
    ['a registration that lapsed', { clause: { registrations: ['NMC'] } }, [], 'something else stands in the way'],
    [
      'a condition that does not hold',
      { clause: { conditions: [{ attribute: 'risk', operator: 'lt', value: 5 }] } },
      [{}, { attributes: { risk: 9 } }],
      'something else stands in the way',
    ],
    [
      'a duty that is not understood',
      { clause: { obligations: [{ id: 'tell', type: 'notification', text: 'Tell.', properties: {} }] } },
      [],
      'something else stands in the way',
    ],
    [
      'a prohibition on all that it opens',
      { others: [{ id: 'no', effect: 'prohibit', fields: ['plan', 'address'] }] },
      [],
      'something else stands in the way',
    ],
    [
      'a shield',
      {
        others: [
          {
            id: 'shield',
            effect: 'prohibit',
            fields: ['plan', 'address'],
            conditions: [{ attribute: 'shielded', operator: 'eq', value: true }],
          },
        ],
      },
      [{}, { attributes: { shielded: true } }],
      'something else stands in the way',
    ],
    ['a person who is suspended', { standings: [aStanding({ status: 'suspended' })] }, [], 'something else'],
    [
      'a post that has ended',
      { standings: [aStanding({ posts: [aHeldPost({ until: noon - 1 })] })] },
      [],
      'something else',
    ],
  ])(
    'is not used with %s: nothing is opened, and the answer is the one without it',
    async (_what, world, asked, note) => {
      const context = aWorld(world);
      const request = ask(...asked);
      const decision = await decide(context, request, alone);
      const { override: _, ...plain } = request;
      const without = await decide(aWorld(world), plain, alone);
      expect(context.opened).toEqual([]);
      expect(decision.fields).toEqual(without.fields);
      expect(decision.withheld).toEqual(without.withheld);
      expect(decision.reason.code).toBe(without.reason.code);
      expect(decision.reason.text).toMatch(new RegExp(`not used: .*${note}`));
      expect(decision.override).toBeUndefined();
    },
  );

  test('lifts no prohibition of a single field', async () => {
    const context = aWorld({ others: [{ id: 'no', effect: 'prohibit', fields: ['address'] }] });
    const decision = await decide(context, ask(), alone);
    expect(decision).toMatchObject({
      fields: ['name', 'plan'],
      withheld: [{ field: 'address', reason: 'prohibited' }],
    });
    expect(context.opened[0]?.fields).toEqual(['plan']);
  });

  test('lifts consent that was refused, and consent and involvement together', async () => {
    const said = {
      agency: gateshead,
      protocol: 'safeguarding-children',
      basis: 'confidence',
      state: 'refused',
      recordedAt: 1,
    } as const;
    const context = aWorld({ clause: { consent: { rule: 'required', as: 'confidence' } }, consents: [said] });
    expect((await decide(context, ask(), alone)).reason.code).toBe('permitted-by-override');
  });

  test('gives nothing under a protocol that is not in force', async () => {
    const state = aState([{ protocol: aProtocol({ clauses: [aClause(theClause)] }), status: 'suspended' }]);
    const context = aWorld({ state });
    expect((await decide(context, ask(), alone)).decision).toBe(false);
    expect(context.opened).toEqual([]);
  });

  test('gives nothing that a damaged text might forbid', async () => {
    const damaged = { hash: 'x', id: 'x', version: 1, signedBy: ['RTD'], prohibits: true };
    const state = aState([aProtocol({ clauses: [aClause(theClause)] })], { damaged: new Map([['x', damaged]]) });
    const context = aWorld({ state });
    expect((await decide(context, ask(), alone)).decision).toBe(false);
    expect(context.opened).toEqual([]);
  });

  test('is only for a question by itself', async () => {
    const context = aWorld();
    const decision = await decide(context, ask(), { clientId: 'casebook' });
    expect(decision).toMatchObject({ decision: true, fields: ['name'], reason: { code: 'permitted' } });
    expect(decision.reason.text).toContain('never for several at once');
    expect(context.opened).toEqual([]);
  });

  test('brings the duties of its clause', async () => {
    const obligations = [{ id: 'tell', type: 'notification' as const, text: 'Tell the worker.', properties: {} }];
    const context = aWorld({
      clause: { obligations },
      partners: [askingPartner({ understands: ['fields', 'notification'] })],
    });
    expect((await decide(context, ask(), alone)).obligations.map(({ id }) => id)).toEqual(['tell']);
  });

  test('with a plain answer is true only if everything asked for is given', async () => {
    const plain = { ...alone, plain: true };
    const context = aWorld();
    const some = await decide(context, ask({}, { fields: ['plan', 'school'] }), plain);
    expect(some).toMatchObject({ decision: false, fields: [] });
    expect(some.reason.text).toContain('takes all or nothing');
    expect(context.opened).toEqual([]);
    expect(await decide(context, ask(), plain)).toMatchObject({
      decision: true,
      reason: { code: 'permitted-by-override' },
    });
    expect(context.opened).toHaveLength(1);
  });

  test('opens the clause that adds most', async () => {
    const more: Partial<Clause> = { ...theClause, id: 'more', fields: ['plan', 'address', 'health_summary'] };
    const context = aWorld({
      others: [{ ...more, override: { ...theClause.override!, fields: ['plan', 'address', 'health_summary'] } }],
    });
    await decide(context, ask({}, { fields: ['plan', 'health_summary'] }), alone);
    expect(context.opened[0]?.clause.clause).toBe('more');
  });

  test('of clauses that add as much opens the one that sets least aside, and of those always the same', async () => {
    const opened = async (clause: Partial<Clause>, other: Partial<Clause>): Promise<string | undefined> => {
      const context = aWorld({ clause, others: [{ ...theClause, ...other }] });
      await decide(context, ask(), alone);
      return context.opened[0]?.clause.clause;
    };
    const consent = { rule: 'required', as: 'confidence' } as const;
    const more: Partial<Clause> = { id: 'a', consent };
    const less: Partial<Clause> = { id: 'b', consent, involvement: 'not-required' };
    expect([await opened(more, less), await opened(less, more)]).toEqual(['b', 'b']);
    expect([await opened({ id: 'a' }, { id: 'b' }), await opened({ id: 'b' }, { id: 'a' })]).toEqual(['a', 'a']);
  });
});

describe('whoever overrode', () => {
  test('goes on within the minutes without ground, reason or a new sign-in', async () => {
    const context = aWorld();
    const { override } = await decide(context, ask(), alone);
    context.world.now = noon + 1_700;
    const again = await decide(context, goOn(override?.review, {}, { id: 'case-18', fields: ['plan'] }), alone);
    expect(again).toMatchObject({ decision: true, override, validUntil: noon + 1_760 });
    context.world.now = noon + 1_790;
    expect((await decide(context, goOn(override?.review), alone)).validUntil).toBe(noon + 1_800);
    expect(context.opened).toHaveLength(1);
  });

  test('is asked everything again once they are over', async () => {
    const context = aWorld();
    const { override } = await decide(context, ask(), alone);
    context.world.now = noon + 1_800;
    const late = await decide(context, goOn(override?.review, {}, { fields: ['plan'] }), alone);
    expect(late).toMatchObject({ decision: false });
    expect(late.reason.text).toContain('State ground and reason again');
    expect((await decide(context, ask({}, { fields: ['plan'] }), alone)).reason.text).toContain(
      'less than a minute ago',
    );
  });

  const other = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '943 476 5870' };
  test.each<[string, (context: ReturnType<typeof aWorld>) => void, Parameters<typeof goOn>[2]]>([
    ['for another person concerned', () => undefined, { dataSubject: other }],
    ['for nobody named', () => undefined, { dataSubject: undefined! }],
    [
      'in another post',
      ({ world }) => {
        const posts = [aHeldPost(), aHeldPost({ id: 'post-2' })];
        Object.assign(world, { standings: [aStanding({ posts })] });
        world.presences!.token!.post = 'post-2';
      },
      {},
    ],
    ['when signed out', ({ world }) => void delete world.presences!.token, {}],
    [
      'under another text of the protocol',
      ({ world }) => {
        world.state = aState([aProtocol({ version: 2, clauses: [aClause(theClause)] })]);
      },
      {},
    ],
    [
      'under another clause',
      ({ world }) => {
        world.state = aState([aProtocol({ clauses: [aClause({ ...theClause, id: 'other' })] })]);
      },
      {},
    ],
    ['once they are suspended', ({ world }) => void (world.standings = [aStanding({ status: 'suspended' })]), {}],
  ])('goes on %s with nothing', async (_what, alter, resource) => {
    const context = aWorld();
    const { override } = await decide(context, ask(), alone);
    alter(context);
    const decision = await decide(context, goOn(override?.review, {}, { fields: ['plan'], ...resource }), alone);
    expect(decision).toMatchObject({ decision: false, fields: [] });
  });

  test('cannot open another clause of the same protocol with it', async () => {
    const terms = { ...theClause.override!, fields: ['health_summary'] };
    const context = aWorld({ others: [{ ...theClause, id: 'health', fields: ['health_summary'], override: terms }] });
    const { override } = await decide(context, ask({}, { fields: ['plan'] }), alone);
    const decision = await decide(context, goOn(override?.review, {}, { fields: ['health_summary'] }), alone);
    expect(decision).toMatchObject({ decision: false, fields: [] });
    expect(decision.reason.text).toContain('State ground and reason again');
  });

  test('cannot use somebody else’s review, nor one from another system', async () => {
    const context = aWorld({
      standings: [aStanding(), aStanding({ practitioner: 'hv-2', posts: [aHeldPost({ id: 'post-2' })] })],
      partners: [askingPartner(), askingPartner({ clientId: 'second' })],
    });
    const { override } = await decide(context, ask(), alone);
    Object.assign(context.world.presences!, {
      theirs: aPresence({ practitioner: 'hv-2', post: 'post-2' }),
      elsewhere: aPresence({ clientId: 'second' }),
    });
    const theirs = goOn(
      override?.review,
      { subject: { type: 'practitioner', id: 'hv-2' }, userToken: 'theirs' },
      { fields: ['plan'] },
    );
    expect((await decide(context, theirs, alone)).decision).toBe(false);
    const elsewhere = goOn(override?.review, { userToken: 'elsewhere' }, { fields: ['plan'] });
    expect((await decide(context, elsewhere, { clientId: 'second', alone: true })).decision).toBe(false);
  });

  test('cannot carry it to records of another agency', async () => {
    const holders = [gateshead, newcastle];
    const parties = ['RTD', ...holders].map((code) => aParty(code));
    const state = aState([aProtocol({ parties, clauses: [aClause({ ...theClause, holders })] })]);
    const context = aWorld({ state, partners: [askingPartner({ holds: holders })] });
    const { override } = await decide(context, ask(), alone);
    const decision = await decide(context, goOn(override?.review, {}, { agency: newcastle, fields: ['plan'] }), alone);
    expect(decision.decision).toBe(false);
    expect((await decide(context, ask({}, { agency: newcastle, fields: ['plan'] }), alone)).decision).toBe(true);
  });
});

describe('between review and record', () => {
  test('a decision that is made again goes on under the review that stands already', async () => {
    const context = aWorld();
    context.outcomes.push({ outcome: 'stale', epoch: 9 });
    const decision = await decide(context, ask(), alone);
    expect(decision).toMatchObject({ decision: true, override: { review: context.opened[0]?.id } });
    expect(context.opened).toHaveLength(1);
    expect(context.opened[0]?.decision).toBe(decision.id);
  });

  test('a session that ends takes the permission, and the review stays', async () => {
    const context = aWorld();
    context.outcomes.push({ outcome: 'stale', epoch: 9 });
    context.log.fence.catchUp = async () => void delete context.world.presences!.token;
    expect(await decide(context, ask({}, { fields: ['plan'] }), alone)).toMatchObject({ decision: false, fields: [] });
    expect(context.opened).toHaveLength(1);
  });

  test('nothing is recorded or answered when the review cannot be opened', async () => {
    const context = aWorld();
    context.reviews.open = () => Promise.reject(new Error('no database'));
    await expect(decide(context, ask(), alone)).rejects.toThrow('no database');
    expect(context.recorded).toEqual([]);
  });
});
