import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../platform/json.ts';
import { checkDraft } from '../../../../policy/governance/drafts/check_draft.ts';
import { completeDocument } from '../../../../policy/governance/drafts/complete.ts';
import { runExamples } from '../../../../policy/governance/drafts/run_examples.ts';
import { Protocol } from '../../../../policy/register/protocols/document.ts';
import { aDraft, openDrafts, type TestDrafts } from '../../../support/policy/drafts.ts';
import { aClause, anExample } from '../../../support/policy/documents.ts';

let test: TestDrafts;
beforeAll(async () => void (test = await openDrafts()));
afterAll(() => test.drop());

const check = (changes: object) => checkDraft(test.state(), aDraft(changes));
const withClause = (changes: object) => ({ clauses: [{ ...aClause(), ...changes }], examples: [] });

describe('checking a draft', () => {
  it('finds nothing in a draft that is ready, and fills in what nobody types', () => {
    const draft = aDraft();
    expect(checkDraft(test.state(), draft)).toEqual([]);
    const complete = completeDocument(test.state(), draft);
    const framework = [...test.state().protocols.values()][0]!;
    expect(complete).toMatchObject({
      type: 'wayleave-protocol',
      version: 1,
      framework: { id: 'regional-framework', hash: framework.hash },
      pins: {
        assets: { 'child-record': test.state().assets.get('child-record')?.hash },
        roles: { 'health-visitor': test.state().roles.get('health-visitor')?.hash },
      },
    });
    expect(Object.keys((complete.pins as { kinds: object }).kinds)).toEqual(['council', 'health']);
    expect(Protocol.safeParse(complete).success).toBe(true);
  });

  it('does not believe pins, number or federation that somebody typed', () => {
    const typed = { version: 9, supersedes: 'x', pins: { assets: { 'child-record': 'x' } }, federation: 'elsewhere' };
    expect(check(typed)).toEqual([]);
    expect(completeDocument(test.state(), aDraft(typed))).not.toHaveProperty('supersedes');
  });

  it('says of an empty draft what is missing, one sentence a place', () => {
    const issues = checkDraft(test.state(), {});
    expect(issues.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/id', '/tier', '/title', '/parties', '/clauses', '/dpia', '/valid', '/review']),
    );
    expect(new Set(issues.map(({ message }) => message))).toEqual(new Set(['Fill this in.']));
    expect(new Set(issues.map(({ pointer }) => pointer)).size).toBe(issues.length);
  });

  it.each([
    ['an empty title', { title: '' }, '/title', 'Fill this in.'],
    ['a title that is no text', { title: 7 }, '/title', 'This should be a text.'],
    ['a title that is too long', { title: 'x'.repeat(4_001) }, '/title', 'Shorten this to 4000 characters.'],
    ['nobody whom it is about', { data_subjects: [] }, '/data_subjects', 'Add at least one.'],
    [
      'a day that does not exist',
      { review: '2027-02-30' },
      '/review',
      'Write a day that exists, as year-month-day: 2027-01-31.',
    ],
    [
      'a part that is none',
      { secret: 1 },
      '/secret',
      'A protocol has no part “secret” here. Remove it, or move it where it belongs.',
    ],
    ['a choice that is none', { tier: 'both' }, '/tier', 'Choose one of: framework, operational.'],
    [
      'an unknown framework',
      { framework: { id: 'no-such' } },
      '/framework/id',
      'No framework of this name is in force: no-such.',
    ],
    ['no clause', { clauses: [], examples: [] }, '/clauses', 'An operational protocol needs at least one clause.'],
    [
      'an unknown type of record',
      withClause({ asset: 'no-record' }),
      '/clauses/0/asset',
      'No type of record of this name is published: no-record.',
    ],
    [
      'an unknown role',
      withClause({ recipients: [{ role: 'wizard', kind: 'health' }] }),
      '/clauses/0/recipients/0/role',
      'No role of this name is published: wizard.',
    ],
    [
      'a recipient without an agency or kind',
      withClause({ recipients: [{ role: 'health-visitor' }] }),
      '/clauses/0/recipients/0',
      'Name a role, and either one agency or a kind of agency.',
    ],
    [
      'an unknown rule of consent',
      withClause({ consent: { rule: 'maybe' } }),
      '/clauses/0/consent/rule',
      'Choose one of: not-required, inform, required.',
    ],
    [
      'a holder that is no party',
      withClause({ holders: ['E23000007'] }),
      '/clauses/0/holders/0',
      'E23000007 is not a party.',
    ],
    [
      'a field that the record has not',
      withClause({ fields: ['diary'] }),
      '/clauses/0/fields/0',
      'The asset child-record has no field diary.',
    ],
    [
      'an agency code in small letters',
      withClause({ holders: ['e08000021'] }),
      '/clauses/0/holders/0',
      'Use the agency’s official code.',
    ],
    [
      'a letter that only looks like one',
      { id: 'children-in-newc\u0430stle' },
      '/id',
      'Character 17, “\u0430” (U+0430), is not one of a code, whatever it looks like. Type it again.',
    ],
    [
      'a character that nobody sees in a code',
      { id: 'children\u200B' },
      '/id',
      'Character 9 cannot be seen (U+200B). Type this again.',
    ],
    [
      'a text that is read backwards',
      { summary: 'Nothing is \u202Edeviecer' },
      '/summary',
      'Character 12 cannot be seen (U+202E). Type this again.',
    ],
    ['a hidden key', { 'title\u2060': 'x' }, '/title\u2060', 'Character 6 cannot be seen (U+2060). Type this again.'],
  ])('says in words, at its place: %s', (_, changes, pointer, message) => {
    const issues = check(changes);
    expect(issues).toContainEqual({ pointer, message });
    expect(issues.filter((issue) => issue.pointer === pointer)).toHaveLength(1);
  });

  it('refuses a key that programs take for something else', () => {
    const draft = JSON.parse(`{"__proto__":{"title":"x"},${JSON.stringify(aDraft()).slice(1)}`) as JsonObject;
    expect(checkDraft(test.state(), draft).map(({ pointer }) => pointer)).toEqual(['/__proto__']);
    expect(({} as { title?: unknown }).title).toBeUndefined();
  });

  it('takes line ends and letters with accents in what people read', () => {
    expect(check({ summary: 'Première ligne\nSecond line\tÀ demain' })).toEqual([]);
  });

  it('refuses more than 1 MB before it looks further', () => {
    expect(check({ summary: 'x'.repeat(1_000_001) })).toEqual([
      { pointer: '', message: expect.stringContaining('1.0 MB') as unknown },
    ]);
  });
});

