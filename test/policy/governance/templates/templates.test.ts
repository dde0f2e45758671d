import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../platform/json.ts';
import { checkDraft } from '../../../../policy/governance/drafts/check_draft.ts';
import { runExamples } from '../../../../policy/governance/drafts/run_examples.ts';
import { whatChanges } from '../../../support/policy/changes.ts';
import { Protocol } from '../../../../policy/register/protocols/document.ts';
import { completeDocument } from '../../../../policy/governance/drafts/complete.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import { fillTemplate } from '../../../../policy/governance/templates/fill.ts';
import { templateSchema } from '../../../../policy/governance/templates/shape.ts';
import { listTemplates, templates } from '../../../../policy/governance/templates/templates.ts';
import { type RunningApplication, startApplication } from '../../../support/application/application.ts';

let service: RunningApplication;
let state: RegisterState;
beforeAll(async () => {
  service = await startApplication();
  state = service.register.state()!;
});
afterAll(() => service.close());

const one: Record<string, string> = {
  council: 'E08000037',
  health: 'RTD',
  police: 'E23000007',
  school: 'URN:146752',
  voluntary: 'CHARITY:500640',
};
const more = ['E08000021', 'RX4', 'E23000008', 'URN:136352', 'CHARITY:702561'];
const dpia = { reference: 'DPIA-2026-7', completed: '2026-01-31' };
const filling = { owner: 'E08000037', today: '2027-01-04', dpia };

describe.each(templates.map((template) => [template.code, template] as const))('the template %s', (_, template) => {
  const parties = template.kinds.map((kind) => one[kind]!);

  it('makes a draft without a mistake, of one agency of each kind that it is for', () => {
    const draft = fillTemplate(template, state, { ...filling, parties });
    expect(checkDraft(state, draft)).toEqual([]);
    expect(draft.clauses).toHaveLength(template.clauses.length);
    expect(draft.examples).toHaveLength(template.examples.length);
  });

  it('has examples that hold, with few agencies and with many', () => {
    const others = more.filter((code) => template.kinds.includes(state.agencies.get(code)!.kind));
    for (const some of [parties, [...parties, ...others]]) {
      const draft = fillTemplate(template, state, { ...filling, parties: some });
      const failing = runExamples(state, draft).filter(({ holds }) => !holds);
      expect(failing).toEqual([]);
      expect(checkDraft(state, draft)).toEqual([]);
    }
  });

  it('leaves out what nobody is there for, and its other examples still hold', () => {
    for (const kind of template.kinds) {
      const some = template.kinds.filter((other) => other !== kind).map((other) => one[other]!);
      const draft = fillTemplate(template, state, { ...filling, parties: some });
      const issues = checkDraft(state, draft);
      if ((draft.clauses as unknown[]).length > 0 || template.tier === 'framework') expect(issues).toEqual([]);
      else expect(issues.map(({ pointer }) => pointer)).toEqual(['/clauses']);
      expect(runExamples(state, draft).filter(({ holds }) => !holds)).toEqual([]);
    }
  });

  it('says in its guidance when consent is needed, what may be shared without it, what follows a refusal, who decides', () => {
    for (const question of ['When is consent needed?', 'What may be shared without it?', 'Who decides?']) {
      expect(template.terms.guidance).toContain(question);
    }
    expect(template.terms.guidance).toMatch(/What if (it is refused|a person objects)\?/);
  });

  it('asks for agreement only where help is offered, and has an example for each kind of recipient', () => {
    const rules = new Set(template.clauses.map(({ consent }) => consent.rule));
    expect(rules.has('required')).toBe(template.code === 'early-help');
    const kinds = new Set(template.clauses.flatMap(({ recipients }) => recipients.map(({ kind }) => kind)));
    expect(new Set(template.examples.map(({ kind }) => kind))).toEqual(kinds);
  });
});

it('asks for the parties’ own impact assessment until it is named, and for nothing else', () => {
  for (const template of templates) {
    const { dpia: _, ...rest } = filling;
    const draft = fillTemplate(template, state, { ...rest, parties: template.kinds.map((kind) => one[kind]!) });
    expect(checkDraft(state, draft)).toEqual([
      { pointer: '/dpia/reference', message: 'Fill this in.' },
      { pointer: '/dpia/completed', message: 'Fill this in.' },
    ]);
    expect(runExamples(state, draft).every(({ holds }) => holds)).toBe(true);
  }
});

