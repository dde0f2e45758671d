/** Deciding: the fence, the record, and what an answer may reveal. */
import { describe, expect, test } from '@jest/globals';
import { openHidden } from '../../../../policy/decisions/deciding/explanation.ts';
import { foresee, decide } from '../../../../policy/decisions/deciding/decide.ts';
import { decideTogether } from '../../../../policy/decisions/deciding/decide_together.ts';
import type { Clause } from '../../../../policy/register/protocols/document.ts';
import { aClause, anAsset, aProtocol } from '../../../support/policy/documents.ts';
import {
  aHeldPost,
  aPresence,
  aRequest,
  askingPartner,
  aStanding,
  aState,
  childId,
  inMemory,
  type InMemory,
  masterKey,
  noon,
  theChild,
} from '../../../support/policy/decisions.ts';
import { gateshead, hospitals, newcastle } from '../../../support/directory/directory.ts';

const casebook = { clientId: 'casebook' };
const signed = (...clauses: Partial<Clause>[]) => aState([aProtocol({ clauses: clauses.map(aClause) })]);
const withClauses = (clauses: Partial<Clause>[], world: InMemory = {}) =>
  inMemory({ state: signed(...clauses), ...world });

describe('the fence', () => {
  test('reads the epoch before any fact, and records under that epoch', async () => {
    const context = withClauses([{ presence: 'required', consent: { rule: 'required', as: 'confidence' } }], {
      presences: { t: aPresence() },
    });
    await decide(context, aRequest({ userToken: 't' }), casebook);
    expect(context.read).toEqual(['epoch', 'partner', 'presence', 'standing', 'consent', 'desk']);
    expect(context.recorded[0]?.guard).toEqual({ epoch: 5, validUntil: noon + 60 });
  });

  test('decides again from fresh facts when something was revoked meanwhile', async () => {
    const context = withClauses([{}]);
    context.outcomes.push({ outcome: 'stale', epoch: 9 });
    context.log.fence.catchUp = async (atLeast) => {
      context.read.push(`caught up with ${atLeast}`);
      context.world.standings = [aStanding({ status: 'suspended' })];
    };
    const decision = await decide(context, aRequest(), casebook);
    expect(context.read).toContain('caught up with 9');
    expect(decision).toMatchObject({ decision: false, reason: { code: 'suspended' } });
    expect(context.recorded).toHaveLength(1);
  });

  test('decides again when a fact ended before it was recorded', async () => {
    const context = withClauses([{}]);
    context.outcomes.push({ outcome: 'expired' });
    expect((await decide(context, aRequest(), casebook)).decision).toBe(true);
    expect(context.read.filter((what) => what === 'epoch')).toHaveLength(2);
  });

  test('answers nothing after three times', async () => {
    const context = withClauses([{}]);
    context.outcomes.push({ outcome: 'stale', epoch: 9 }, { outcome: 'expired' }, { outcome: 'stale', epoch: 10 });
    await expect(decide(context, aRequest(), casebook)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'decision-unsettled',
    });
    expect(context.recorded).toEqual([]);
  });

  test('answers nothing that could not be recorded', async () => {
    const context = withClauses([{}]);
    context.log.append = () => Promise.reject(new Error('no database'));
    await expect(decide(context, aRequest(), casebook)).rejects.toThrow('no database');
  });

  test('asks the register to look again past a date on which protocols change, and waits for it', async () => {
    const context = inMemory({ state: aState([aProtocol()], { nextBoundary: noon }) });
    await expect(decide(context, aRequest(), casebook)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'register-behind',
    });
    context.register.verify = async () => {
      context.world.state = aState([{ protocol: aProtocol(), status: 'expired' }]);
    };
    expect((await decide(context, aRequest(), casebook)).reason.code).toBe('protocol-not-in-force');
  });
});

describe('the partner that asks', () => {
  test('may not ask about records of an agency that it is not registered for', async () => {
    const context = withClauses([{}]);
    const request = aRequest({}, { agency: newcastle });
    await expect(decide(context, request, casebook)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'not-your-records',
    });
    expect(context.recorded).toEqual([]);
    expect(context.read).not.toContain('standing');
  });

  test.each([
    ['suspended', askingPartner({ status: 'suspended' })],
    ['without the scope', askingPartner({ scopes: ['directory.read'] })],
    ['unknown', askingPartner({ clientId: 'other' })],
  ])('is turned away when it is %s now, whatever its token says', async (_what, partner) => {
    const context = withClauses([{}], { partners: [partner] });
    await expect(decide(context, aRequest(), casebook)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'partner-suspended',
    });
    expect(context.recorded).toEqual([]);
  });

  test('that was suspended while its question was decided gets no answer', async () => {
    const context = withClauses([{}]);
    context.outcomes.push({ outcome: 'stale', epoch: 9 });
    context.log.fence.catchUp = async () => void (context.world.partners = [askingPartner({ status: 'suspended' })]);
    await expect(decide(context, aRequest(), casebook)).rejects.toMatchObject({ code: 'partner-suspended' });
  });
});

