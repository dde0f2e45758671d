/** A clause in plain words: who may see what of whose records, for what, and on what conditions. */
import { attributeInWords } from '../../policy/governance/publications/guide.ts';
import type { Clause, Condition, Protocol, Recipient } from '../../policy/register/protocols/document.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
import { clauseTitle } from './citation.ts';
import { relativeTime } from './relative_time.ts';
import { inSentence } from './sentence.ts';

export type ClauseWords = {
  id: string;
  text: string;
  /** What stands beside its words. */
  title: string;
  prohibits: boolean;
  asset: string;
  fields: string[];
  holders: string[];
  recipients: string[];
  /** Whether agencies that join later receive it; nothing of a prohibition, which binds everybody. */
  later: string | undefined;
  purposes: string[];
  needs: string[];
  duties: string[];
  /** What somebody can ask for who is refused in an emergency. */
  override: string | undefined;
};

/** Names come from the register where it knows them, so that a page reads as people speak. */
export function clauseInWords(state: RegisterState, protocol: Protocol, clause: Clause): ClauseWords {
  const asset = state.assets.get(clause.asset)?.definition;
  const agency = (code: string): string => state.agencies.get(code)?.name ?? code;
  return {
    id: clause.id,
    text: clause.text,
    title: clauseTitle(clause),
    prohibits: clause.effect === 'prohibit',
    asset: asset?.name ?? clause.asset,
    fields: clause.fields.map((name) => asset?.fields.find((field) => field.name === name)?.title ?? name),
    holders: clause.holders.map(agency),
    recipients: recipientsInWords(state, clause.recipients),
    later: laterInWords(clause),
    purposes: clause.purposes.map((code) => protocol.purposes.find((purpose) => purpose.code === code)?.name ?? code),
    needs: needs(clause),
    duties: clause.obligations.map(({ text }) => text),
    override: overrideInWords(state, clause, asset?.fields ?? []),
  };
}

/** One line for each agency or kind of agency, with its roles. */
function recipientsInWords(state: RegisterState, recipients: readonly Recipient[]): string[] {
  const groups = Map.groupBy(recipients, (recipient) => whose(state, recipient));
  return [...groups].map(([group, members]) => {
    const roles = members.map(({ role }) => state.roles.get(role)?.definition.name ?? role);
    return `${group}: ${roles.map(inSentence).join(', ')}`;
  });
}

function whose(state: RegisterState, recipient: Recipient): string {
  if ('agency' in recipient) return state.agencies.get(recipient.agency)?.name ?? recipient.agency;
  return `Every party of the kind “${state.kinds.get(recipient.kind)?.definition.name ?? recipient.kind}”`;
}

function laterInWords({ effect, open_to_accession: open }: Clause): string | undefined {
  if (effect === 'prohibit') return undefined;
  return open ? 'They receive it too, where they are of that kind' : 'They do not receive it';
}

function needs(clause: Clause): string[] {
  return [
    clause.presence === 'required' ? 'The person is signed in' : '',
    clause.consent.rule === 'required' ? consentWords[clause.consent.as] : '',
    clause.consent.rule === 'inform' ? 'The person concerned is told; they are not asked' : '',
    clause.involvement === 'required' ? 'The practitioner works with the person concerned' : '',
    clause.registrations.length > 0
      ? `A checked entry on a professional register: ${clause.registrations.join(' or ')}`
      : '',
    clause.identity_level > 0 ? `Identity checked to level ${clause.identity_level} or higher` : '',
    clause.authentication_level > 1 ? (authenticationWords[clause.authentication_level] ?? '') : '',
    clause.area === 'own' ? 'The record is of an area that the team or agency serves' : '',
    ...clause.conditions.map(conditionWords),
  ].filter((need) => need !== '');
}

function overrideInWords(
  { roles }: RegisterState,
  { override }: Clause,
  fields: readonly { name: string; title: string }[],
): string | undefined {
  if (override === undefined) return undefined;
  const who = override.roles.map((role) => roles.get(role)?.definition.name ?? role).join(', ');
  const what = override.fields.map((name) => fields.find((field) => field.name === name)?.title ?? name).join(', ');
  return `${who}, for ${override.minutes} minutes: ${what}. The agency that holds the record looks at each use afterwards`;
}

const consentWords = {
  confidence: 'The person concerned has agreed (duty of confidence)',
  'lawful-basis': 'The person concerned has consented (lawful basis)',
};

const authenticationWords: Record<number, string> = {
  2: 'Signed in with a second factor',
  3: 'Signed in with a passkey or security key',
};

const operatorWords: Record<Condition['operator'], string> = {
  eq: 'is',
  in: 'is one of',
  lt: 'is below',
  lte: 'is at most',
  gt: 'is above',
  gte: 'is at least',
};

function conditionWords({ attribute, operator, value }: Condition): string {
  return `The record’s “${attributeInWords(attribute)}” ${operatorWords[operator]} ${valueWords(value)}`;
}

function valueWords(value: Condition['value']): string {
  if (typeof value === 'object' && 'now' in value) return relativeTime(value.now);
  return [value].flat().join(', ');
}
