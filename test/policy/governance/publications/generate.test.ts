/** What every protocol of the demo, and every template, writes about itself. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { flowGraph } from '../../../../policy/governance/publications/flow_graph.ts';
import { drawFlows } from '../../../../policy/governance/publications/flow_map.ts';
import { listFlows } from '../../../../policy/governance/publications/flows.ts';
import { proseOf, type GeneratedDocument } from '../../../../policy/governance/publications/document.ts';
import { practitionerGuide, rolesWithGuide } from '../../../../policy/governance/publications/guide.ts';
import { documentKinds, writeDocument } from '../../../../policy/governance/publications/kinds.ts';
import { readingAge, wantedAge } from '../../../../policy/governance/publications/reading_age.ts';
import { consentQuestions, sharesWithoutAsking } from '../../../../policy/governance/publications/consent_questions.ts';
import { listShares } from '../../../../policy/governance/publications/shares.ts';
import { fieldTitle, membersOf, type Source, sourceOf } from '../../../../policy/governance/publications/source.ts';
import { completeDocument } from '../../../../policy/governance/drafts/complete.ts';
import { Protocol } from '../../../../policy/register/protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../../../../policy/register/chain/state.ts';
import { fillTemplate } from '../../../../policy/governance/templates/fill.ts';
import { templates } from '../../../../policy/governance/templates/templates.ts';
import { type RunningApplication, startApplication } from '../../../support/application/application.ts';
import { protocolNamed, stateOf } from '../../../support/policy/publish.ts';

let service: RunningApplication;
let state: RegisterState;
let sources: Source[];

beforeAll(async () => {
  service = await startApplication();
  state = stateOf(service);
  sources = [...state.protocols.values(), ...templates.map((template) => filled(template))].map((one) =>
    sourceOf(state, one),
  );
});
afterAll(() => service.close());

const parties = ['E08000037', 'RTD', 'E23000007', 'URN:146752', 'CHARITY:500640'];

/** A template as its parties would sign it. */
function filled(template: (typeof templates)[number]): RegisteredProtocol {
  const some = parties.filter((code) => template.kinds.includes(state.agencies.get(code)!.kind));
  const dpia = { reference: 'DPIA-2026-7', completed: '2026-01-31' };
  const draft = fillTemplate(template, state, { owner: 'E08000037', today: '2027-01-04', dpia, parties: some });
  const document = Protocol.parse(completeDocument(state, draft));
  const { hash: framework } = protocolNamed(state, 'north-east-framework');
  return {
    ...protocolNamed(state, 'north-east-framework'),
    document,
    hash: document.id,
    ...(document.tier === 'operational' && { framework }),
  };
}

type Written = { name: string; source: Source; agency: string; kind: string; document: GeneratedDocument };

function everyDocument(): Written[] {
  return sources.flatMap((source) =>
    membersOf(source).flatMap((party) =>
      documentKinds.flatMap((kind) => {
        const document = writeDocument(source, party, kind);
        const name = `${source.protocol.title} / ${party.agency} / ${kind}`;
        return document === undefined ? [] : [{ name, source, agency: party.agency, kind, document }];
      }),
    ),
  );
}

const wordsOf = (document: GeneratedDocument): string => JSON.stringify(document);

