/** Whether a protocol makes sense against what the register holds: everything a schema of its own cannot say. */
import type { InputIssue } from '../../../platform/errors.ts';
import { checkClause } from './check_clause.ts';
import { checkFamily } from './check_family.ts';
import type { Party, Protocol } from './document.ts';
import { pointer } from './read.ts';
import { type Complain, noDuplicates, type Terms } from './terms.ts';

/** Lists what is wrong with a protocol, each with a JSON pointer; an empty list means that it may be signed. */
export function checkProtocol(document: Protocol, terms: Terms): InputIssue[] {
  const issues: InputIssue[] = [];
  const complain: Complain = (message, ...path) => void issues.push({ pointer: pointer(...path), message });
  if (document.federation !== terms.federation) {
    complain(`This protocol belongs to ${document.federation}; this federation is ${terms.federation}.`, 'federation');
  }
  checkDates(document, complain);
  checkParties(document, terms, complain);
  checkFamily(document, terms, complain);
  checkPins(document, terms, complain);
  noDuplicates(
    document.purposes.map(({ code }) => code),
    complain,
    'purposes',
  );
  noDuplicates(
    document.clauses.map(({ id }) => id),
    complain,
    'clauses',
  );
  noDuplicates(
    document.examples.map(({ name }) => name),
    complain,
    'examples',
  );
  document.clauses.forEach((clause, index) => checkClause(clause, index, document, terms, complain));
  checkExamples(document, terms, complain);
  return issues;
}

function checkDates({ valid, review, dpia }: Protocol, complain: Complain): void {
  if (valid.until < valid.from) complain('The last day is before the first.', 'valid', 'until');
  if (review < valid.from || review > valid.until)
    complain('The review must fall within the days of validity.', 'review');
  if (dpia.completed > valid.from)
    complain('The impact assessment must be completed before the first day.', 'dpia', 'completed');
}

function checkParties(document: Protocol, terms: Terms, complain: Complain): void {
  noDuplicates(
    document.parties.map(({ agency }) => agency),
    complain,
    'parties',
  );
  document.parties.forEach((party, index) => checkParty(party, index, terms, complain));
}

function checkParty(party: Party, index: number, terms: Terms, complain: Complain): void {
  const agency = terms.agencies.get(party.agency);
  if (agency === undefined || agency.endedAt !== undefined) {
    complain(`${party.agency} does not belong to the federation.`, 'parties', index, 'agency');
  } else if (agency.kind !== party.kind) {
    complain(`${party.agency} is registered as ${agency.kind}, not as ${party.kind}.`, 'parties', index, 'kind');
  }
  checkParticulars(party, complain, 'parties', index);
}

/** Lists what is wrong with what a party states of itself, each with a JSON pointer into the accession that brings it. */
export function partyIssues(party: Party): InputIssue[] {
  const issues: InputIssue[] = [];
  const complain: Complain = (message, ...path) => void issues.push({ pointer: pointer(...path), message });
  checkParticulars(party, complain, 'party');
  // The parties agreed the text without it, so it cannot end the text for them.
  if (party.essential) complain('An agency that joins is not essential to the others.', 'party', 'essential');
  return issues;
}

function checkParticulars(party: Party, complain: Complain, ...place: PropertyKey[]): void {
  if ((party.regime === 'dpa-part-3') !== (party.part_3 !== undefined)) {
    complain('Part 3 particulars go with the regime dpa-part-3, and only with it.', ...place, 'part_3');
  }
  if (party.signs_as === 'caldicott-guardian' && party.caldicott_guardian === undefined) {
    complain('The Caldicott guardian signs, so the party must name one.', ...place, 'caldicott_guardian');
  }
  if (party.signs_as === 'siro' && party.siro === undefined) {
    complain('The senior information risk owner signs, so the party must name one.', ...place, 'siro');
  }
}

function checkPins({ pins }: Protocol, terms: Terms, complain: Complain): void {
  for (const what of ['assets', 'roles', 'kinds'] as const) {
    for (const [code, hash] of Object.entries(pins[what])) {
      const published = terms[what].get(code);
      if (published === undefined) complain(`No definition of ${code} is published.`, 'pins', what, code);
      else if (published.hash !== hash)
        complain(`The published definition of ${code} is another one.`, 'pins', what, code);
    }
  }
}

function checkExamples(document: Protocol, terms: Terms, complain: Complain): void {
  const parties = new Set(document.parties.map(({ agency }) => agency));
  document.examples.forEach((example, index) => {
    if (!parties.has(example.holder)) complain(`${example.holder} is not a party.`, 'examples', index, 'holder');
    if (!Object.hasOwn(document.pins.assets, example.asset)) {
      complain(`The asset ${example.asset} is not pinned.`, 'examples', index, 'asset');
    }
    const asset = terms.assets.get(example.asset)?.definition;
    example.expect.fields.forEach((name, at) => {
      if (asset === undefined || asset.fields.some((field) => field.name === name)) return;
      complain(`The asset ${asset.code} has no field ${name}.`, 'examples', index, 'expect', 'fields', at);
    });
  });
}
