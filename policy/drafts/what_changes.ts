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

/** Lists every place where something changes. Without a version in force everything is gained. */
export function whatChanges(state: RegisterState, document: JsonObject): ProtocolChange[] {
  const text = readablePart(state, document);
  const before = versionInForce(state, text.id);
  const old = before === undefined ? new Map<string, Access>() : accessUnder(state, before);
  const now = accessUnder(state, asIfSigned(text));
  const places = [...new Set([...old.keys(), ...now.keys()])].sort();
  return places.map((key) => compare(old.get(key), now.get(key))).filter((change) => change !== undefined);
}

/** The ways to each field: what each clause that gives it asks for. */
type Access = { place: Place; fields: Map<string, Requirement[][]> };

function accessUnder(state: RegisterState, registered: RegisteredProtocol): Map<string, Access> {
  const compiled = registered.document.clauses
    .map((clause) => compileClause(state, registered, clause))
    .filter((entry) => entry !== undefined);
  const table = new Map<string, Access>();
  for (const entry of compiled) if (entry.clause.effect === 'permit') permit(state, registered, entry, table);
  for (const entry of compiled) if (entry.clause.effect === 'prohibit') prohibit(state, registered, entry, table);
  return table;
}

function permit(
  state: RegisterState,
  registered: RegisteredProtocol,
  entry: CompiledClause,
  table: Map<string, Access>,
): void {
  for (const place of placesOf(state, registered, entry)) {
    const key = keyOf(place);
    const access = table.get(key) ?? { place, fields: new Map<string, Requirement[][]>() };
    table.set(key, access);
    const way = requirementsOf(entry.clause, place.role);
    for (const field of entry.fields) access.fields.set(field, [...(access.fields.get(field) ?? []), way]);
  }
}

// A prohibition beats every permission: always, or wherever its conditions hold.
function prohibit(
  state: RegisterState,
  registered: RegisteredProtocol,
  entry: CompiledClause,
  table: Map<string, Access>,
): void {
  for (const place of placesOf(state, registered, entry)) {
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

function placesOf(state: RegisterState, registered: RegisteredProtocol, { clause, holders }: CompiledClause): Place[] {
  return recipientsOf(state, registered, clause).flatMap(({ agency, role }) =>
    holders.flatMap((holder) =>
      clause.purposes.flatMap((purpose) =>
        clause.actions.map((action) => ({ agency, role, asset: clause.asset, holder, purpose, action })),
      ),
    ),
  );
}

function recipientsOf(
  state: RegisterState,
  registered: RegisteredProtocol,
  clause: Clause,
): { agency: string; role: string }[] {
  const members = [...registered.document.parties, ...registered.acceded].map(({ agency }) => agency);
  const roles = [...new Set(clause.recipients.map(({ role }) => role))];
  return [...new Set(members)].flatMap((agency) =>
    roles.filter((role) => addresses(state, registered, clause, agency, role)).map((role) => ({ agency, role })),
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
