/** What everybody else sees of the register: the last state that verified as a whole, while it holds. */
import type { Clock } from '../../../platform/clock.ts';
import type { PolicyError } from '../../errors.ts';
import type { Derivation } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import { stateAt } from '../chain/state_at.ts';
import type { Register, RegisterState } from '../chain/state.ts';

export type Published = {
  /** The state now. Where a date has come since, it is described anew from `derivation`, if that may be read. */
  state(derivation: Derivation | undefined): RegisterState | undefined;
  /** Shows what the derivation amounts to: the same object as long as it says the same. */
  show(derivation: Derivation): void;
  /** Shows nothing: then nothing is in force. */
  withhold(): void;
};

/** Nothing is shown yet. */
export function openPublished(clock: Clock): Published {
  let shown: RegisterState | undefined;
  return {
    state: (derivation) => {
      const due = shown !== undefined && clock() >= (shown.nextBoundary ?? Infinity);
      if (due && derivation !== undefined) shown = stateAt(derivation, clock());
      return shown;
    },
    show: (derivation) => {
      if (shown?.head.hash !== derivation.head.hash) shown = stateAt(derivation, clock());
    },
    withhold: () => (shown = undefined),
  };
}

/** The verified state. Throws `register-damaged` (503) while the register does not verify; `so`: what then cannot be. */
export function getState(register: Pick<Register, 'state'>, so?: string): RegisterState {
  const state = register.state();
  if (state !== undefined) return state;
  throw registerDamaged(so);
}

export function registerDamaged(so = 'nothing is in force'): PolicyError {
  return refuse(
    'unavailable',
    'register-damaged',
    `The register does not verify, so ${so}. The operator has been told.`,
  );
}
