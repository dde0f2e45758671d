/** The register as it would be with a text in force that nobody has signed yet: what examples and effects are worked out on. */
import type { Protocol } from '../../register/protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { isConditional } from '../../decisions/rules/conditions.ts';

/** The text as if every party had signed it. Its hash is none that a signed text could have. */
export function asIfSigned(document: Protocol): RegisteredProtocol {
  return {
    hash: 'draft',
    document,
    signatures: [],
    rejected: [],
    acceded: [],
    unsigned: [],
    withdrawn: [],
    suspendedBy: [],
    status: 'in-force',
  };
}

/** The version of that id that is in force now. */
export function versionInForce(state: RegisterState, id: string): RegisteredProtocol | undefined {
  return [...state.protocols.values()].find(({ status, document }) => status === 'in-force' && document.id === id);
}

/**
 * The state in which this text has taken the place of its former version, for examples. An example says what this text
 * gives: permissions of other protocols are left out, what they forbid stands. It names no record, so it is about one for
 * which the conditions of permissions hold and those of prohibitions do not, in the own area.
 */
export function stateForExamples(state: RegisterState, document: Protocol): RegisterState {
  const others = [...state.protocols.values()].filter(
    (one) => one.status === 'in-force' && one.document.id !== document.id,
  );
  const protocols = [asIfSigned(unconditional(document)), ...others.map((one) => forbiddingOnly(one))];
  const { nextBoundary: _, ...rest } = state;
  return { ...rest, protocols: new Map(protocols.map((one) => [one.hash, one])), damaged: new Map() };
}

function unconditional(document: Protocol): Protocol {
  const clauses = document.clauses
    .filter((clause) => clause.effect === 'permit' || !isConditional(clause))
    .map(({ area: _, ...clause }) => ({ ...clause, conditions: [] }));
  return { ...document, clauses };
}

function forbiddingOnly(registered: RegisteredProtocol): RegisteredProtocol {
  const document = unconditional(registered.document);
  return {
    ...registered,
    document: { ...document, clauses: document.clauses.filter((one) => one.effect !== 'permit') },
  };
}