describe('presence', () => {
  const clauses = [{ presence: 'required' as const }];

  test.each([
    ['another person', aPresence({ practitioner: 'somebody-else' })],
    ['another client', aPresence({ clientId: 'other-client' })],
    ['a sign-in that is over', aPresence({ expiresAt: noon })],
  ])('of %s counts for nothing', async (_whose, presence) => {
    const context = withClauses(clauses, { presences: { t: presence } });
    const decision = await decide(context, aRequest({ userToken: 't' }), casebook);
    expect(decision.reason.code).toBe('sign-in-needed');
  });

  test('ends the answer with the sign-in', async () => {
    const context = withClauses(clauses, { presences: { t: aPresence({ expiresAt: noon + 20 }) } });
    const decision = await decide(context, aRequest({ userToken: 't' }), casebook);
    expect(decision).toMatchObject({ decision: true, validUntil: noon + 20 });
  });
});

describe('an answer', () => {
  const consents = [
    {
      agency: gateshead,
      protocol: 'safeguarding-children',
      basis: 'confidence' as const,
      state: 'given' as const,
      recordedAt: noon - 9,
      until: noon + 30,
    },
  ];
  const involvements = [{ agency: hospitals, practitioner: 'hv-1', from: noon - 9, until: noon + 25, confirmed: true }];
  const registration = {
    body: 'NMC',
    number: '12A3456E',
    evidence: 'checked' as const,
    lapsed: false,
    validUntil: noon + 15,
  };

  test.each<[string, Partial<Clause>, InMemory, number]>([
    ['a minute', {}, {}, 60],
    ['the post', {}, { standings: [aStanding({ posts: [aHeldPost({ until: noon + 40 })] })] }, 40],
    ['the agreement', { consent: { rule: 'required', as: 'confidence' } }, { consents }, 30],
    ['the involvement', { involvement: 'required' }, { involvements }, 25],
    [
      'the check of the registration',
      { registrations: ['NMC'] },
      { standings: [aStanding({ registrations: [registration] })] },
      15,
    ],
  ])('counts no longer than %s', async (_what, clause, world, seconds) => {
    const decision = await decide(withClauses([clause], world), aRequest(), casebook);
    expect(decision).toMatchObject({ decision: true, validUntil: noon + seconds });
  });

  test('counts no longer than the protocols that it rests on', async () => {
    const context = inMemory({ state: aState([aProtocol()], { nextBoundary: noon + 10 }) });
    expect((await decide(context, aRequest(), casebook)).validUntil).toBe(noon + 10);
  });

  test('cites every clause that contributed, and only those', async () => {
    const context = withClauses([
      { id: 'one', fields: ['name', 'school'] },
      { id: 'two', fields: ['school', 'address'] },
      { id: 'three', fields: ['plan'] },
    ]);
    const decision = await decide(context, aRequest({}, { fields: ['name', 'school'] }), casebook);
    expect(decision.clauses.map(({ clause }) => clause)).toEqual(['one', 'two']);
  });

  test('needs no clause whose duty the system does not understand where another gives the same', async () => {
    const obligations = [{ id: 'tell', type: 'notification' as const, text: 'Tell them.', properties: {} }];
    const decision = await decide(withClauses([{ id: 'one', obligations }, { id: 'two' }]), aRequest(), casebook);
    expect(decision).toMatchObject({ decision: true, obligations: [], clauses: [{ clause: 'two' }] });
  });

  test('names the nearest clause: the one with the fewest unmet needs', async () => {
    const context = withClauses([
      { id: 'far', presence: 'required', identity_level: 3 },
      { id: 'near', presence: 'required' },
    ]);
    const decision = await decide(context, aRequest(), casebook);
    expect(decision.withheld[0]).toMatchObject({ reason: 'sign-in-needed', clause: { clause: 'near' } });
    expect(decision.missing.map(({ need, clause }) => [need, clause.clause])).toEqual([['sign-in-needed', 'near']]);
  });

  test('in plain mode counts as understanding nothing: no subset, no duty', async () => {
    const context = withClauses([{ fields: ['name'] }], {
      partners: [askingPartner({ understands: ['fields', 'notification'] })],
    });
    const request = aRequest({}, { fields: ['name', 'plan'] });
    expect((await decide(context, request, casebook)).decision).toBe(true);
    expect((await decide(context, request, { ...casebook, plain: true })).decision).toBe(false);
  });

  test('looks facts up only where a clause for this purpose asks for them, whether or not its conditions hold', async () => {
    const context = withClauses([
      { id: 'one' },
      { id: 'other-purpose', purposes: ['early-help'], consent: { rule: 'required', as: 'confidence' } },
      { id: 'other-condition', involvement: 'required', conditions: [{ attribute: 'risk', operator: 'gt', value: 1 }] },
    ]);
    for (const risk of [0, 2]) {
      context.read.length = 0;
      await decide(context, aRequest({}, { attributes: { risk } }), casebook);
      expect(context.read.filter((what) => what !== 'desk')).toEqual(['epoch', 'partner', 'standing', 'involvement']);
    }
  });

  test('is a refusal where a damaged text may have forbidden it', async () => {
    const damaged = { hash: 'h', id: 'other', version: 1, signedBy: [hospitals], prohibits: true };
    const context = inMemory({ state: aState([aProtocol()], { damaged: new Map([['h', damaged]]) }) });
    const decision = await decide(context, aRequest(), casebook);
    expect(decision).toMatchObject({ decision: false, reason: { code: 'protocol-not-in-force' } });
  });
});

