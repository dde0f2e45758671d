/** An agency's keys as its administrators change them: added, revoked, reported as compromised. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { RegisterEvent } from '../../register/events/table.ts';
import type { KeyUse } from '../../register/chain/state.ts';
import { PolicyError } from '../../errors.ts';
import { type PublicKey, thumbprint } from '../../register/signatures/keys.ts';
import { type Outcome, prepareEvent, signAdministrative, type Wanted } from './administrative.ts';
import { type KeyContext, memberOf, requireAdministrator } from './context.ts';
import { listUnregistered, makeHeldKey } from './held_keys.ts';

/** Has a key made that the service holds, and registers it. */
export async function addHeldKey(context: KeyContext, actor: ActingPerson, use: KeyUse): Promise<Outcome> {
  await requireAdministrator(context, actor);
  memberOf(context, actor.agency);
  const [waiting] = await listUnregistered(context, actor.agency, use);
  const jwk = waiting ?? (await makeHeldKey(context, actor, use));
  return signAdministrative(context, actor, wantedKey(actor.agency, jwk, use, 'service'));
}

/** Registers the public half of a key that an officer of the agency holds. */
export async function addOfficerKey(context: KeyContext, actor: ActingPerson, jwk: PublicKey): Promise<Outcome> {
  await requireAdministrator(context, actor);
  if (memberOf(context, actor.agency).keys.has(thumbprint(jwk))) {
    throw new PolicyError('conflict', 'key-known', 'This key is or was registered already. Make a new one.');
  }
  return signAdministrative(context, actor, wantedKey(actor.agency, jwk, 'officer'));
}

function wantedKey(agency: string, jwk: PublicKey, use: KeyUse, held?: 'service'): Wanted {
  return { type: 'key-added', data: { agency, key: { jwk, use, ...(held && { held }) } } };
}

/** Revokes a key: nothing signed with it from now on counts. What it signed before stands. */
export async function revokeKey(
  context: KeyContext,
  actor: ActingPerson,
  { kid, reason }: { kid: string; reason: string },
): Promise<Outcome> {
  await requireAdministrator(context, actor);
  const key = memberOf(context, actor.agency).keys.get(kid);
  if (key === undefined) throw unknownKey();
  if (key.revokedAt !== undefined) {
    throw new PolicyError('conflict', 'key-revoked', `The key was revoked by event ${key.revokedAt} of the register.`);
  }
  return signAdministrative(context, actor, { type: 'key-revoked', data: { agency: actor.agency, kid, reason } });
}

/**
 * What the federation's root key must sign so that nothing counts which the key signed from that position on. Nobody else
 * can reach back in time.
 */
export function prepareCompromise(
  context: KeyContext,
  { agency, kid, reason, from }: { agency: string; kid: string; reason: string; from: number },
): { wanted: Wanted; event: RegisterEvent } {
  if (memberOf(context, agency).keys.get(kid) === undefined) throw unknownKey();
  const wanted: Wanted = { type: 'key-revoked', data: { agency, kid, reason, compromised_from: from } };
  return { wanted, event: prepareEvent(context, wanted) };
}

function unknownKey(): PolicyError {
  return new PolicyError('not-found', 'unknown-key', 'The agency has no such key in the register.');
}
