import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { groupChanges } from '../../../../policy/governance/drafts/group_changes.ts';
import { whatChanges } from '../../../support/policy/changes.ts';
import { aDraft, openDrafts, type TestDrafts } from '../../../support/policy/drafts.ts';
import { effortOf } from '../../../support/platform/effort.ts';
import { aClause } from '../../../support/policy/documents.ts';

let test: TestDrafts;
beforeAll(async () => {
  test = await openDrafts();
  const id = await test.begin();
  await test.put(id);
  for (const agency of [test.agencies.council, test.agencies.health]) await test.signDraft(id, agency);
});
afterAll(() => test.drop());

const place = {
  agency: 'RTD',
  role: 'health-visitor',
  asset: 'child-record',
  holder: 'E08000037',
  purpose: 'safeguarding',
  action: 'read',
};
const none = { gains: [], loses: [], stricter: [], looser: [] };
const changes = (...clauses: ReturnType<typeof aClause>[]) =>
  whatChanges(test.state(), aDraft({ clauses: clauses as never, examples: [] }));

describe('what a draft changes', () => {
  it('is nothing where it says what is in force', () => {
    expect(changes(aClause())).toEqual([]);
    expect(changes(aClause({ text: 'In other words.' }))).toEqual([]);
  });

  it('is everything where no version is in force', () => {
    expect(whatChanges(test.state(), aDraft({ id: 'new' }))).toEqual([
      { ...place, ...none, gains: ['name', 'address', 'school'] },
    ]);
  });

  it('names fields gained and lost, for each role, purpose and action', () => {
    const other = aClause({ id: 'more', actions: ['update'], fields: ['plan'] });
    expect(changes(aClause({ fields: ['name', 'plan'] }), other)).toEqual([
      { ...place, ...none, gains: ['plan'], loses: ['address', 'school'] },
      { ...place, ...none, action: 'update', gains: ['plan'] },
    ]);
    const nurse = aClause({ recipients: [{ role: 'social-worker', agency: 'E08000037' }] });
    expect(changes(nurse)).toEqual([
      { ...place, ...none, agency: 'E08000037', role: 'social-worker', gains: ['name', 'address', 'school'] },
      { ...place, ...none, loses: ['name', 'address', 'school'] },
    ]);
  });

  it('counts what a prohibition takes, whole or under a condition', () => {
    const ban = aClause({ id: 'no-school', effect: 'prohibit', fields: ['school'] });
    expect(changes(aClause(), ban)).toEqual([{ ...place, ...none, loses: ['school'] }]);
    const sometimes = { ...ban, conditions: [{ attribute: 'shielded', operator: 'eq' as const, value: false }] };
    expect(changes(aClause(), sometimes)).toEqual([
      { ...place, ...none, stricter: ['school: now: never where shielded is false'] },
    ]);
    expect(changes(aClause(), { ...ban, area: 'own' })).toEqual([
      { ...place, ...none, stricter: ['school: now: never where the record is of the own area'] },
    ]);
  });

  it.each([
    [{ presence: 'required' as const }, ['now: the person is signed in']],
    [
      { consent: { rule: 'required' as const, as: 'confidence' as const } },
      ['now: the person’s agreement, in confidence'],
    ],
    [{ consent: { rule: 'inform' as const } }, ['now: the person is told']],
    [{ involvement: 'required' as const }, ['now: the practitioner works with the person']],
    [{ registrations: ['NMC', 'GMC'] }, ['now: a checked entry on GMC or NMC']],
    [{ identity_level: 2 }, ['now: identity checked to level 2 or above']],
    [{ area: 'own' as const }, ['now: only records of the area that the team or agency serves']],
    [{ conditions: [{ attribute: 'risk', operator: 'lt' as const, value: 18 }] }, ['now: only where risk is below 18']],
  ])('says what is asked in addition: %j', (terms, stricter) => {
    expect(changes(aClause(terms))).toEqual([{ ...place, ...none, stricter }]);
  });

  it('says in which direction a requirement moved, and when it is asked no longer', async () => {
    const id = await test.begin(aDraft({ id: 'strict', clauses: [strict()] as never, examples: [] }));
    await test.put(id);
    for (const agency of [test.agencies.council, test.agencies.health]) await test.signDraft(id, agency);
    const against = (clause: object) =>
      whatChanges(test.state(), aDraft({ id: 'strict', clauses: [clause] as never, examples: [] }));
    expect(against(strict())).toEqual([]);
    expect(against({ ...strict(), identity_level: 1, consent: { rule: 'inform' }, registrations: [] })).toEqual([
      {
        ...place,
        ...none,
        looser: [
          'now: identity checked to level 1 or above (before: identity checked to level 2 or above)',
          'no longer: a checked entry on NMC',
          'now: the person is told (before: the person’s agreement, in confidence)',
        ],
      },
    ]);
    expect(against({ ...strict(), registrations: ['NMC', 'GMC'] })).toMatchObject([
      { looser: ['now: a checked entry on GMC or NMC (before: a checked entry on NMC)'], stricter: [] },
    ]);
    const override = {
      roles: ['health-visitor'],
      grounds: ['vital-interests' as const],
      fields: ['name'],
      minutes: 30,
    };
    expect(against({ ...strict(), override })).toMatchObject([
      { looser: ['now: may be overridden in an emergency, for 30 minutes'], stricter: [] },
    ]);
  });

  it('sees that a second clause makes it easier to be given the same', () => {
    const strictly = aClause({ id: 'strictly', involvement: 'required' });
    expect(changes(aClause(), strictly)).toEqual([
      { ...place, ...none, looser: ['there is a further way to be given this'] },
    ]);
  });

  it('reads as sentences: roles, agencies, records and fields by their names', () => {
    const clauses = [aClause(), aClause({ id: 'other', recipients: [{ role: 'social-worker', kind: 'council' }] })];
    const draft = aDraft({ id: 'new', clauses: clauses as never, examples: [] });
    expect(groupChanges(test.state(), draft)).toEqual([
      {
        role: { code: 'social-worker', name: 'Social worker' },
        agencies: [{ code: 'E08000037', name: 'Gateshead Council' }],
        asset: { code: 'child-record', name: 'Child’s record' },
        holders: [{ code: 'E08000037', name: 'Gateshead Council' }],
        purposes: [{ code: 'safeguarding', name: 'Safeguarding children' }],
        actions: ['read'],
        ...none,
        gains: ['Name', 'Address', 'School'],
      },
      expect.objectContaining({ role: { code: 'health-visitor', name: 'Health visitor' } }),
    ]);
  });

  it('tells a holder that left from one that stayed, however alike the clauses treat them', () => {
    const state = test.state();
    const agencies = new Map([
      ...state.agencies,
      ['E08000021', { ...state.agencies.get('E08000037')!, code: 'E08000021' }],
    ]);
    const parties = [...(aDraft().parties as object[]), { ...(aDraft().parties as object[])[0], agency: 'E08000021' }];
    const both = aClause({ holders: ['E08000037', 'E08000021'] });
    const draft = aDraft({ id: 'new', parties: parties as never, clauses: [both] as never, examples: [] });
    const holders = (some: typeof agencies) =>
      whatChanges({ ...state, agencies: some }, draft).map(({ holder }) => holder);
    expect(holders(agencies)).toEqual(['E08000021', 'E08000037']);
    agencies.set('E08000037', { ...state.agencies.get('E08000037')!, endedAt: 9 });
    expect(holders(agencies)).toEqual(['E08000021']);
  });

  it('is worked out as fast for two hundred parties as for a few', async () => {
    const state = test.state();
    const agencies = new Map(state.agencies);
    const codes = Array.from({ length: 198 }, (_, index) => `${index % 2 === 0 ? 'C' : 'H'}${1000 + index}`);
    const [council, health] = aDraft().parties as [object, object];
    for (const code of codes) {
      const like = code.startsWith('C') ? 'E08000037' : 'RTD';
      agencies.set(code, { ...state.agencies.get(like)!, code });
    }
    const parties = codes.map((agency) => ({ ...(agency.startsWith('C') ? council : health), agency }));
    const holders = codes.filter((code) => code.startsWith('C'));
    const recipients = [
      { role: 'health-visitor', kind: 'health' },
      { role: 'social-worker', kind: 'council' },
    ];
    const clauses = Array.from({ length: 100 }, (_, index) => aClause({ id: `c${index}`, holders, recipients }));
    const draft = aDraft({ id: 'large', parties: parties as never, clauses: clauses as never, examples: [] });
    let groups: ReturnType<typeof groupChanges> = [];
    const effort = await effortOf(() => (groups = groupChanges({ ...state, agencies }, draft)));
    expect(effort).toBeLessThan(3_000);
    expect(groups.map((group) => [group.role.code, group.agencies.length, group.holders.length])).toEqual([
      ['social-worker', 99, 99],
      ['health-visitor', 99, 99],
    ]);
  });

  it('merges for the reader only what is true of each', () => {
    const sharing = (id: string, holders: string[], purposes: string[]) => aClause({ id, holders, purposes });
    const purposes = ['safeguarding', 'early-help'].map((code) => ({
      code,
      name: code,
      aim: 'x',
      benefit: 'x',
      necessity: 'x',
    }));
    const clauses = [sharing('a', ['E08000037'], ['safeguarding']), sharing('b', ['RTD'], ['early-help'])];
    const draft = aDraft({ id: 'new', purposes, clauses: clauses as never, examples: [] });
    const read = groupChanges(test.state(), draft).map((group) => [group.holders[0]?.code, group.purposes[0]?.code]);
    expect(read).toEqual([
      ['E08000037', 'safeguarding'],
      ['RTD', 'early-help'],
    ]);
  });

  it('is worked out while the draft is half written', () => {
    const clauses = [aClause({ fields: ['name', 'address', 'school', 'plan'] }), { id: 'half' }];
    const { parties } = aDraft();
    expect(whatChanges(test.state(), { id: 'children-in-newcastle', parties, clauses })).toEqual([
      { ...place, ...none, gains: ['plan'] },
    ]);
  });
});

function strict() {
  return aClause({
    consent: { rule: 'required', as: 'confidence' },
    registrations: ['NMC'],
    identity_level: 2,
  });
}
