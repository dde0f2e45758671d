/** Step: the clauses about this action, asset, holding agency and purpose, for the acting role, conditions tested. */
import type { AssetDefinition } from '../../register/protocols/document.ts';
import type { DamagedProtocol } from '../../register/chain/state.ts';
import { applicable } from '../rules/ability.ts';
import type { CompiledClause } from '../rules/clause.ts';
import { targetKey } from '../rules/compile.ts';
import type { Situation } from '../rules/conditions.ts';
import type { Acting } from './choose_post.ts';
import type { Circumstances } from './circumstances.ts';
import type { DecisionRequest } from './decision.ts';
import type { ReasonCode } from './reasons.ts';

export type Matched = {
  asset: AssetDefinition | undefined;
  /** Permissions on what is asked, for the acting role, whatever their purpose. */
  about: readonly CompiledClause[];
  /** Those of them for this purpose whose conditions hold. */
  applying: ReadonlySet<CompiledClause>;
  prohibitions: readonly CompiledClause[];
  /** Whether any prohibition speaks to what is asked and why, whether or not its conditions hold. */
  mayProhibit: boolean;
  /** Epoch seconds at which time alone may change which clauses apply; infinity where it cannot. */
  until: number;
  /** Permissions on what is asked, of protocols that are not in force. */
  dormant: readonly CompiledClause[];
  /** A damaged text that binds the acting agency and may have forbidden this. */
  unreadable: DamagedProtocol | undefined;
  /** Why there is nothing about it for this role, where there is nothing. */
  otherwise: ReasonCode;
};

/** What is found when there are no rules: the register does not verify. */
const nothingInForce: Matched = {
  asset: undefined,
  about: [],
  applying: new Set(),
  prohibitions: [],
  mayProhibit: false,
  until: Infinity,
  dormant: [],
  unreadable: undefined,
  otherwise: 'protocol-not-in-force',
};

/** Looks the rules up. The work does not grow with the number of protocols about other records, agencies and roles. */
export function matchClauses(
  { rules, now }: Pick<Circumstances, 'rules' | 'now'>,
  acting: Acting | undefined,
  request: DecisionRequest,
): Matched {
  const { action, resource, purpose = '' } = request;
  if (rules === undefined) return nothingInForce;
  if (acting === undefined) return { ...nothingInForce, asset: rules.asset(resource.type) };
  const { post } = acting;
  const grants = rules.grants(post.agency, post.role);
  const target = targetKey(action, resource.type, resource.agency);
  const { record, areas } = situationOf(acting, request, now);
  const { type: asset, agency: holder } = resource;
  const found = applicable(grants.ability, { action, purpose, asset, holder, record, now, areas });
  return {
    asset: rules.asset(resource.type),
    about: grants.about(target),
    applying: new Set(found.permits),
    prohibitions: found.prohibitions,
    mayProhibit: found.mayProhibit,
    until: found.until,
    dormant: grants.dormant(target),
    unreadable: rules.unreadable(post.agency),
    otherwise: coverageReasons[rules.coverage(target, post.agency)],
  };
}

/** What conditions are tested against: the record's attributes, the moment, and the areas that the acting post serves. */
export function situationOf({ post }: Acting, { resource }: DecisionRequest, now: number): Situation {
  return { record: resource.attributes, now, areas: [post.teamArea, post.agencyArea] };
}

const coverageReasons = { nobody: 'no-protocol', others: 'not-a-party', agency: 'role-not-covered' } as const;
