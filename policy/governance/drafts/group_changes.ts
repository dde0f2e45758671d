/** What changes, put together for a reader: "Health visitors of these agencies gain these fields". */
import type { JsonObject } from '../../../platform/json.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { objectsIn } from './text.ts';
import { type AlikeChange, listAlikeChanges } from './what_changes.ts';

type Named = { code: string; name: string };

/** Changes that read alike, in names and titles. */
type ChangeGroup = {
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

/** Everything that a draft changes, merged where it differs only in who holds, for what, how, or who receives. */
export function groupChanges(state: RegisterState, document: JsonObject): ChangeGroup[] {
  const changes = listAlikeChanges(state, document).map(({ purpose, action, ...change }) => ({
    ...change,
    purposes: [purpose],
    actions: [action],
  }));
  const merged = (['holders', 'purposes', 'actions', 'agencies'] as const).reduce(mergeOver, changes);
  return merged.map((change) => describe(state, document, change));
}

type Wide = Omit<AlikeChange, 'purpose' | 'action'> & { purposes: string[]; actions: string[] };

// One part at a time, and only where all the rest is the same: so that what is read of all is true of each.
function mergeOver(changes: Wide[], part: 'holders' | 'purposes' | 'actions' | 'agencies'): Wide[] {
  const groups = Map.groupBy(changes, ({ [part]: _, ...rest }) => JSON.stringify(rest));
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    return [{ ...first, [part]: [...new Set(alike.flatMap((one) => one[part]))].sort() }];
  });
}

function describe(state: RegisterState, document: JsonObject, change: Wide): ChangeGroup {
  const { role, asset, gains, loses, stricter, looser, actions } = change;
  const definition = state.assets.get(asset)?.definition;
  const title = (field: string): string => definition?.fields.find(({ name }) => name === field)?.title ?? field;
  const agency = (code: string): Named => ({ code, name: state.agencies.get(code)?.name ?? code });
  return {
    role: { code: role, name: state.roles.get(role)?.definition.name ?? role },
    agencies: change.agencies.map(agency),
    asset: { code: asset, name: definition?.name ?? asset },
    holders: change.holders.map(agency),
    purposes: change.purposes.map((code) => ({ code, name: purposeName(document, code) })),
    actions,
    gains: gains.map(title),
    loses: loses.map(title),
    stricter,
    looser,
  };
}

function purposeName({ purposes }: JsonObject, code: string): string {
  const name = objectsIn(purposes).find((one) => one.code === code)?.name;
  return typeof name === 'string' && name !== '' ? name : code;
}
