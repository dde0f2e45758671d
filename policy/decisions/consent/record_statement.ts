/** Recording what somebody said about a protocol, once everything that it must say was checked. */
import type { Clock } from '../../../platform/clock.ts';
import { change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import type { Party } from '../../register/protocols/document.ts';
import type { Register, RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { clausesAsked } from './asked_clauses.ts';
import { checkRecorder, type Recorder } from './check_recorder.ts';
import { checkStatement } from './check_statement.ts';
import { findInForce, findSpokenOf, membersOf } from './members.ts';
import { raiseObjection } from './raise_objection.ts';
import { writeConsent } from './record_consent.ts';
import type { Statement } from './statement.ts';

/** `baseUrl`: where officers sign in to answer objections. */
export type ConsentContext = { log: Log; register: Pick<Register, 'state'>; clock: Clock; baseUrl: string };

/** Version of the words that this service uses around a protocol's own text when it asks or tells people. */
const wordingVersion = '1';

/**
 * Records it, and asks the holders for an answer where it is an objection; the same id again changes nothing. Holds for the
 * next decision once this has returned. Returns the record's id. Refuses in words what cannot be said so: `register-damaged`,
 * `protocol-not-in-force`, `not-a-party`, `role-not-concerned`, `consent-not-asked`, `statement-not-valid` (with issues).
 */
export async function recordStatement(
  context: ConsentContext,
  recorder: Recorder,
  statement: Statement,
): Promise<string> {
  const { state, protocol } = findProtocol(context, statement);
  checkRecorder(state, protocol, recorder);
  checkAsked(protocol, statement);
  const issues = checkStatement(statement, context.clock());
  if (issues.length > 0) {
    throw new PolicyError('invalid', 'statement-not-valid', `${issues[0]!.message}.`, { issues });
  }
  const { version } = protocol.document;
  const form = { version, hash: protocol.hash, wordingVersion };
  const id = statement.id ?? uuidv7(context.clock());
  const holders = statement.state === 'objected' ? holdersOf(state, protocol, statement) : [];
  return change(context.log, { agency: recorder.agency }, async (tx) => {
    const { role: _, ...actor } = recorder;
    const agencies = holders.map(({ agency }) => agency);
    await writeConsent(tx, actor, { ...statement, id, form }, statement.state, agencies);
    for (const holder of holders) await raiseObjection(tx, id, holder, context.baseUrl);
    return id;
  });
}

/** The protocol that is spoken of. A "no" and a withdrawal need no protocol in force, an agreement or an objection does. */
export function findProtocol(
  { register }: Pick<ConsentContext, 'register'>,
  { protocol: id, state: said }: Pick<Statement, 'protocol' | 'state'>,
): { state: RegisterState; protocol: RegisteredProtocol } {
  const state = register.state();
  if (state === undefined) {
    throw new PolicyError(
      'unavailable',
      'register-damaged',
      'The register does not verify, so nothing is in force. Write the answer down on paper and record it later.',
    );
  }
  const closes = said === 'withdrawn' || said === 'refused';
  const protocol = closes ? findSpokenOf(state, id) : findInForce(state, id);
  if (protocol !== undefined) return { state, protocol };
  throw new PolicyError(
    'conflict',
    'protocol-not-in-force',
    'This protocol is not in force, so there is nothing to agree or object to. What was agreed before can still be taken back.',
  );
}

function checkAsked({ document }: RegisteredProtocol, statement: Statement): void {
  if (clausesAsked(document, statement.state, statement).length > 0) return;
  throw new PolicyError(
    'invalid',
    'consent-not-asked',
    statement.state === 'objected'
      ? 'The person is asked for their agreement here, so there is nothing to object to: they can refuse, or take it back.'
      : 'Nothing here rests on this agreement: the person is told, not asked. They can object, and the agency that holds the record answers.',
  );
}

/** Members whose records the objection is about. */
function holdersOf(state: RegisterState, protocol: RegisteredProtocol, statement: Statement): Party[] {
  const asked = clausesAsked(protocol.document, 'objected', statement).flatMap(({ holders }) => holders);
  return membersOf(state, protocol).filter(({ agency }) => asked.includes(agency));
}