describe('the examples of a draft', () => {
  const results = (changes: object) => runExamples(test.state(), aDraft(changes));

  it('fail with what is expected and what would be answered, and hold once the clause is mended', () => {
    const wants = anExample({ expect: { decision: true, reason: 'permitted', fields: ['name', 'health_summary'] } });
    expect(results({ examples: [anExample(), wants] })).toEqual([
      expect.objectContaining({ index: 0, holds: true }),
      {
        index: 1,
        name: wants.name,
        expected: { decision: true, reason: 'permitted', fields: ['name', 'health_summary'] },
        got: { decision: true, reason: 'permitted', fields: ['name', 'address', 'school'] },
        holds: false,
      },
    ]);
    const mended = { clauses: [aClause({ fields: ['name', 'health_summary'] })], examples: [wants] };
    expect(results(mended)).toMatchObject([{ holds: true }]);
  });

  it.each([
    ['a sign-in', { presence: 'required' }, { present: true }, 'sign-in-needed'],
    ['agreement', { consent: { rule: 'required', as: 'confidence' } }, { consent: true }, 'consent-needed'],
    [
      'agreement as the lawful basis',
      { consent: { rule: 'required', as: 'lawful-basis' } },
      { consent: true },
      'consent-needed',
    ],
    ['involvement', { involvement: 'required' }, { involvement: true }, 'involvement-needed'],
  ] as const)('take the facts that they state: %s', (_, terms, facts, reason) => {
    const clauses = [aClause({ ...terms, explain: 'facts' })];
    const refused = anExample({ facts: {}, expect: { decision: false, reason, fields: [] } });
    expect(results({ clauses, examples: [anExample({ facts }), refused] })).toMatchObject([
      { holds: true },
      { holds: true },
    ]);
  });

  it('are about a record for which conditions hold, by somebody with every registration that is asked for', () => {
    const conditions = [{ attribute: 'risk', operator: 'lt' as const, value: 18 }];
    const clauses = [aClause({ conditions, registrations: ['NMC'], identity_level: 3, area: 'own' })];
    expect(results({ clauses })).toMatchObject([{ holds: true }]);
  });

  it('follow a prohibition of the draft, and those of other protocols in force', () => {
    const ban = aClause({ id: 'no-school', effect: 'prohibit', fields: ['school'] });
    const draft = { clauses: [aClause(), ban] };
    expect(results(draft)[0]?.got.fields).toEqual(['name', 'address']);
    const state = test.state();
    const other = Protocol.parse(completeDocument(state, aDraft({ id: 'another', clauses: [ban] })));
    const protocols = new Map(state.protocols);
    protocols.set('h', { ...[...protocols.values()][0]!, hash: 'h', document: other });
    expect(runExamples({ ...state, protocols }, aDraft())[0]?.got.fields).toEqual(['name', 'address']);
  });

  it('are not helped by what another protocol gives', () => {
    const state = test.state();
    const generous = aDraft({ id: 'another', clauses: [aClause({ fields: ['plan'] })] as never });
    const protocols = new Map(state.protocols);
    const document = Protocol.parse(completeDocument(state, generous));
    protocols.set('h', { ...[...protocols.values()][0]!, hash: 'h', document });
    expect(runExamples({ ...state, protocols }, aDraft())).toMatchObject([{ holds: true }]);
  });

  it('are decided while the rest of the draft is still being written', () => {
    const { clauses, examples, parties } = aDraft();
    const half = {
      clauses: [...(clauses as []), { id: 'half' }],
      examples: [...(examples as []), { name: 'half' }],
      parties,
    };
    expect(runExamples(test.state(), half as never)).toMatchObject([{ index: 0, holds: true }]);
    expect(runExamples(test.state(), {})).toEqual([]);
    expect(runExamples(test.state(), { examples: 'none' })).toEqual([]);
  });
});
