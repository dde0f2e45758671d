/** What changes, put together for a reader: "Health visitors of these agencies gain these fields". */
import type { JsonObject } from '../../platform/json.ts';
import type { RegisterState } from '../register/state.ts';
import { objectsIn } from './text.ts';
import type { ProtocolChange } from './what_changes.ts';

export type Named = { code: string; name: string };

/** Changes that read alike, in names and titles. */
export type ChangeGroup = {
  role: Named;
  agencies: Named[];
  asset: Named;
  holders: Named[];
  purposes: Named[];
  actions: string[];
  gains: string[];
  loses: string[];
  stricter: string[];
  looser: string[];
};

/** Merges changes that differ only in who holds, for what, or who receives. `document` gives purposes their names. */
export function groupChanges(
  state: RegisterState,
  document: JsonObject,
  changes: readonly ProtocolChange[],
): ChangeGroup[] {
  const groups = Map.groupBy(changes, ({ role, asset, action, gains, loses, stricter, looser }) =>
    JSON.stringify([role, asset, action, gains, loses, stricter, looser]),
  );
  return [...groups.values()].flatMap((alike) => byAgency(alike)).map((alike) => describe(state, document, alike));
}

// Agencies stand together only where they receive from the same holders for the same purposes.
function byAgency(alike: readonly ProtocolChange[]): ProtocolChange[][] {
  const each = [...Map.groupBy(alike, ({ agency }) => agency).values()];
  const sets = Map.groupBy(each, (one) =>
    JSON.stringify(one.map(({ holder, purpose }) => `${holder} ${purpose}`).toSorted()),
  );
  return [...sets.values()].map((some) => some.flat());
}

function describe(state: RegisterState, document: JsonObject, alike: readonly ProtocolChange[]): ChangeGroup {
  const [first] = alike;
  if (first === undefined) throw new TypeError('a group has a member');
  const { role, asset, gains, loses, stricter, looser } = first;
  const definition = state.assets.get(asset)?.definition;
  const title = (field: string): string => definition?.fields.find(({ name }) => name === field)?.title ?? field;
  const agencyName = (code: string): string => state.agencies.get(code)?.name ?? code;
  const purposes = objectsIn(document.purposes);
  const purposeName = (code: string): string => {
    const name = purposes.find((one) => one.code === code)?.name;
    return typeof name === 'string' && name !== '' ? name : code;
  };
  return {
    role: { code: role, name: state.roles.get(role)?.definition.name ?? role },
    agencies: namesOf(
      alike.map(({ agency }) => agency),
      agencyName,
    ),
    asset: { code: asset, name: definition?.name ?? asset },
    holders: namesOf(
      alike.map(({ holder }) => holder),
      agencyName,
    ),
    purposes: namesOf(
      alike.map(({ purpose }) => purpose),
      purposeName,
    ),
    actions: [...new Set(alike.map(({ action }) => action))],
    gains: gains.map(title),
    loses: loses.map(title),
    stricter,
    looser,
  };
}

function namesOf(codes: readonly string[], name: (code: string) => string): Named[] {
  return [...new Set(codes)].map((code) => ({ code, name: name(code) }));
}
