/** The verified register for pages that show nothing without it. */
import type { RegisteredProtocol, RegisterState } from '../../policy/register/chain/state.ts';
import type { WebContext } from '../context.ts';
import { WebApplicationError } from '../errors.ts';

export function getState(context: WebContext): RegisterState {
  const state = context.register.state();
  if (state !== undefined) return state;
  throw new WebApplicationError(
    'unavailable',
    'register-damaged',
    'The register of signatures cannot be verified. Until it can, no agreement is in force, and none is shown.',
  );
}

/** The protocol with that id and version, as a path names them; nobody is shown one from a register that does not verify. */
export function getProtocol(state: RegisterState | undefined, id: string, version: string): RegisteredProtocol {
  const found = [...(state?.protocols.values() ?? [])].find(
    ({ document }) => document.id === id && String(document.version) === version,
  );
  if (found !== undefined) return found;
  throw new WebApplicationError(
    'not-found',
    'protocol-unknown',
    'The register knows no such protocol. It may be under another version.',
  );
}
