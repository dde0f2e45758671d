/** The texts of a random register: valid for the most part, so that most can be signed. */
import type {
  AssetDefinition,
  Clause,
  KindDefinition,
  RoleDefinition,
} from '../../../../policy/register/protocols/document.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import type { Derivation } from '../../../../policy/register/chain/derivation.ts';
import type { EventData } from '../../../../policy/register/events/table.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { type AgencyName, agencies, type ClausePlan, type TextPlan } from './plan.ts';
import { aParty, aFramework, definitions, pinsOf, type ProtocolInput } from '../../../support/policy/documents.ts';
import { type Federation, type TestAgency } from '../../../support/policy/federation.ts';

export const original = definitions['child-record'];
const school: KindDefinition = { type: 'wayleave-kind', code: 'school', name: 'School', description: 'A school.' };
const teacher: RoleDefinition = {
  type: 'wayleave-role',
  code: 'teacher',
  name: 'Teacher',
  description: 'A teacher.',
  kinds: ['school'],
};
const adultRecord: AssetDefinition = { ...original, code: 'adult-record', name: 'Adult record' };
export const changed: AssetDefinition = {
  ...original,
  description: 'The same, with other attributes.',
  fields: original.fields.filter(({ name }) => name !== 'plan'),
  attributes: original.attributes.slice(0, 2),
};
export const beside: EventData<'definition-published'>['definition'][] = [school, teacher, adultRecord];

/** The register while it is being built. */
export type Site = {
  federation: Federation;
  members: Record<AgencyName, TestAgency>;
  derivation: Derivation;
  texts: ProtocolInput[];
  /** The definition of a child's record that counts now. */
  current: AssetDefinition;
};

export function writeText(site: Site, plan: TextPlan): ProtocolInput | undefined {
  const parties = plan.parties.map((name) => ({ name, agency: site.members[name] }));
  const versions = site.texts.filter(({ id }) => id === plan.id);
  const framework = site.texts.findLast(
    (one) => one.id === 'framework' && site.derivation.protocols.has(hashOf(protocolBytes(one))),
  );
  const operational = plan.id !== 'framework';
  if (operational && framework === undefined) return undefined;
  const before = versions.findLast(({ id, version }) =>
    [...site.derivation.protocols.values()].some((one) => one.id === id && one.version === version),
  );
  const has = new Set(parties.map(({ agency }) => agency.code));
  const clauses = plan.clauses
    .map((one, index) => writeClause(site, one, index, has))
    .filter((one) => one.holders.length > 0 && one.recipients.length > 0 && one.fields.length > 0);
  return aFramework({
    id: plan.id,
    version: (before?.version ?? 0) + 1,
    tier: operational ? 'operational' : 'framework',
    ...(operational
      ? { framework: { id: 'framework', hash: hashOf(protocolBytes(framework!)) } }
      : { host: site.members[plan.parties[0]!].code }),
    ...(before && { supersedes: hashOf(protocolBytes(before)) }),
    title: `Text ${site.texts.length}`,
    parties: parties.map(({ name, agency }) => aParty(agency, { essential: plan.essential[agencies.indexOf(name)]! })),
    purposes: ['safeguarding', 'early-help', 'other'].map((code) => ({ ...aFramework().purposes[0]!, code })),
    clauses,
    pins: pinsOf([...Object.values(definitions), ...beside, site.current]),
    valid: plan.valid,
    review: plan.valid.until,
  });
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

const works: Record<string, string> = {
  'social-worker': 'council',
  'housing-officer': 'council',
  'health-visitor': 'health',
  'police-officer': 'police',
  teacher: 'school',
};

function writeClause({ members, current }: Site, plan: ClausePlan, index: number, parties: ReadonlySet<string>) {
  const kinds = new Set([...parties].map((code) => Object.values(members).find((one) => one.code === code)!.kind));
  const recipients = uniqueBy(plan.recipients, ({ role, by }) => `${role} ${by}`).flatMap(({ role, by }) => {
    const kind = works[role]!;
    if (!kinds.has(kind)) return [];
    const agency = [...parties].find((code) => Object.values(members).find((one) => one.code === code)!.kind === kind)!;
    return [by === 'kind' ? { role, kind } : { role, agency }];
  });
  const known = plan.asset === 'child-record' ? current : undefined;
  const { effect } = plan;
  const { area, override: _, ...rest } = plan;
  return {
    ...rest,
    ...(area === 'own' && { area: 'own' as const }),
    effect,
    id: `c${index}`,
    text: 'A clause.',
    // Most texts keep to the definition of the day; a few do not, and nobody can sign those.
    fields:
      index === 3 ? plan.fields : plan.fields.filter((name) => known?.fields.some((one) => one.name === name) ?? true),
    conditions: (plan.conditions as Clause['conditions']).filter(
      ({ attribute }) => known?.attributes.some(({ name }) => name === attribute) ?? true,
    ),
    holders: plan.holders.map((name) => members[name].code).filter((code) => parties.has(code)),
    recipients,
    obligations: (effect === 'prohibit' ? [] : plan.obligations).map((type) => ({
      id: `duty-${type}`,
      type: type as 'custom' | 'notification',
      text: 'Do it.',
      properties: {},
    })),
    consent: plan.consent as { rule: 'not-required' },
    presence: plan.presence as 'required',
    involvement: plan.involvement as 'required',
    explain: plan.explain as 'policy',
    ...overrideOf(plan, effect, recipients),
  };
}

function overrideOf({ override }: ClausePlan, effect: string, recipients: { role: string }[]) {
  const named = override?.roles.filter((role) => recipients.some((one) => one.role === role)) ?? [];
  return override === undefined || effect === 'prohibit' || named.length === 0
    ? {}
    : { override: { ...override, roles: named } };
}
