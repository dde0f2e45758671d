/** One administrator proposes an officer: somebody else, with an active post, a key of the register, and their passkey. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { holdsPost } from '../../../directory/active_post.ts';
import { administer } from '../../../directory/agencies/administer.ts';
import { sql } from '../../../platform/database/sql.ts';
import { canonicalText } from '../../../platform/json.ts';
import { isUuid, uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import { type KeyContext, memberOf, requireAdministrator } from '../signing/context.ts';
import { findPasskey } from '../signing/passkeys.ts';
import type { Passkey } from '../../register/signatures/keys.ts';
import type { AgencyKey, RegisteredAgency } from '../../register/chain/state.ts';
import type { Capacity } from '../../register/signatures/capacity.ts';

type ProposalInput = { practitioner: string; capacities: Capacity[]; kid: string };

/**
 * Proposes an appointment, or its renewal with another key; returns its id. Throws `not-for-yourself`, `no-active-post`,
 * `unknown-key`, `no-passkey`, `proposal-open`.
 */
export async function proposeOfficer(context: KeyContext, actor: ActingPerson, input: ProposalInput): Promise<string> {
  const { practitioner, capacities, kid } = input;
  await requireAdministrator(context, actor);
  if (practitioner === actor.practitioner) throw notForYourself();
  const key = checkKey(memberOf(context, actor.agency), practitioner, kid);
  const passkey = key.held === 'service' ? await requirePasskey(context, actor.agency, practitioner) : undefined;
  const now = context.clock();
  const id = uuidv7(now);
  return administer(context.log, actor, async (tx) => {
    const holders = isUuid(practitioner)
      ? await tx.query(sql`select where ${holdsPost(practitioner, actor.agency)}`)
      : [];
    if (holders.length === 0) throw noPost();
    const kept = await tx.query(sql`
      insert into officer_proposal (id, agency, practitioner, capacities, kid, passkey, proposed_by, proposed_at, state)
      values (${id}, ${actor.agency}, ${practitioner}, ${capacities}, ${kid},
              ${passkey === undefined ? null : canonicalText(passkey)}, ${actor.practitioner},
              to_timestamp(${now}::float8), 'proposed')
      on conflict do nothing returning 1`);
    if (kept.length === 0) throw open();
    tx.record({
      event: 'officer.proposed',
      actor,
      agencies: [actor.agency],
      subject: practitioner,
      content: { proposal: id, practitioner, capacities, kid },
    });
    return id;
  });
}

function checkKey({ keys, officers }: RegisteredAgency, practitioner: string, kid: string): AgencyKey {
  const key = keys.get(kid);
  if (key === undefined || key.revokedAt !== undefined || key.use !== 'officer') {
    throw new PolicyError('invalid', 'unknown-key', 'That is not a current key for officers of your agency.');
  }
  const others = [...officers.values()].filter((one) => one.practitioner !== practitioner && one.endedAt === undefined);
  if (key.held === undefined && others.some((one) => one.kid === kid)) {
    throw new PolicyError(
      'conflict',
      'key-taken',
      'Another officer holds that key. Each officer needs one of their own.',
    );
  }
  return key;
}

async function requirePasskey(context: KeyContext, agency: string, practitioner: string): Promise<Passkey> {
  const found = isUuid(practitioner) ? await findPasskey(context, { agency, practitioner }) : undefined;
  if (found === undefined) {
    throw new PolicyError(
      'conflict',
      'no-passkey',
      'This person has no passkey for signing yet. They enrol one on their page “My passkey”, acting in your agency; then propose them again.',
    );
  }
  const { credential_id, jwk, rp_id } = found;
  return { credential_id, jwk, rp_id };
}

function notForYourself(): PolicyError {
  return new PolicyError('forbidden', 'not-for-yourself', 'You cannot propose yourself. Ask another administrator.');
}

function noPost(): PolicyError {
  return new PolicyError(
    'conflict',
    'no-active-post',
    'An officer needs an active post in the agency. Give the post first.',
  );
}

function open(): PolicyError {
  return new PolicyError(
    'conflict',
    'proposal-open',
    'A proposal for this person is open already. Decide on that one first.',
  );
}
