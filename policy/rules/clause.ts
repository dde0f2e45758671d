/** A clause of a registered protocol, ready to be enforced and cited. */
import type { ClauseReference } from '../decisions/decision.ts';
import { checkConditions } from '../protocols/check_condition.ts';
import type { AssetDefinition, Clause, Protocol, Recipient } from '../protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../register/state.ts';
import { compileConditions, isOperator, type RuleConditions } from './conditions.ts';

export type CompiledClause = {
  reference: ClauseReference;
  protocol: Protocol;
  status: RegisteredProtocol['status'];
  clause: Clause;
  fields: ReadonlySet<string>;
  /** Agencies whose records it is about: in a permission, those that are parties and still belong to the federation. */
  holders: string[];
  conditions: RuleConditions | undefined;
};

/**
 * Why a clause cannot be enforced as it was signed, in words; empty when it can. The register refuses such clauses when
 * they are signed; what a rule cannot do without is asked again here, because nothing is compiled on trust.
 */
export function clauseProblems(clause: Clause, asset: AssetDefinition | undefined): string[] {
  if (asset === undefined) return [`The definition of ${clause.asset} that was signed is not published.`];
  const problems: string[] = [];
  // A CASL rule without fields would be about every field.
  if (clause.fields.length === 0) problems.push('It names no field.');
  for (const field of clause.fields) {
    if (!asset.fields.some(({ name }) => name === field)) problems.push(`${asset.code} has no field ${field}.`);
  }
  for (const { operator } of clause.conditions) {
    if (!isOperator(operator)) problems.push(`${String(operator)} is not an operator.`);
  }
  checkConditions(clause.conditions, asset, (message) => void problems.push(message));
  return problems;
}

/**
 * The clause as a rule. A permission with a problem gives nothing (undefined). A prohibition with a problem applies
 * without its conditions, and to every field when it names none: what cannot be read is not opened.
 */
export function compileClause(
  state: RegisterState,
  registered: RegisteredProtocol,
  clause: Clause,
): CompiledClause | undefined {
  const { document, hash, status } = registered;
  const asset = pinnedAsset(state, document, clause.asset);
  const broken = clauseProblems(clause, asset).length > 0;
  if (broken && clause.effect === 'permit') return undefined;
  const everyField = asset?.fields.map((field) => field.name) ?? [];
  return {
    reference: { protocol: document.id, version: document.version, clause: clause.id, hash },
    protocol: document,
    status,
    clause,
    fields: new Set(clause.fields.length === 0 ? everyField : clause.fields),
    holders:
      clause.effect === 'permit'
        ? clause.holders.filter((holder) => isMember(state, registered, holder))
        : clause.holders,
    conditions: broken || asset === undefined ? undefined : compileConditions(clause, asset),
  };
}

/**
 * True when the clause speaks to this role of this agency: by name, or as a party of the named kind. A permission reaches
 * members only, whoever it names; a prohibition binds whom it names.
 */
export function addresses(
  state: RegisterState,
  registered: RegisteredProtocol,
  clause: Clause,
  agency: string,
  role: string,
): boolean {
  if (clause.effect === 'permit' && !isMember(state, registered, agency)) return false;
  const kind = registered.document.parties.find((party) => party.agency === agency)?.kind;
  const meant = (recipient: Recipient): boolean =>
    recipient.role === role && ('agency' in recipient ? recipient.agency === agency : recipient.kind === kind);
  return clause.recipients.some(meant);
}

/** True for a party that has left neither the protocol nor the federation. */
function isMember(state: RegisterState, { document, withdrawn }: RegisteredProtocol, agency: string): boolean {
  const registered = state.agencies.get(agency);
  if (registered === undefined || registered.endedAt !== undefined || withdrawn.includes(agency)) return false;
  return document.parties.some((party) => party.agency === agency);
}

/** The definition that was signed, by its hash: a later one of the same name does not change what a clause means. */
function pinnedAsset(state: RegisterState, { pins }: Protocol, code: string): AssetDefinition | undefined {
  const hash = Object.hasOwn(pins.assets, code) ? pins.assets[code] : undefined;
  const definition = hash === undefined ? undefined : state.definitions.get(hash)?.definition;
  return definition?.type === 'wayleave-asset' && definition.code === code ? definition : undefined;
}

/** What a rule is about, as one index key: the number of protocols about other things never matters. */
export function subjectKey(asset: string, holder: string): string {
  return `${asset}@${holder}`;
}

/**
 * What is done and why, as one index key. No code holds a `#`, so keys never collide, and none is CASL's word for any action
 * (`manage`), as no subject key is its word for any subject (`all`).
 */
export function actionKey(action: string, purpose: string): string {
  return `${action}#${purpose}`;
}
