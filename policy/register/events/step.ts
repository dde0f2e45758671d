/** What each kind of event needs of the register, and what it does to it. */
import type { Link } from '../chain/chain.ts';
import type { Derivation } from '../chain/derivation.ts';
import type { EventOf, EventType } from '../chain/event.ts';
import type { Signer } from '../chain/signer.ts';

export type Step<Type extends EventType> = {
  /** Throws PolicyError where the event cannot happen now. Changes nothing. */
  check(derivation: Derivation, event: EventOf<Type>, signer: Signer): void;
  /** Makes it happen. Only called after `check`, and never waits: the state moves from event to event at once. */
  apply(derivation: Derivation, event: EventOf<Type>, link: Link): void;
};
