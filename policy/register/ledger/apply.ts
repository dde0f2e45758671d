/** One event after another: each is verified against what the events before it amount to, then takes effect at once. */
import { clocksApartSeconds } from '../../../platform/clock.ts';
import { PolicyError } from '../../errors.ts';
import { broken, type Link } from '../chain/chain.ts';
import type { Derivation } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import { declaresCompromise } from '../events/key_revoked.ts';
import type { Effect } from '../events/kind.ts';
import { kindOf, type RegisterEvent } from '../events/table.ts';
import type { Texts } from '../protocols/read.ts';

/** Lets a verified event take effect as the next link of the chain. */
export function takeEffect(derivation: Derivation, { event, hash }: Link<RegisterEvent>, effect: Effect): void {
  effect();
  if (declaresCompromise(derivation, event)) derivation.outdated = true;
  derivation.head = { sequence: event.sequence, hash };
  derivation.time = Math.max(derivation.time, event.time);
}

/** Refuses an event of another federation, or one whose time lies before the event that went ahead of it. */
export function checkEnvelope(derivation: Derivation, { federation, time }: RegisterEvent): void {
  const ours = derivation.trust.federation;
  if (federation !== ours) {
    throw refuse('invalid', 'wrong-federation', `The event belongs to ${federation}; this federation is ${ours}.`);
  }
  if (time < derivation.time - clocksApartSeconds) {
    throw refuse('invalid', 'event-time', 'The event’s time lies before the one that went ahead of it.');
  }
}

/**
 * Lets the next link of the chain take effect; false where it stands without one: a compromised key made it, or a signature
 * on a protocol or an accession does not verify. Throws `register-broken` where the chain does not verify.
 */
export async function applyLink(derivation: Derivation, link: Link<RegisterEvent>, texts: Texts): Promise<boolean> {
  const { event } = link;
  const kind = kindOf(event);
  try {
    checkEnvelope(derivation, event);
  } catch (error) {
    throw broken(event.sequence, (error as Error).message);
  }
  const text = kind.needsText && texts.get(kind.signedText?.(event) ?? '');
  let effect: Effect;
  let counts = true;
  try {
    effect = await kind.verify(derivation, link, text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    counts = false;
    effect = () => kind.noteRefused(derivation, event, error, text);
  }
  takeEffect(derivation, link, effect);
  return counts;
}
