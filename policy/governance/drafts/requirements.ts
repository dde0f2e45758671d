/** What a clause asks for before it gives anything, in words, so that two versions can be compared. */
import { canonicalText } from '../../../platform/json.ts';
import type { Clause, Condition } from '../../register/protocols/document.ts';

/**
 * One thing asked for. The same `key` in two versions is the same sort of thing; the greater `strength`, the more it asks.
 * `relaxes`: it makes the rest easier to pass.
 */
export type Requirement = { key: string; strength: number; text: string; relaxes?: boolean };

/** Everything that a permission asks of a role. */
export function requirementsOf(clause: Clause, role: string): Requirement[] {
  return [
    ...askedOfPerson(clause),
    ...askedAboutSubject(clause),
    ...clause.conditions.map((condition) =>
      one(`condition ${canonicalText(condition)}`, `only where ${wordsOf(condition)}`),
    ),
    ...(clause.area === undefined ? [] : [one('area', 'only records of the area that the team or agency serves')]),
    ...clause.obligations.map(({ id, text }) => one(`obligation ${id} ${text}`, `duty: ${text}`)),
    ...overrideOf(clause, role),
  ];
}

/** What a prohibition under conditions takes from a permission. */
export function banOf({ conditions, area }: Clause): Requirement {
  const words = [...conditions.map(wordsOf), ...(area === undefined ? [] : ['the record is of the own area'])];
  return one(`ban ${canonicalText([...conditions, area ?? ''])}`, `never where ${words.join(' and ')}`);
}

function askedOfPerson(clause: Clause): Requirement[] {
  const { presence, authentication_level: sign, identity_level: identity, registrations } = clause;
  return [
    ...(presence === 'required' ? [one('presence', 'the person is signed in', 1)] : []),
    ...(presence === 'required' && sign > 1 ? [one('sign-in', signIns[sign] ?? '', sign)] : []),
    ...(identity > 0 ? [one('identity', `identity checked to level ${identity} or above`, identity)] : []),
    ...(registrations.length === 0
      ? []
      : // The more registers will do, the less is asked.
        [one('registration', `a checked entry on ${registrations.toSorted().join(' or ')}`, 1 / registrations.length)]),
  ];
}

const signIns: Record<number, string> = {
  2: 'a sign-in with a second factor',
  3: 'a sign-in that cannot be phished (passkey or security key)',
};

function askedAboutSubject({ consent, involvement }: Clause): Requirement[] {
  const agreed = consent.rule === 'required' && consent.as === 'lawful-basis' ? 'as the lawful basis' : 'in confidence';
  return [
    ...(consent.rule === 'required' ? [one('consent', `the person’s agreement, ${agreed}`, 2)] : []),
    ...(consent.rule === 'inform' ? [one('consent', 'the person is told', 1)] : []),
    ...(involvement === 'required' ? [one('involvement', 'the practitioner works with the person')] : []),
  ];
}

function overrideOf({ override }: Clause, role: string): Requirement[] {
  if (override === undefined || !override.roles.includes(role)) return [];
  const text = `may be overridden in an emergency, for ${override.minutes} minutes`;
  return [{ ...one('override', text, override.minutes), relaxes: true }];
}

function one(key: string, text: string, strength = 1): Requirement {
  return { key, strength, text };
}

const operators: Record<Condition['operator'], string> = {
  eq: 'is',
  in: 'is one of',
  lt: 'is below',
  lte: 'is at most',
  gt: 'is above',
  gte: 'is at least',
};

function wordsOf({ attribute, operator, value }: Condition): string {
  return `${attribute.replaceAll('_', ' ')} ${operators[operator]} ${valueWords(value)}`;
}

function valueWords(value: Condition['value']): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value !== 'object') return String(value);
  const days = Math.round(Math.abs(value.now) / 8_640) / 10;
  return value.now === 0 ? 'now' : `${days} days ${value.now < 0 ? 'ago' : 'from now'}`;
}
