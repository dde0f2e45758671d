/** What the pages stand on: the ground, the register, the directory's and policy's functions, and the identity provider as a client sees it. */
import type { Ground } from '../platform/ground.ts';
import type { Register } from '../policy/register/state.ts';
import type { Issuer } from './session/issuer.ts';

export type WebContext = {
  ground: Ground;
  register: Register;
  issuer: Issuer;
  /** Whether the identity provider's session (sid) goes on; lent by identity. */
  isSessionAlive: (sid: string) => Promise<boolean>;
};
