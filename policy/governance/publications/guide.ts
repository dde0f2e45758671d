/** The practitioner's guide to a protocol on one page: what a job may see, when to ask, what to do after a "no". */
import type { Clause, Condition, Party } from '../../register/protocols/document.ts';
import { type Block, type GeneratedDocument, list, names, section, type Section, text } from './document.ts';
import { aboutOf, partiesInWords } from './phrases.ts';
import { listBars, listShares, receives, type Share } from './shares.ts';
import { fieldTitle, nameOf, receiversOf, type Source } from './source.ts';

/** A desk that answers the telephone, by the name of its agency. */
export type Desk = { agencyName: string; name: string; phone: string; hours: string };

/** How many desks, and how many officers, a guide names: it stands on one page. */
export const mostDesks = 6;
const mostOfficers = 4;

/** The guide for one role of one agency. `desks`: of the first `mostDesks` of `agenciesToRing`. */
export function practitionerGuide(
  source: Source,
  party: Party,
  role: { code: string; name: string },
  desks: readonly Desk[],
): GeneratedDocument {
  const shares = sharesFor(source, party.agency, role.code);
  return {
    title: `${role.name}: what you may see, and what to do`,
    about: aboutOf(source, party),
    sections: [
      ...section('You may see', ...shares.map(shareBlock)),
      ...(shares.length === 0
        ? section(
            'You may see',
            text('This protocol gives nothing to your job. If you need something, ask for it: see below.'),
          )
        : []),
      ...never(source, shares),
      ...asking(shares),
      ...refused(source),
      ...emergency(source, shares, role.code),
      ...whoDecides(source, shares, desks, agenciesToRing(source, party.agency, role.code)),
    ],
  };
}

/** What one role of one agency receives. */
function sharesFor(source: Source, agency: string, role: string): Share[] {
  return listShares(source).filter(
    (share) =>
      receives(share, agency) &&
      share.receivers.some(
        (receiver) => receiver.role === role && receiver.parties.some((party) => party.agency === agency),
      ),
  );
}

/** Whom the role may have to ring: its own agency, then those that hold what it may see, or any where it may see nothing. */
export function agenciesToRing(source: Source, agency: string, role: string): string[] {
  const shares = sharesFor(source, agency, role);
  const holders = shares.length === 0 ? source.parties : shares.flatMap((share) => share.holders);
  return [...new Set([agency, ...holders.map((party) => party.agency)])];
}

