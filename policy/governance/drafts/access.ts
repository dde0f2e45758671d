/** Who is given what under a text, and what each way to it asks for. */
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { addresses, type CompiledClause } from '../../decisions/rules/clause.ts';
import { type Alike, type Compiled, rolesOf } from './alike.ts';
import { banOf, type Requirement, requirementsOf } from './requirements.ts';

/** One role's access to one type of record of one holder, for one purpose. */
export type Place = { agency: string; role: string; asset: string; holder: string; purpose: string; action: string };

/** The ways to each field: what each clause that gives it asks for. */
export type Access = { place: Place; fields: Map<string, Requirement[][]> };

/** By place: one agency stands for all that are treated like it. */
export function accessUnder(
  state: RegisterState,
  { registered, entries }: Compiled,
  alike: Alike,
): Map<string, Access> {
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

/** A place as one key, in the order in which places are listed. */
function keyOf({ agency, role, asset, holder, purpose, action }: Place): string {
  return [agency, role, asset, holder, purpose, action].join(' ');
}
