/** Who takes part in a protocol now, and so may write down what people say about it. */
import type { Clause, Party } from '../../register/protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';

/** Parties that have not left, and agencies that joined since and are not suspended. */
export function membersOf(state: RegisterState, { document, withdrawn, acceded }: RegisteredProtocol): Party[] {
  const joined = acceded.filter(({ suspended }) => !suspended).map(({ party }) => party);
  const belongs = ({ agency }: Party): boolean => {
    const registered = state.agencies.get(agency);
    return registered !== undefined && registered.endedAt === undefined && !withdrawn.includes(agency);
  };
  return [...document.parties, ...joined].filter(belongs);
}

/** The version of a protocol that is in force; undefined where none is. */
export function findInForce(state: RegisterState | undefined, id: string): RegisteredProtocol | undefined {
  return [...(state?.protocols.values() ?? [])].find(
    ({ document, status }) => document.id === id && status === 'in-force',
  );
}

/** The version in force; else, of those that were signed, the one signed last: to be taken back, an agreement needs no force. */
export function findSpokenOf(state: RegisterState | undefined, id: string): RegisteredProtocol | undefined {
  const signed = [...(state?.protocols.values() ?? [])].filter(
    ({ document, status }) => document.id === id && status !== 'awaiting-signatures',
  );
  const byVersion = signed.toSorted((a, b) => b.document.version - a.document.version);
  return findInForce(state, id) ?? byVersion[0];
}

/** True where the clause gives something to this role of this member. */
export function receives(member: Party, clause: Clause, role: string): boolean {
  return clause.recipients.some(
    (one) => one.role === role && ('agency' in one ? one.agency === member.agency : one.kind === member.kind),
  );
}
