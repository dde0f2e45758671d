/** Step: the clauses about this action, asset, holding agency and purpose, for the acting role, conditions tested. */
import type { AssetDefinition } from '../../register/protocols/document.ts';
import type { DamagedProtocol } from '../../register/chain/state.ts';
import { applicable } from '../rules/ability.ts';
import type { CompiledClause } from '../rules/clause.ts';
import { type Ruleset, topicKey } from '../rules/compile.ts';
import type { Situation } from '../rules/conditions.ts';
import type { Acting } from './choose_post.ts';
import type { DecisionRequest, ReasonCode } from './decision.ts';

export type Matched = {
  asset: AssetDefinition | undefined;
  /** Permissions on the topic for the acting role, whatever their purpose. */
  about: readonly CompiledClause[];
  /** Those of them for this purpose whose conditions hold. */
  applying: ReadonlySet<CompiledClause>;
  prohibitions: readonly CompiledClause[];
  /** Whether any prohibition speaks to the topic and purpose, whether or not its conditions hold. */
  mayProhibit: boolean;
  /** Epoch seconds at which time alone may change which clauses apply; infinity where it cannot. */
  until: number;
  /** Permissions on the topic of protocols that are not in force. */
  dormant: readonly CompiledClause[];
  /** A damaged text that binds the acting agency and may have forbidden this. */
  unreadable: DamagedProtocol | undefined;
  /** Why there is nothing about the topic for this role, where there is nothing. */
  otherwise: ReasonCode;
};

/** What a rule finds when there are no rules: the register does not verify. */
export const nothingInForce: Matched = {
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
export function matchClauses(rules: Ruleset, acting: Acting, request: DecisionRequest, now: number): Matched {
  const { post } = acting;
  const { action, resource, purpose = '' } = request;
  const grants = rules.grants(post.agency, post.role);
  const topic = topicKey(action, resource.type, resource.agency);
  const { record, areas } = situationOf(acting, request, now);
  const { type: asset, agency: holder } = resource;
  const found = applicable(grants.ability, { action, purpose, asset, holder, record, now, areas });
  return {
    asset: rules.asset(resource.type),
    about: grants.about(topic),
    applying: new Set(found.permits),
    prohibitions: found.prohibitions,
    mayProhibit: found.mayProhibit,
    until: found.until,
    dormant: grants.dormant(topic),
    unreadable: rules.unreadable(post.agency),
    otherwise: coverageReasons[rules.coverage(topic, post.agency)],
  };
}

/** What conditions are tested against: the record's attributes, the moment, and the areas that the acting post serves. */
export function situationOf({ post }: Acting, { resource }: DecisionRequest, now: number): Situation {
  return { record: resource.attributes, now, areas: [post.teamArea, post.agencyArea] };
}

const coverageReasons = { nobody: 'no-protocol', others: 'not-a-party', agency: 'role-not-covered' } as const;