describe('who may know why', () => {
  const hidden: Partial<Clause> = {
    consent: { rule: 'required', as: 'confidence' },
    involvement: 'required',
    conditions: [{ attribute: 'risk', operator: 'lt', value: 5 }],
    explain: 'policy',
  };
  const word = {
    agency: gateshead,
    protocol: 'safeguarding-children',
    basis: 'confidence' as const,
    recordedAt: noon - 9,
  };
  const involvements = [{ agency: hospitals, practitioner: 'hv-1', from: noon - 9, confirmed: true }];

  /** The answer without what differs from one decision to the next. */
  const shape = async (world: InMemory, risk: number) => {
    const decision = await decide(withClauses([hidden], world), aRequest({}, { attributes: { risk } }), casebook);
    return { ...decision, id: '' };
  };

  test('the recipient cannot tell one unmet fact about the person from another', async () => {
    const nothing = await shape({}, 1);
    expect(nothing.reason.code).toBe('condition-not-met');
    expect(await shape({ consents: [{ ...word, state: 'refused' }] }, 1)).toEqual(nothing);
    expect(await shape({ consents: [{ ...word, state: 'given' }] }, 1)).toEqual(nothing);
    expect(await shape({ involvements }, 1)).toEqual(nothing);
    expect(await shape({ involvements, consents: [{ ...word, state: 'given' }] }, 9)).toEqual(nothing);
    expect((await shape({ involvements, consents: [{ ...word, state: 'given' }] }, 1)).decision).toBe(true);
  });

  test.each(['policy', 'facts'] as const)(
    'a shield looks like any other condition where a clause explains %s',
    async (explain) => {
      const shield: Partial<Clause> = {
        id: 'shield',
        effect: 'prohibit',
        conditions: [{ attribute: 'shielded', operator: 'eq', value: true }],
      };
      const clauses = [
        { id: 'open', explain, conditions: [{ attribute: 'risk', operator: 'lt' as const, value: 5 }] },
        shield,
      ];
      const shielded = await decide(
        withClauses(clauses),
        aRequest({}, { attributes: { risk: 1, shielded: true } }),
        casebook,
      );
      const risky = await decide(
        withClauses(clauses),
        aRequest({}, { attributes: { risk: 9, shielded: false } }),
        casebook,
      );
      expect({ ...shielded, id: '' }).toEqual({ ...risky, id: '' });
      expect(JSON.stringify(shielded)).not.toContain('shield');
    },
  );

  test('the holding agency’s officers see all of it, sealed in the record', async () => {
    const context = withClauses([hidden], { involvements, consents: [{ ...word, state: 'refused' }] });
    const { id } = await decide(context, aRequest({}, { attributes: { risk: 1 } }), casebook);
    const { content, sealed } = context.recorded[0]!;
    const entry = { id, event: 'decision', content, sealed: sealed! };
    expect(openHidden(masterKey, entry)).toMatchObject([
      {
        subject: theChild,
        explanation: { attributes: { risk: 1 }, clauses: [{ clause: 'c1', unmet: ['consent-refused'] }] },
      },
    ]);
    expect(JSON.stringify(content)).not.toMatch(/consent|refused|risk/);
    expect(openHidden(masterKey, { ...entry, id: theChild })).toBeUndefined();
    const other = { commitment: sealed!.commitment.replace(/^./, '_'), text: sealed!.text };
    expect(openHidden(masterKey, { ...entry, sealed: other })).toBeUndefined();
  });

  test('the record has a sealed part whether or not there was something to hide', async () => {
    const context = withClauses([hidden], { involvements, consents: [{ ...word, state: 'given' }] });
    await decide(context, aRequest({}, { attributes: { risk: 1 } }), casebook);
    expect(context.recorded[0]!.content.answer).toMatchObject({ decision: true });
    expect(context.recorded[0]!.sealed!.commitment).toEqual(expect.any(String));
  });

  test('the sealed part is as long whatever was hidden, by itself and among others', async () => {
    const worlds: InMemory[] = [
      {},
      { involvements },
      { consents: [{ ...word, state: 'refused' }] },
      { involvements, consents: [{ ...word, state: 'given' }] },
    ];
    const lengths = new Set<string>();
    for (const one of worlds) {
      for (const risk of [1, 9]) {
        const context = withClauses([hidden], one);
        const request = aRequest({}, { attributes: { risk } });
        await decide(context, request, casebook);
        await decideTogether(context, [request, aRequest({}, { id: 'another' })], casebook, () => undefined);
        lengths.add(JSON.stringify(context.recorded.map(({ sealed }) => sealed!.commitment.length)));
      }
    }
    expect([...lengths]).toHaveLength(1);
  });
});

