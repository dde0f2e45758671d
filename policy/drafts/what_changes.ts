/** What a draft would change: who gains and who loses which fields, and what is asked of them, against the version in force. */
import type { JsonObject } from '../../platform/json.ts';
import type { Clause } from '../protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../register/state.ts';
import { addresses, compileClause, type CompiledClause } from '../rules/clause.ts';
import { compareRequirements } from './compare_requirements.ts';
import { asIfSigned, versionInForce } from './hypothetical.ts';
import { readablePart } from './readable.ts';
import { banOf, type Requirement, requirementsOf } from './requirements.ts';

/** One role's access to one type of record of one holder, for one purpose. */
export type Place = { agency: string; role: string; asset: string; holder: string; purpose: string; action: string };

/** Fields by name. `stricter`, `looser`: what is asked, in words, about the fields that are given before and after. */
export type ProtocolChange = Place & { gains: string[]; loses: string[]; stricter: string[]; looser: string[] };

/** One change that is the same for each of these recipients and holders. */
export type AlikeChange = Omit<ProtocolChange, 'agency' | 'holder'> & { agencies: string[]; holders: string[] };

/** Lists every place where something changes. Without a version in force everything is gained. */
export function whatChanges(state: RegisterState, document: JsonObject): ProtocolChange[] {
  const changes = listAlikeChanges(state, document).flatMap(({ agencies, holders, ...change }) =>
    agencies.flatMap((agency) => holders.map((holder) => ({ ...change, agency, holder }))),
  );
  return changes.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

/**
 * The same, with agencies together that every clause treats alike: what is worked out does not grow with their number, and
 * a protocol of two hundred parties is compared as fast as one of five.
 */
export function listAlikeChanges(state: RegisterState, document: JsonObject): AlikeChange[] {
  const text = readablePart(state, document);
  const inForce = versionInForce(state, text.id);
  const after = compiled(state, asIfSigned(text));
  const before = inForce === undefined ? undefined : compiled(state, inForce);
  const versions = before === undefined ? [after] : [before, after];
  const alike = { recipients: recipientsAlike(state, versions), holders: holdersAlike(versions) };
  const old = before === undefined ? new Map<string, Access>() : accessUnder(state, before, alike);
  const now = accessUnder(state, after, alike);
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const change = compare(old.get(key), now.get(key));
    if (change === undefined) return [];
    const { agency, holder, ...rest } = change;
    return [{ ...rest, agencies: alike.recipients.get(agency) ?? [], holders: alike.holders.get(holder) ?? [] }];
  });
}

/** Agencies by the one that stands for all that are treated like it. */
type Classes = ReadonlyMap<string, string[]>;
type Alike = { recipients: Classes; holders: Classes };

/** A text with its clauses as they would be enforced. */
type Compiled = { registered: RegisteredProtocol; entries: CompiledClause[] };

function compiled(state: RegisterState, registered: RegisteredProtocol): Compiled {
  const entries = registered.document.clauses
    .map((clause) => compileClause(state, registered, clause))
    .filter((entry) => entry !== undefined);
  return { registered, entries };
}

function recipientsAlike(state: RegisterState, versions: readonly Compiled[]): Classes {
  return classesOf(
    versions.flatMap(({ registered }) => membersOf(registered)),
    (agency) =>
      versions.map(({ registered, entries }) =>
        entries.map(({ clause }) => rolesOf(clause).map((role) => addresses(state, registered, clause, agency, role))),
      ),
  );
}

function holdersAlike(versions: readonly Compiled[]): Classes {
  const lists = versions.flatMap(({ entries }) => entries.map(({ holders }) => new Set(holders)));
  return classesOf(
    lists.flatMap((holders) => [...holders]),
    (holder) => lists.map((holders) => holders.has(holder)),
  );
}

function classesOf(agencies: readonly string[], treatment: (agency: string) => unknown): Classes {
  const classes = Map.groupBy(new Set(agencies), (agency) => JSON.stringify(treatment(agency)));
  return new Map([...classes.values()].map((some) => [some[0] ?? '', some]));
}

function membersOf({ document, acceded }: RegisteredProtocol): string[] {
  return [...document.parties, ...acceded].map(({ agency }) => agency);
}

function rolesOf({ recipients }: Clause): string[] {
  return [...new Set(recipients.map(({ role }) => role))];
}

/** The ways to each field: what each clause that gives it asks for. */
type Access = { place: Place; fields: Map<string, Requirement[][]> };

function accessUnder(state: RegisterState, { registered, entries }: Compiled, alike: Alike): Map<string, Access> {
  const table = new Map<string, Access>();
  const places = (entry: CompiledClause): Place[] => placesOf(state, registered, entry, alike);
  for (const entry of entries) if (entry.clause.effect === 'permit') permit(places(entry), entry, table);
  for (const entry of entries) if (entry.clause.effect === 'prohibit') prohibit(places(entry), entry, table);
  return table;
}

function permit(places: readonly Place[], entry: CompiledClause, table: Map<string, Access>): void {
  for (const place of places) {
    const key = keyOf(place);
    const access = table.get(key) ?? { place, fields: new Map<string, Requirement[][]>() };
    table.set(key, access);
    const way = requirementsOf(entry.clause, place.role);
    for (const field of entry.fields) access.fields.set(field, [...(access.fields.get(field) ?? []), way]);
  }
}

// A prohibition beats every permission: always, or wherever its conditions hold.
function prohibit(places: readonly Place[], entry: CompiledClause, table: Map<string, Access>): void {
  for (const place of places) {
    const fields = table.get(keyOf(place))?.fields;
    for (const field of entry.fields) {
      const ways = fields?.get(field);
      if (ways === undefined) continue;
      if (entry.conditions === undefined) fields?.delete(field);
      else
        fields?.set(
          field,
          ways.map((way) => [...way, banOf(entry.clause)]),
        );
    }
  }
}

function placesOf(
  state: RegisterState,
  registered: RegisteredProtocol,
  { clause, holders }: CompiledClause,
  alike: Alike,
): Place[] {
  const { asset, purposes, actions } = clause;
  const recipients = [...alike.recipients.keys()].flatMap((agency) =>
    rolesOf(clause)
      .filter((role) => addresses(state, registered, clause, agency, role))
      .map((role) => ({ agency, role })),
  );
  const standing = holders.filter((holder) => alike.holders.has(holder));
  return recipients.flatMap((recipient) =>
    standing.flatMap((holder) =>
      purposes.flatMap((purpose) => actions.map((action) => ({ ...recipient, asset, holder, purpose, action }))),
    ),
  );
}

function keyOf({ agency, role, asset, holder, purpose, action }: Place): string {
  return [agency, role, asset, holder, purpose, action].join(' ');
}

function compare(old: Access | undefined, now: Access | undefined): ProtocolChange | undefined {
  const place = (now ?? old)?.place;
  if (place === undefined) return undefined;
  const before = old?.fields ?? new Map<string, Requirement[][]>();
  const after = now?.fields ?? new Map<string, Requirement[][]>();
  const gains = [...after.keys()].filter((field) => !before.has(field));
  const loses = [...before.keys()].filter((field) => !after.has(field));
  const kept = [...after.keys()].filter((field) => before.has(field));
  const { stricter, looser } = compareRequirements(kept, before, after);
  return [gains, loses, stricter, looser].every((list) => list.length === 0)
    ? undefined
    : { ...place, gains, loses, stricter, looser };
}