/** Roles of an agency that receive something, by name: each has a guide of its own. */
export function rolesWithGuide(source: Source, agency: string): { code: string; name: string }[] {
  const permits = source.protocol.clauses.filter(({ effect }) => effect === 'permit');
  const codes = permits.flatMap((clause) =>
    receiversOf(source, clause).flatMap(({ role, parties }) =>
      parties.some((party) => party.agency === agency) ? [role] : [],
    ),
  );
  return [...new Set(codes)]
    .map((code) => ({ code, name: nameOf(source.roles, code) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function shareBlock({ clause, assetName, fields, holders, purposes }: Share): Block {
  return {
    type: 'share',
    title: purposes.map(({ name }) => name).join('; '),
    from: [assetName, partiesInWords(holders)],
    to: [],
    fields: fields.map(({ title }) => title),
    notes: conditions(clause),
  };
}

function conditions(clause: Clause): string[] {
  const duties = clause.obligations.map(({ text }) => text);
  return [
    clause.consent.rule === 'required' ? 'Only if the person agreed.' : '',
    clause.involvement === 'required' ? 'Only if you work with the person.' : '',
    clause.registrations.length > 0
      ? `Only with a checked entry on a register: ${clause.registrations.join(' or ')}.`
      : '',
    clause.authentication_level === 3 ? 'Only if you signed in with a passkey or security key.' : '',
    clause.area === 'own' ? 'Only for the area that you serve.' : '',
    ...clause.conditions.map(conditionInWords),
    ...duties,
  ].filter((sentence) => sentence !== '');
}

const operators: Record<Condition['operator'], string> = {
  eq: 'is',
  in: 'is',
  lt: 'is below',
  lte: 'is at most',
  gt: 'is above',
  gte: 'is at least',
};

function conditionInWords({ attribute, operator, value }: Condition): string {
  return `Only where the ${attributeInWords(attribute)} ${operators[operator]} ${valueInWords(value)}.`;
}

/** `age_years` as 'age in years'. */
export function attributeInWords(attribute: string): string {
  return attribute.replace(/_(?=(?:years|months|weeks|days|hours)$)/, ' in ').replaceAll('_', ' ');
}

function valueInWords(value: Condition['value']): string {
  if (typeof value === 'object' && 'now' in value) return relativeDay(value.now);
  return [value]
    .flat()
    .map((one) => (typeof one === 'boolean' ? (one ? 'yes' : 'no') : String(one)))
    .join(' or ');
}

function relativeDay(seconds: number): string {
  const days = Math.round(Math.abs(seconds) / 86_400);
  return seconds === 0 ? 'now' : `${days} ${days === 1 ? 'day' : 'days'} ${seconds < 0 ? 'ago' : 'from now'}`;
}

function never(source: Source, shares: readonly Share[]): Section[] {
  const assets = new Set(shares.map(({ asset }) => asset));
  return section(
    'You are never given',
    list(
      ...listBars(source)
        .filter(({ asset }) => assets.has(asset))
        .map(({ clause }) => clause.text),
    ),
  );
}

function asking(shares: readonly Share[]): Section[] {
  const purposes = (rule: string): string[] =>
    shares
      .filter(({ clause }) => clause.consent.rule === rule)
      .flatMap((share) => share.purposes.map(({ name }) => name));
  const said = (lead: string, rule: string): Block[] =>
    purposes(rule).length === 0 ? [] : [text(lead), names(purposes(rule))];
  return section(
    'Do I need consent?',
    ...said('Yes. Ask, write down the answer, and respect a no:', 'required'),
    ...said('No, but tell the person, unless that would put somebody in danger:', 'inform'),
    ...said('No, and you need not tell:', 'not-required'),
    text('You never need consent to share where somebody may come to serious harm.'),
  );
}

function refused({ protocol }: Source): Section[] {
  return section(
    'If you are refused',
    text(
      'A refusal says what this protocol gives by itself. It does not say that you may not share. Open “Why?” to see what is missing.',
    ),
    text(
      'If somebody may come to serious harm, do not wait: ring the duty desk. The law may allow or require you to share.',
    ),
    text(protocol.guidance),
  );
}

function emergency(source: Source, shares: readonly Share[], role: string): Section[] {
  const open = shares.filter(({ clause }) => clause.override?.roles.includes(role));
  return section(
    'In an emergency',
    ...open.map(({ clause, asset }) =>
      text(
        `You can override for ${clause.override!.minutes} minutes. Say why. The agency that holds the record looks at each use. You then see: ${clause
          .override!.fields.map((field) => fieldTitle(source, asset, field))
          .join(', ')}.`,
      ),
    ),
    open.length === 0 ? text('This protocol has no override for your job. Ring the duty desk.') : undefined,
  );
}

function whoDecides(
  source: Source,
  shares: readonly Share[],
  desks: readonly Desk[],
  toRing: readonly string[],
): Section[] {
  const holders = new Set(shares.flatMap((share) => share.holders.map(({ agency }) => agency)));
  const officers = source.parties.filter(({ agency }) => holders.has(agency));
  return section(
    'Who decides, and whom to ring',
    text('The agency that holds a record decides about it.'),
    ...desks.map((desk): Block => ({
      type: 'contact',
      name: desk.agencyName,
      lines: [desk.name, `${desk.phone}. ${desk.hours}`],
    })),
    furtherAgencies(toRing.length - mostDesks, 'The directory has their duty desks.'),
    ...officers.slice(0, mostOfficers).map(({ name, information_sharing_officer: officer, dpo }): Block => ({
      type: 'contact',
      name: `${name}: questions about sharing`,
      lines: [(officer ?? dpo).email],
    })),
    furtherAgencies(officers.length - mostOfficers, 'The protocol has the addresses for questions.'),
  );
}

function furtherAgencies(count: number, where: string): Block | undefined {
  if (count <= 0) return undefined;
  return text(`${count} more ${count === 1 ? 'agency is' : 'agencies are'} not named here. ${where}`);
}