it('gives each draft a name that no protocol of the register has', () => {
  const [, second] = templates;
  const draft = fillTemplate(second!, state, { ...filling, parties: ['E08000037'] });
  const parsed = Protocol.parse(
    completeDocument(state, fillTemplate(second!, state, { ...filling, parties: [one.council!, one.health!] })),
  );
  expect(draft.id).toBe('safeguarding-children-gateshead');
  const taken = new Map(state.protocols);
  taken.set('x', { ...[...state.protocols.values()][0]!, document: parsed });
  const next = fillTemplate(second!, { ...state, protocols: taken }, { ...filling, parties: ['E08000037'] });
  expect(next.id).toBe('safeguarding-children-gateshead-2');
});

it('takes nobody who left the federation, and nobody whom the register does not know', () => {
  const draft = fillTemplate(templates[1]!, state, { ...filling, parties: ['E08000037', 'E99999999'] });
  expect((draft.parties as { agency: string }[]).map(({ agency }) => agency)).toEqual(['E08000037']);
});

it('gives nobody what a template says that nobody is given', () => {
  const never: Record<string, string[]> = {
    'safeguarding-children': ['birth_family'],
    'domestic-abuse': ['refuge_address'],
    'hospital-discharge': ['financial_assessment'],
    'youth-justice': ['victim_information', 'intelligence'],
    'early-help': ['police_markers', 'birth_family'],
    homelessness: [],
    framework: [],
  };
  for (const template of templates) {
    const parties = [...template.kinds.map((kind) => one[kind]!), ...more];
    const changes = whatChanges(state, fillTemplate(template, state, { ...filling, parties }));
    const gained = new Set(changes.flatMap(({ gains }) => gains));
    expect(never[template.code]!.filter((field) => gained.has(field))).toEqual([]);
    expect(changes.length > 0).toBe(template.clauses.length > 0);
    const moved = changes.filter(({ purpose }) => purpose === 'moving-between-areas');
    expect(moved.flatMap(({ gains }) => gains)).not.toContain('address');
  }
});

it('lists the library in short', () => {
  expect(listTemplates().map(({ code }) => code)).toEqual([
    'framework',
    'safeguarding-children',
    'domestic-abuse',
    'hospital-discharge',
    'youth-justice',
    'early-help',
    'homelessness',
  ]);
});

it('could have written every protocol of the region: each makes a next version without a mistake or a failing example', () => {
  for (const { document, status, acceded } of state.protocols.values()) {
    if (status !== 'in-force') continue;
    const next = document as unknown as JsonObject;
    expect({ id: document.id, issues: checkDraft(state, next) }).toEqual({ id: document.id, issues: [] });
    expect(runExamples(state, next).filter(({ holds }) => !holds)).toEqual([]);
    expect(runExamples(state, next)).toHaveLength(document.examples.length);
    // Who joined the version before joins the next one anew.
    const joined = new Set(acceded.map(({ agency }) => agency));
    expect(whatChanges(state, next).filter(({ agency }) => !joined.has(agency))).toEqual([]);
  }
});

describe('the JSON interface', () => {
  const get = (path: string) => fetch(`${service.baseUrl}/policy/v1/templates${path}`);

  it('gives the library to anybody', async () => {
    const body = (await (await get('')).json()) as { templates: { code: string }[] };
    expect(body.templates).toEqual(JSON.parse(JSON.stringify(listTemplates())));
  });

  it('gives each template in the shape that the OpenAPI document says', async () => {
    for (const { code, clauses } of templates) {
      const response = await get(`/${code}`);
      expect(response.status).toBe(200);
      const body: unknown = await response.json();
      expect(templateSchema.strict().safeParse(body).error).toBeUndefined();
      expect((body as { clauses: unknown[] }).clauses).toHaveLength(clauses.length);
    }
  });

  it('knows no other', async () => {
    const response = await get('/no-such');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: expect.stringContaining('unknown-template') as unknown });
  });
});
