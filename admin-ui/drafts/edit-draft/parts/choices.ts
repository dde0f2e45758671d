/** What the forms of a draft let people choose from: the register, and what the draft itself says elsewhere. */
import type { AssetDefinition } from '../../../../policy/register/protocols/document.ts';
import { capacityWords } from '../../../words/statuses.ts';
import { fromCode } from '../../../words/sentence.ts';
import { listOf, objectOf, type Option, type Scope, textOf } from '../form/field.ts';

const byText = (left: Option, right: Option): number => left.text.localeCompare(right.text);

/** Fixed choices, each with its words. */
export const fixed = (words: Record<string, string>) => (): Option[] =>
  Object.entries(words).map(([value, text]) => ({ value, text }));

/** Every agency that belongs to the federation. */
export function agencies({ state }: Scope): Option[] {
  return [...state.agencies.values()]
    .filter(({ endedAt }) => endedAt === undefined)
    .map(({ code, name }) => ({ value: code, text: name }))
    .sort(byText);
}

/** The agencies that the draft names as parties. */
export function parties({ state, document }: Scope): Option[] {
  return listOf(document.parties)
    .map((party) => textOf(objectOf(party).agency))
    .filter((code) => code !== '')
    .map((code) => ({ value: code, text: state.agencies.get(code)?.name ?? code }))
    .sort(byText);
}

export function roles({ state }: Scope): Option[] {
  return [...state.roles.values()]
    .map(({ definition }) => ({ value: definition.code, text: definition.name }))
    .sort(byText);
}

/** The roles that receive something under the clause. */
export function receivingRoles(scope: Scope): Option[] {
  const named = new Set(listOf(scope.item.recipients).map((recipient) => textOf(objectOf(recipient).role)));
  return roles(scope).filter(({ value }) => named.has(value));
}

/** Every party, or every party of a kind. */
export function receivers(scope: Scope): Option[] {
  const own = parties(scope).map(({ value, text }) => ({ value: `agency ${value}`, text }));
  const kinds = [...scope.state.kinds.values()].map(({ definition }) => ({
    value: `kind ${definition.code}`,
    text: `Every party of the kind “${definition.name}”`,
  }));
  return [...kinds.sort(byText), ...own];
}

export function assets({ state }: Scope): Option[] {
  return [...state.assets.values()]
    .map(({ definition }) => ({ value: definition.code, text: definition.name }))
    .sort(byText);
}

/** The definition of the record that the clause or example is about. */
function assetOf({ state, item }: Scope): AssetDefinition | undefined {
  return state.assets.get(textOf(item.asset))?.definition;
}

export const actions = (scope: Scope): Option[] =>
  (assetOf(scope)?.actions ?? []).map((code) => ({ value: code, text: fromCode(code) }));

export const fields = (scope: Scope): Option[] =>
  (assetOf(scope)?.fields ?? []).map(({ name, title, sensitivity }) => {
    const words = sensitivities[sensitivity];
    return { value: name, text: title, ...(words === undefined ? {} : { hint: words }) };
  });

const sensitivities: Record<string, string | undefined> = {
  'special-category': 'Special category',
  criminal: 'Criminal offence data',
  restricted: 'Restricted',
};

export const attributes = (scope: Scope): Option[] =>
  (assetOf(scope)?.attributes ?? []).map(({ name, type }) => ({
    value: name,
    text: `${fromCode(name)} (${kindsOfValue[type]})`,
  }));

const kindsOfValue = { string: 'words', number: 'a number', boolean: 'yes or no', time: 'a time' };

export function purposes({ document }: Scope): Option[] {
  return listOf(document.purposes)
    .map(objectOf)
    .map(({ code, name }) => ({ value: textOf(code), text: textOf(name) || textOf(code) }))
    .filter(({ value }) => value !== '');
}

/** Frameworks that a protocol may stand under: those in force. */
export function frameworks({ state }: Scope): Option[] {
  const documents = [...state.protocols.values()]
    .filter(({ document, status }) => document.tier === 'framework' && status === 'in-force')
    .map(({ document }) => ({ value: document.id, text: document.title }));
  return [...new Map(documents.map((option) => [option.value, option])).values()].sort(byText);
}

/** In which capacity an officer may sign. */
export const signsAs = fixed({
  'caldicott-guardian': capacityWords('caldicott-guardian'),
  siro: capacityWords('siro'),
  dpo: capacityWords('dpo'),
  director: capacityWords('director'),
});
