/** A clause of a registered protocol, ready to be enforced and cited. */
import { checkConditions } from '../../register/protocols/check_condition.ts';
import type { AssetDefinition, Clause, Protocol, Recipient } from '../../register/protocols/document.ts';
import type { Acceded, RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { compileConditions, isOperator, type RuleConditions } from './conditions.ts';

/** A clause in the text that was registered. */
export type Written = { registered: RegisteredProtocol; clause: Clause };

/** A clause as an answer cites it. `hash` names the signed text. */
export type ClauseReference = { protocol: string; version: number; clause: string; hash: string };

export type CompiledClause = {
  reference: ClauseReference;
  protocol: Protocol;
  /** Whose word on a data subject's consent counts: the parties, and agencies that joined since. */
  members: readonly { agency: string }[];
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
function clauseProblems(clause: Clause, asset: AssetDefinition | undefined): string[] {
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
    reference: { clause: clause.id, hash, protocol: document.id, version: document.version },
    protocol: document,
    members: registered.acceded.length === 0 ? document.parties : [...document.parties, ...registered.acceded],
    status,
    clause,
    fields: new Set(clause.fields.length === 0 ? everyField : clause.fields),
    holders:
      clause.effect === 'permit'
        ? clause.holders.filter((holder) => isParty(state, registered, holder))
        : clause.holders,
    conditions: broken || asset === undefined ? undefined : compileConditions(clause, asset),
  };
}

/**
 * True when the clause speaks to this role of this agency: by name, or as one of the named kind that signed or joined. A
 * permission reaches those only, and of the ones who joined only where it is open to accession; a prohibition binds all.
 */
export function addresses(
  state: RegisterState,
  registered: RegisteredProtocol,
  clause: Clause,
  agency: string,
  role: string,
): boolean {
  const joined = findJoined(state, registered, agency);
  const reached = isParty(state, registered, agency) || (joined !== undefined && clause.open_to_accession);
  if (clause.effect === 'permit' && !reached) return false;
  const kind = (registered.document.parties.find((party) => party.agency === agency) ?? joined)?.kind;
  const meant = (recipient: Recipient): boolean =>
    recipient.role === role && ('agency' in recipient ? recipient.agency === agency : recipient.kind === kind);
  return clause.recipients.some(meant);
}

/** An agency that joined and still belongs to the federation. */
export function findJoined(state: RegisterState, { acceded }: RegisteredProtocol, agency: string): Acceded | undefined {
  const joined = acceded.find((one) => one.agency === agency);
  return joined !== undefined && belongs(state, agency) ? joined : undefined;
}

/** True for a party that has left neither the protocol nor the federation. */
function isParty(state: RegisterState, { document, withdrawn }: RegisteredProtocol, agency: string): boolean {
  if (!belongs(state, agency) || withdrawn.includes(agency)) return false;
  return document.parties.some((party) => party.agency === agency);
}

function belongs({ agencies }: RegisterState, agency: string): boolean {
  const registered = agencies.get(agency);
  return registered !== undefined && registered.endedAt === undefined;
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
