/** Who may write down what somebody said about a protocol. */
import type { ActingPerson, ActingService } from '../../../directory/actor.ts';
import { PolicyError } from '../../errors.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { membersOf, receives } from './members.ts';

/** A practitioner in an active post (the edge sees to that), or a partner system that the agency answers for. */
export type Recorder = (ActingService & { role?: never }) | (ActingPerson & { role: string });

/**
 * Refuses agencies that take no part in the protocol (`not-a-party`), and practitioners whom it does not concern: neither is
 * their role one that receives under it, nor does their agency hold what it gives (`role-not-concerned`).
 */
export function checkRecorder(state: RegisterState, protocol: RegisteredProtocol, recorder: Recorder): void {
  const { title, clauses } = protocol.document;
  const member = membersOf(state, protocol).find(({ agency }) => agency === recorder.agency);
  if (member === undefined) {
    throw new PolicyError(
      'forbidden',
      'not-a-party',
      `Your agency takes no part in “${title}”, so it cannot write down what people say about it. Ask an agency that does.`,
    );
  }
  const { role } = recorder;
  if (role === undefined) return;
  const permits = clauses.filter(({ effect }) => effect === 'permit');
  const holds = permits.some(({ holders }) => holders.includes(member.agency));
  if (holds || permits.some((clause) => receives(member, clause, role))) return;
  throw new PolicyError(
    'forbidden',
    'role-not-concerned',
    `Your role receives nothing under “${title}”, and your agency holds nothing that it gives. Ask a colleague whom it concerns.`,
  );
}