describe('documents that protocols write about themselves', () => {
  it('exist for the demo’s protocols and for every template', () => {
    expect(sources.length).toBe(state.protocols.size + templates.length);
    expect(everyDocument().length).toBeGreaterThan(150);
  });

  it('name every purpose and every job that receives something, in each statement', () => {
    for (const { name, source, kind, document } of everyDocument()) {
      if (!kind.startsWith('privacy') && !kind.startsWith('children')) continue;
      const words = wordsOf(document);
      for (const purpose of source.protocol.purposes)
        expect([name, words]).toEqual([name, expect.stringContaining(purpose.name)]);
      for (const { receivers } of listShares(source)) {
        for (const receiver of receivers) expect([name, words.includes(receiver.name)]).toEqual([name, true]);
      }
    }
  });

  it('never show as shared what is always forbidden, also where another clause gives it', () => {
    let looked = 0;
    for (const source of sources) {
      const { clauses } = source.protocol;
      for (const bar of clauses.filter(({ effect, conditions }) => effect === 'prohibit' && conditions.length === 0)) {
        const gift = { ...bar, id: 'gift', effect: 'permit' as const };
        const given = { ...source, protocol: { ...source.protocol, clauses: [...clauses, gift] } };
        const titles = bar.fields.map((field) => fieldTitle(source, bar.asset, field));
        for (const share of listShares(given).filter(({ asset }) => asset === bar.asset)) {
          const same = share.receivers.some(({ role }) => bar.recipients.some((one) => one.role === role));
          if (!same || !share.purposes.some(({ code }) => bar.purposes.includes(code))) continue;
          looked += 1;
          const shown = share.fields.filter(({ title }) => titles.includes(title));
          expect([source.protocol.id, bar.id, shown]).toEqual([source.protocol.id, bar.id, []]);
        }
      }
    }
    expect(looked).toBeGreaterThan(5);
  });

  it('hold no code and no underscore where people read', () => {
    for (const { name, source, document } of everyDocument()) {
      const words = wordsOf(document);
      expect([name, /[a-z]_[a-z]/.exec(words.replaceAll(/\S+@\S+/g, ''))?.[0]]).toEqual([name, undefined]);
      const codes = source.protocol.clauses.flatMap(({ asset, recipients, id }) => [
        asset,
        id,
        ...recipients.map(({ role }) => role),
      ]);
      const coded = codes.filter((code) => code.includes('-') && !isPlain(source, code) && words.includes(code));
      expect([name, coded]).toEqual([name, []]);
    }
  });

  it('can be read at nine', () => {
    for (const { name, document } of everyDocument()) {
      const { age } = readingAge(document);
      expect([name, age, age <= wantedAge]).toEqual([name, age, true]);
    }
  });

  it('say whose they are, how to reach the data protection officer, and where to complain', () => {
    for (const { name, source, agency, document } of everyDocument()) {
      const party = membersOf(source).find((one) => one.agency === agency)!;
      expect([name, document.about]).toEqual([name, expect.stringContaining(party.name)]);
      expect([name, wordsOf(document)]).toEqual([name, expect.stringContaining(party.dpo.email)]);
    }
  });

  it('differ in nothing from one writing to the next', () => {
    expect(everyDocument()).toEqual(everyDocument());
  });
});

/** "follow-up" and the like are English as they stand, where a text of the protocol itself says them. */
function isPlain({ protocol }: Source, code: string): boolean {
  return [protocol.title, protocol.privacy_notice, ...protocol.purposes.map(({ name }) => name)]
    .join(' ')
    .includes(code);
}

