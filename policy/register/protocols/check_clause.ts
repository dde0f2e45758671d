/** One clause against the definitions that it relies on: nothing in it may be unknown, unpinned or mistyped. */
import type { AssetDefinition, Clause, Protocol, Recipient } from './document.ts';
import { checkConditions } from './check_condition.ts';
import { type Complain, noDuplicates, type Terms } from './terms.ts';

/** Checks the clause at `index`; complaints point into the document. */
export function checkClause(clause: Clause, index: number, document: Protocol, terms: Terms, complain: Complain): void {
  const here: Complain = (message, ...path) => complain(message, 'clauses', index, ...path);
  const asset = terms.assets.get(clause.asset)?.definition;
  if (!Object.hasOwn(document.pins.assets, clause.asset)) here(`The asset ${clause.asset} is not pinned.`, 'asset');
  if (asset === undefined) here(`There is no asset ${clause.asset}.`, 'asset');
  else checkAgainstAsset(clause, asset, here);
  checkPlace(clause, document, here);
  clause.recipients.forEach((recipient, at) => {
    checkRecipient(recipient, clause, { document, terms }, (message, ...path) =>
      here(message, 'recipients', at, ...path),
    );
  });
  checkOverride(clause, document, here);
}

function checkAgainstAsset(clause: Clause, asset: AssetDefinition, here: Complain): void {
  const fields = new Set(asset.fields.map(({ name }) => name));
  const missing = (name: string): string => `The asset ${asset.code} has no field ${name}.`;
  clause.fields.forEach((name, at) => void (fields.has(name) || here(missing(name), 'fields', at)));
  clause.override?.fields.forEach(
    (name, at) => void (fields.has(name) || here(missing(name), 'override', 'fields', at)),
  );
  clause.actions.forEach((action, at) => {
    if (!asset.actions.includes(action)) here(`The asset ${asset.code} knows no action ${action}.`, 'actions', at);
  });
  noDuplicates(clause.fields, here, 'fields');
  noDuplicates(clause.actions, here, 'actions');
  noDuplicates(
    clause.obligations.map(({ id }) => id),
    here,
    'obligations',
  );
  checkConditions(clause.conditions, asset, here);
}

function checkPlace(clause: Clause, document: Protocol, here: Complain): void {
  clause.holders.forEach((holder, at) => {
    if (!document.parties.some(({ agency }) => agency === holder)) here(`${holder} is not a party.`, 'holders', at);
  });
  noDuplicates(clause.holders, here, 'holders');
  noDuplicates(clause.purposes, here, 'purposes');
  noDuplicates(
    clause.recipients.map((one) => `${one.role} in ${'agency' in one ? one.agency : `a ${one.kind} agency`}`),
    here,
    'recipients',
  );
  clause.purposes.forEach((purpose, at) => {
    if (!document.purposes.some(({ code }) => code === purpose))
      here(`No purpose ${purpose} is stated.`, 'purposes', at);
  });
}

/** An agency that is no party and may still accede. */
function findMember({ agencies }: Terms, code: string): { kind: string } | undefined {
  const agency = agencies.get(code);
  return agency?.endedAt === undefined ? agency : undefined;
}

type Scope = { document: Protocol; terms: Terms };

function checkRecipient(recipient: Recipient, clause: Clause, { document, terms }: Scope, here: Complain): void {
  const role = terms.roles.get(recipient.role)?.definition;
  if (role === undefined) return here(`There is no role ${recipient.role}.`, 'role');
  if (!Object.hasOwn(document.pins.roles, recipient.role)) here(`The role ${recipient.role} is not pinned.`, 'role');
  if ('kind' in recipient) {
    if (!Object.hasOwn(document.pins.kinds, recipient.kind)) here(`The kind ${recipient.kind} is not pinned.`, 'kind');
    if (!clause.open_to_accession && !document.parties.some(({ kind }) => kind === recipient.kind))
      here(`No party is of kind ${recipient.kind}.`, 'kind');
    if (!role.kinds.includes(recipient.kind)) here(`No ${recipient.role} works in a ${recipient.kind} agency.`, 'kind');
    return;
  }
  const party =
    document.parties.find(({ agency }) => agency === recipient.agency) ??
    (clause.open_to_accession ? findMember(terms, recipient.agency) : undefined);
  if (party === undefined) here(`${recipient.agency} is not a party.`, 'agency');
  else if (!role.kinds.includes(party.kind)) here(`No ${recipient.role} works in a ${party.kind} agency.`, 'agency');
}

function checkOverride(clause: Clause, document: Protocol, here: Complain): void {
  if (clause.effect === 'prohibit') {
    if (clause.override !== undefined) here('A prohibition cannot be overridden.', 'override');
    if (clause.obligations.length > 0) here('A prohibition gives nothing, so it carries no obligation.', 'obligations');
    return;
  }
  clause.override?.roles.forEach((role, at) => {
    if (!Object.hasOwn(document.pins.roles, role)) here(`The role ${role} is not pinned.`, 'override', 'roles', at);
    else if (!clause.recipients.some((recipient) => recipient.role === role)) {
      here(`${role} does not receive anything under this clause.`, 'override', 'roles', at);
    }
  });
}
