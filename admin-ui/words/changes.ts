/** What a text would change, against the version in force. */
import type { JsonObject } from '../../platform/json.ts';
import { groupChanges } from '../../policy/governance/drafts/group_changes.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
import { inSentence } from './sentence.ts';

/** Who would gain and lose what, for `words/changes.njk`; `id` is the protocol's. */
export function changesInWords(state: RegisterState, id: string, document: JsonObject) {
  const inForce = [...state.protocols.values()].find(
    (one) => one.document.id === id && one.status === 'in-force',
  )?.document;
  return {
    before: inForce && { href: `/protocols/${inForce.id}/${inForce.version}`, version: inForce.version },
    groups: groupChanges(state, document).map(({ role, agencies, asset, holders, purposes, ...rest }) => ({
      ...rest,
      role: role.name,
      agencies: names(agencies),
      what: `${asset.name}, held by ${names(holders)}`,
      purposes: purposes.map(({ name }) => inSentence(name)).join('; '),
    })),
  };
}

const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(', ');
