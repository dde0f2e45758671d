/** From a template and agencies of the register to a draft: every clause and example with the parties that it is about. */
import type { JsonObject } from '../../../platform/json.ts';
import type { Party } from '../../register/protocols/document.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import type { Template, TemplateClause, TemplateExample } from './template.ts';

/** Days are calendar days, YYYY-MM-DD. */
type Filling = {
  /** Codes of the agencies that agree, the author's own among them. */
  parties: readonly string[];
  /** The agency whose officer writes it; it gives the draft its name. */
  owner: string;
  today: string;
  /** For a framework: the party that countersigns accessions; where none is named the owner, if it is one. */
  host?: string;
  valid?: { from: string; until: string };
  review?: string;
  /** Of the parties' own impact assessment. Until it is given, the draft says that it is missing. */
  dpia?: { reference: string; completed: string };
};

/**
 * A draft for these agencies. A clause whose holders or recipients are of a kind that nobody is of is left out, and so is
 * an example about it. Who answers for an agency is taken from the latest protocol that it signed.
 */
export function fillTemplate(template: Template, state: RegisterState, filling: Filling): JsonObject {
  const members = filling.parties.flatMap((code) => {
    const agency = state.agencies.get(code);
    return agency === undefined || agency.endedAt !== undefined ? [] : [{ code, kind: agency.kind }];
  });
  const ofKind = (kind: string): string[] => members.filter((one) => one.kind === kind).map(({ code }) => code);
  const { today, valid = { from: today, until: yearsAfter(today, 3) }, review = yearsAfter(valid.from, 1) } = filling;
  const { tier, terms, purposes, dataSubjects } = template;
  return {
    id: nameOf(template, state, filling.owner),
    tier,
    ...(tier === 'operational' && { framework: frameworkFor(state, filling.parties) }),
    ...(tier === 'framework' && { host: filling.host ?? hostOf(members, filling.owner) }),
    title: template.title,
    summary: template.summary,
    parties: members.map(({ code }) => partyOf(template, state, code)),
    purposes,
    data_subjects: dataSubjects,
    clauses: template.clauses.flatMap((clause) => fillClause(clause, ofKind)),
    dpia: { ...filling.dpia, summary: template.dpia },
    ...terms,
    valid,
    review,
    examples: template.examples.flatMap((example) => fillExample(example, ofKind)),
  };
}

function hostOf(members: readonly { code: string }[], owner: string): string {
  return members.some(({ code }) => code === owner) ? owner : (members[0]?.code ?? owner);
}

function fillClause(clause: TemplateClause, ofKind: (kind: string) => string[]): JsonObject[] {
  const holders = clause.holders.flatMap(ofKind);
  const recipients = clause.recipients.filter(({ kind }) => ofKind(kind).length > 0);
  if (holders.length === 0 || recipients.length === 0) return [];
  const { override, ...rest } = clause;
  const roles = override?.roles.filter((role) => recipients.some((one) => one.role === role)) ?? [];
  return [{ ...rest, holders, recipients, ...(override && roles.length > 0 && { override: { ...override, roles } }) }];
}

function fillExample(example: TemplateExample, ofKind: (kind: string) => string[]): JsonObject[] {
  const { kind, holderKind, ...rest } = example;
  const [holder] = ofKind(holderKind);
  const agency = ofKind(kind).find((code) => code !== holder) ?? ofKind(kind)[0];
  return holder === undefined || agency === undefined ? [] : [{ ...rest, agency, holder }];
}

function partyOf({ lawfulBasis, part3 }: Template, state: RegisterState, code: string): JsonObject {
  const agency = state.agencies.get(code);
  const kind = agency?.kind ?? '';
  const basis = lawfulBasis[kind];
  const particulars = part3?.[kind];
  return {
    agency: code,
    name: agency?.name ?? code,
    kind,
    controller: 'controller',
    regime: particulars === undefined ? 'uk-gdpr' : 'dpa-part-3',
    ...(particulars && { part_3: particulars }),
    essential: false,
    ...whoAnswers(state, code),
    ...(basis && { lawful_basis: basis }),
  };
}

/** Names and mailboxes as the agency's last signed protocol says them; of one that never signed they are to be typed. */
export function whoAnswers(state: RegisterState, code: string): JsonObject {
  const [last] = [...state.protocols.values()]
    .filter(({ signatures }) => signatures.some(({ agency }) => agency === code))
    .toSorted((left, right) => positionOf(right, code) - positionOf(left, code));
  const known: Party | undefined = last?.document.parties.find(({ agency }) => agency === code);
  if (known === undefined) return {};
  const { signs_as, senior_officer, dpo, caldicott_guardian, siro, information_sharing_officer } = known;
  return {
    signs_as,
    senior_officer,
    dpo,
    ...(caldicott_guardian && { caldicott_guardian }),
    ...(siro && { siro }),
    ...(information_sharing_officer && { information_sharing_officer }),
  };
}

function positionOf({ signatures }: { signatures: { agency: string; position: number }[] }, code: string): number {
  return signatures.find(({ agency }) => agency === code)?.position ?? 0;
}

/** The framework in force that holds all of them; else the first in force, so that it can be seen who is missing. */
function frameworkFor(state: RegisterState, parties: readonly string[]): JsonObject {
  const inForce = [...state.protocols.values()].filter(
    ({ status, document }) => status === 'in-force' && document.tier === 'framework',
  );
  const fits = inForce.find(({ document }) =>
    parties.every((code) => document.parties.some((one) => one.agency === code)),
  );
  const id = (fits ?? inForce[0])?.document.id;
  return id === undefined ? {} : { id };
}

/** A name of its own: two groups of agencies that begin with the same template must not write versions of one protocol. */
function nameOf({ code }: Template, state: RegisterState, owner: string): string {
  const name = (state.agencies.get(owner)?.name ?? owner).toLowerCase().normalize('NFD');
  const [first = ''] = name.match(/[a-z0-9]{3,}/g)?.filter((word) => word !== 'the') ?? [];
  const base = [code, first]
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 60);
  const taken = new Set([...state.protocols.values()].map(({ document }) => document.id));
  for (const { id } of state.damaged.values()) taken.add(id);
  let candidate = base;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${base}-${number}`;
  return candidate;
}

function yearsAfter(day: string, years: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}
