/** The parts of a protocol, in the order in which one is written. */
import type { JsonObject } from '../../../../platform/json.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import { whoAnswers } from '../../../../policy/governance/templates/fill.ts';
import { textOf } from '../form/field.ts';
import { isBlank } from '../form/read_form.ts';
import { clauseFields } from './describe_clause.ts';
import { exampleFields } from './describe_example.ts';
import { partyFields } from './describe_party.ts';
import type { Part, Series } from './part.ts';
import { about, dates, guidance, people, purposes, terms } from './sheets.ts';

const parties: Series = {
  code: 'parties',
  title: 'Parties',
  hint: 'Which agencies, who signs, and their lawful basis',
  keys: ['parties'],
  list: 'parties',
  item: 'party',
  fields: partyFields,
  nameOf: ({ agency, name }, names) => (agency === undefined ? textOf(name) : names.agency(textOf(agency))),
  blank: { essential: false },
  complete: fillInParty,
};

/** Of an agency that was just chosen: who answers for it, as the last protocol says that it signed. */
function fillInParty(typed: JsonObject, before: JsonObject, state: RegisterState): JsonObject {
  if (typeof typed.agency !== 'string' || typed.agency === before.agency) return typed;
  const known = Object.entries(whoAnswers(state, typed.agency)).filter(([key]) => isBlank(typed[key]));
  return { ...typed, ...Object.fromEntries(known) };
}

const clauses: Series = {
  code: 'clauses',
  title: 'Clauses',
  hint: 'Who may see what, for what, on what conditions',
  keys: ['clauses'],
  list: 'clauses',
  item: 'clause',
  fields: clauseFields,
  nameOf: ({ id, text }) => textOf(id) || textOf(text).slice(0, 60),
  blank: {
    effect: 'permit',
    conditions: [],
    presence: 'required',
    consent: { rule: 'not-required' },
    involvement: 'not-required',
    registrations: [],
    identity_level: 2,
    authentication_level: 2,
    obligations: [],
    explain: 'policy',
    open_to_accession: false,
  },
};

const examples: Series = {
  code: 'examples',
  title: 'Examples',
  hint: 'Answers that the protocol must give',
  keys: ['examples'],
  list: 'examples',
  item: 'example',
  fields: exampleFields,
  nameOf: ({ name }) => textOf(name),
  blank: { facts: { present: true }, expect: { decision: true, reason: 'permitted', fields: [] } },
};

export const parts: readonly Part[] = [about, parties, purposes, people, clauses, dates, terms, guidance, examples];