describe('the record', () => {
  test('is readable by the acting and the holding agency, and knows who, what, on which rules and at which epoch', async () => {
    const context = withClauses([{ presence: 'required' }], { presences: { t: aPresence() } });
    const decision = await decide(context, aRequest({ userToken: 't' }), casebook);
    expect(context.recorded[0]).toMatchObject({
      id: decision.id,
      event: 'decision',
      actor: { client: 'casebook', practitioner: 'hv-1', post: 'post-hv', agency: hospitals },
      agencies: [gateshead, hospitals],
      subject: 'hv-1',
      content: {
        request: {
          action: 'read',
          purpose: 'safeguarding',
          resource: { type: 'child-record', agency: gateshead, id: 'case-17' },
        },
        answer: { decision: true, context: { id: decision.id, fields: ['name'], valid_until: noon + 60 } },
        caller: { client: 'casebook', agency: gateshead, understands: ['fields'] },
        standing: { role: 'health-visitor', agency: hospitals, presence: { level: 2, session: 'session-1' } },
        register: { sequence: 7, hash: 'head-7' },
        epoch: 5,
      },
    });
  });

  test('holds no token, no identifier of the data subject, not even a pseudonym, no unknown attribute', async () => {
    const context = withClauses([{}]);
    const attributes = { nhs_note: 'very private', risk: 3 };
    await decide(context, aRequest({ userToken: 'secret-token' }, { id: childId.value, attributes }), casebook);
    const { sealed, id, event, content } = context.recorded[0]!;
    const hidden = openHidden(masterKey, { id: id!, event, content, sealed: sealed! })!;
    const secrets = ['secret-token', childId.value, '9434765919', 'very private', 'nhs_note'];
    for (const text of [JSON.stringify(context.recorded[0]), JSON.stringify(hidden)])
      for (const secret of secrets) expect(text).not.toContain(secret);
    expect(JSON.stringify(context.recorded[0])).not.toContain(theChild);
    expect(hidden[0]!.subject).toBe(theChild);
  });

  test('is made for refusals too, and for people nobody knows', async () => {
    const context = withClauses([{}], { standings: [] });
    const decision = await decide(context, aRequest(), casebook);
    expect(decision.reason.code).toBe('unknown-subject');
    expect(context.recorded[0]).toMatchObject({ id: decision.id, agencies: [gateshead], content: { standing: null } });
  });

  test('is not made by considering alone', async () => {
    const context = withClauses([{}]);
    await foresee(context, aRequest(), casebook);
    expect(context.recorded).toEqual([]);
  });

  test('never writes into the request', async () => {
    const request = aRequest(
      {},
      { attributes: Object.freeze({ risk: 1, __caslSubjectType__: 'x' }), fields: Object.freeze(['name']) as string[] },
    );
    const before = structuredClone(request);
    await decide(
      inMemory({ state: aState([aProtocol()], { assetList: [anAsset()] }) }),
      Object.freeze(request),
      casebook,
    );
    expect(request).toEqual(before);
  });
});
