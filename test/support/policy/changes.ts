/** What a draft would change, one place after the other. */
import type { JsonObject } from '../../../platform/json.ts';
import { listAlikeChanges } from '../../../policy/governance/drafts/what_changes.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';

export function whatChanges(state: RegisterState, document: JsonObject) {
  const changes = listAlikeChanges(state, document).flatMap(({ agencies, holders, ...change }) =>
    agencies.flatMap((agency) => holders.map((holder) => ({ ...change, agency, holder }))),
  );
  const place = ({ agency, role, asset, holder, purpose, action }: (typeof changes)[number]): string =>
    [agency, role, asset, holder, purpose, action].join(' ');
  return changes.toSorted((left, right) => (place(left) < place(right) ? -1 : 1));
}
