/** Whether an agency may join a text at all: what the register would refuse at the end is said before anybody signs. */
import { PolicyError } from '../../errors.ts';
import { partyIssues } from '../../register/protocols/check.ts';
import type { Party } from '../../register/protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';

const over = new Set<RegisteredProtocol['status']>(['expired', 'superseded', 'withdrawn']);

/**
 * Throws `already-party`, `already-acceded`, `protocol-over`, `framework-not-joined` or `not-open`. Who stopped it for
 * themselves after joining may join again.
 */
export function checkJoining(state: RegisterState, protocol: RegisteredProtocol, agency: string): void {
  const { document, acceded, status } = protocol;
  if (document.parties.some((one) => one.agency === agency)) {
    throw refuse('already-party', 'Your agency is a party to this protocol: it signs, and does not join.');
  }
  if (acceded.some((one) => one.agency === agency && !one.suspended)) {
    throw refuse('already-acceded', 'Your agency has joined this protocol. There is nothing more to sign.');
  }
  if (over.has(status)) throw refuse('protocol-over', 'This version is over, so nobody can join it any more.');
  if (document.tier === 'framework') return;
  const framework = state.protocols.get(protocol.framework ?? '');
  if (framework !== undefined && !belongs(framework, agency)) {
    const { title, version } = framework.document;
    throw refuse('framework-not-joined', `Your agency must first join the framework: ${title}, version ${version}.`);
  }
  if (!document.clauses.some((clause) => clause.open_to_accession)) {
    throw refuse('not-open', 'No clause of this protocol is open to agencies that join later.');
  }
}

/** Throws `wrong-kind` or `accession-not-sound` for what an agency would state of itself. */
export function checkJoiningParty({ agencies }: RegisterState, party: Party): void {
  const kind = agencies.get(party.agency)?.kind;
  if (kind !== party.kind) {
    throw new PolicyError('invalid', 'wrong-kind', `${party.agency} is registered as ${kind}, not as ${party.kind}.`);
  }
  const issues = partyIssues(party);
  if (issues.length === 0) return;
  throw new PolicyError('invalid', 'accession-not-sound', 'The accession cannot be signed as it stands.', { issues });
}

function belongs({ signatures, acceded }: RegisteredProtocol, agency: string): boolean {
  return [...signatures, ...acceded].some((one) => one.agency === agency);
}

function refuse(code: string, words: string): PolicyError {
  return new PolicyError('conflict', code, words);
}