describe('the consent form', () => {
  it('asks only where a clause needs a yes, and the agency has part in it', () => {
    for (const { source, agency, kind, document } of everyDocument()) {
      if (kind !== 'consent-form') continue;
      const questions = consentQuestions(source, agency);
      const asked = document.sections.filter(({ heading }) => heading.startsWith('Question'));
      expect(asked).toHaveLength(questions.length);
      for (const { shares } of questions) {
        expect(shares.every(({ clause }) => clause.consent.rule === 'required')).toBe(true);
      }
    }
    const youth = sourceOf(state, protocolNamed(state, 'youth-offending'));
    expect(membersOf(youth).map((party) => writeDocument(youth, party, 'consent-form'))).toEqual(
      membersOf(youth).map(() => undefined),
    );
  });

  it('says which basis a yes is, and tells what is not asked with the way to object', () => {
    const children = sourceOf(state, protocolNamed(state, 'safeguarding-children'));
    const council = membersOf(children).find(({ agency }) => agency === 'E08000037')!;
    const form = writeDocument(children, council, 'consent-form')!;
    const words = wordsOf(form);
    expect(words).toContain('Agreement under the duty of confidence');
    expect(words).not.toContain('Consent under UK GDPR');
    const told = form.sections.find(({ heading }) => heading === 'What we do not ask, but tell you')!;
    expect(JSON.stringify(told)).toContain('Protecting a child from harm');
    expect(JSON.stringify(told)).toContain(council.dpo.email);
    const question = form.sections.find(({ heading }) => heading.startsWith('Question 1'))!;
    expect(JSON.stringify(question)).not.toContain('Police officer');
    const discharge = sourceOf(state, protocolNamed(state, 'hospital-discharge'));
    const charity = membersOf(discharge).find(({ agency }) => agency === 'CHARITY:702561')!;
    expect(wordsOf(writeDocument(discharge, charity, 'consent-form')!)).toContain('Consent under UK GDPR');
  });

  it('promises to tell only where a clause says so, and the law as the reason only to whom it gives a task', () => {
    let untold = 0;
    for (const { name, source, agency, kind, document } of everyDocument()) {
      if (kind !== 'consent-form' && kind !== 'leaflet') continue;
      const party = membersOf(source).find((one) => one.agency === agency)!;
      const told = sharesWithoutAsking(source, agency).some(({ clause }) => clause.consent.rule === 'inform');
      if (!told) untold += 1;
      expect([name, wordsOf(document).includes('We will tell you')]).toEqual([name, told]);
      const task = party.lawful_basis.article6.some((code) => code === 'e' || code === 'c');
      if (!task) expect([name, wordsOf(document).includes('The law gives us')]).toEqual([name, false]);
    }
    expect(untold).toBeGreaterThan(0);
  });

  it('asks who says it, about capacity, and for the child’s own view', () => {
    const children = sourceOf(state, protocolNamed(state, 'safeguarding-children'));
    const words = wordsOf(writeDocument(children, membersOf(children)[0]!, 'consent-form')!);
    for (const each of [
      'parental responsibility',
      'deputy or attorney',
      'advocate',
      'What the child says',
      'what it means to say yes or no',
    ]) {
      expect(words).toContain(each);
    }
  });
});

describe('a clause of which a prohibition takes a part', () => {
  it('shows the part to those alone who still get it', () => {
    const children = sourceOf(state, protocolNamed(state, 'safeguarding-children'));
    const { clauses } = children.protocol;
    const bar = {
      ...clauses.find(({ id }) => id === 'no-birth-family')!,
      fields: ['health_needs'],
      recipients: [{ role: 'social-worker', kind: 'council' }],
    };
    const source = { ...children, protocol: { ...children.protocol, clauses: [...clauses, bar] } };
    const shares = listShares(source).filter(({ clause }) => clause.id === 'social-workers');
    const seesHealth = (role: string): boolean =>
      shares.some(
        ({ receivers, fields }) =>
          receivers.some((one) => one.role === role) && fields.some(({ name }) => name === 'health_needs'),
      );
    expect(seesHealth('social-worker')).toBe(false);
    expect(seesHealth('senior-social-worker')).toBe(true);
  });
});

describe('an agency that joined later', () => {
  it('receives in every document what is open to it, and is nobody while it has stopped', () => {
    const children = protocolNamed(state, 'safeguarding-children');
    const party = {
      ...children.document.parties.find(({ kind }) => kind === 'school')!,
      agency: 'URN:136352',
      name: 'Macmillan Academy',
    };
    const joined = (suspended: boolean): Source =>
      sourceOf(state, {
        ...children,
        acceded: [{ agency: party.agency, kind: 'school', party, suspended, position: 1, signatures: [] as never }],
      });
    const form = writeDocument(joined(false), party, 'consent-form')!;
    expect(wordsOf(form)).toContain('Macmillan Academy');
    expect(rolesWithGuide(joined(false), party.agency).map(({ code }) => code)).toContain('teacher');
    expect(membersOf(joined(true)).map(({ agency }) => agency)).not.toContain(party.agency);
    const council = children.document.parties[0]!;
    expect(wordsOf(writeDocument(joined(false), council, 'privacy')!)).toContain('Macmillan Academy');
    expect(wordsOf(writeDocument(joined(true), council, 'privacy')!)).not.toContain('Macmillan Academy');
  });
});

describe('the guide', () => {
  it('says how many of those that hold what a job may see it does not name', () => {
    const source = sources[0]!;
    const asked = sources.find((one) => listShares(one).length > 0)!;
    const [party] = asked.parties;
    const many = Array.from({ length: 9 }, (_, at) => ({ ...party!, agency: `T${at}`, name: `Agency ${at}` }));
    const few = { ...asked, parties: many.slice(0, 3) };
    const nobody = { code: 'no-such-job', name: 'No such job' };
    const words = (one: Source) => proseOf(practitionerGuide(one, many[0]!, nobody, [])).join(' ');
    expect(source.parties.length).toBeGreaterThan(0);
    expect(words({ ...asked, parties: many })).toContain('3 more agencies are not named here. The directory');
    expect(words(few)).not.toContain('not named here');
  });

  it('is there for every job that receives, and says what is never given and whom to ring', () => {
    for (const source of sources) {
      for (const party of membersOf(source)) {
        for (const role of rolesWithGuide(source, party.agency)) {
          const guide = practitionerGuide(source, party, role, [
            { agencyName: 'Gateshead Council', name: 'Duty desk', phone: '0191 498 0522', hours: 'Always' },
          ]);
          expect(guide.sections.map(({ heading }) => heading)).toEqual(
            expect.arrayContaining([
              'You may see',
              'Do I need consent?',
              'If you are refused',
              'Who decides, and whom to ring',
            ]),
          );
          expect(wordsOf(guide)).toContain('0191 498 0522');
          expect(proseOf(guide).join(' ')).not.toMatch(/[a-z]_[a-z]|\[object|age years/);
        }
      }
    }
  });
});

describe('the map of flows', () => {
  it('leads from every arrow to a clause that the register knows, with nothing that a strict policy would stop', () => {
    for (const open of [undefined, 'health', 'council']) {
      const graph = flowGraph(listFlows(state), open);
      const svg = drawFlows(graph, { arrow: ({ flows }) => flows[0]!.href, kind: () => undefined });
      expect(svg).not.toMatch(/style=|<style|<script|on\w+=/);
      expect(balanced(svg)).toBe(true);
      const hrefs = [...svg.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!);
      expect(hrefs).toHaveLength(graph.arrows.length);
      const known = new Set(
        [...state.protocols.values()].flatMap(({ document: { id, version, clauses } }) =>
          clauses.map((clause) => `/protocols/${id}/${version}#clause-${clause.id}`),
        ),
      );
      for (const href of hrefs) expect(known.has(href)).toBe(true);
    }
  });

  it('shows neither what is not in force nor what another protocol forbids', () => {
    expect(new Set(listFlows(state).map(({ protocol }) => protocol.id))).toEqual(
      new Set(['safeguarding-children', 'hospital-discharge', 'youth-offending']),
    );
    const children = protocolNamed(state, 'safeguarding-children');
    const bar = {
      ...children.document.clauses.find(({ id }) => id === 'no-birth-family')!,
      fields: ['strengths', 'childs_view'],
    };
    const other = { ...children, hash: 'other', document: { ...children.document, id: 'other', clauses: [bar] } };
    const with2 = { ...state, protocols: new Map([...state.protocols, ['other', other]]) };
    const fields = (one: RegisterState): string[] =>
      listFlows(one).flatMap(({ share }) => share.fields.map(({ name }) => name));
    expect(fields(state)).toContain('childs_view');
    expect(fields(with2)).not.toContain('childs_view');
  });

  it('stays well-formed whatever a protocol is called', () => {
    const wild = `<script>alert(1)</script>"&'\u0000\u0008]]>`;
    const flows = listFlows(state).map((flow) => ({
      ...flow,
      assetName: wild,
      purpose: { ...flow.purpose, name: wild },
    }));
    const svg = drawFlows(flowGraph(flows), { arrow: () => `/"><script>`, kind: () => undefined });
    expect(svg).not.toContain('<script');
    expect(balanced(svg)).toBe(true);
  });
});

/** Every element that opens closes, in order; text and attributes hold no raw mark-up. */
function balanced(svg: string): boolean {
  const open: string[] = [];
  const rest = svg.replaceAll(
    /<(\/?)([a-z]+)((?:\s+[A-Za-z-]+="[^"<]*")*)\s*(\/?)>/g,
    (_all, close: string, name: string, _attributes, empty: string) => {
      if (close === '/') return open.pop() === name ? '' : '<';
      if (empty === '') open.push(name);
      return '';
    },
  );
  return open.length === 0 && !/[<>]|&(?!amp;|lt;|gt;|quot;)/.test(rest);
}
