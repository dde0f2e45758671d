/** What the pages stand on: the ground, the register, the directory's and policy's functions, and the identity provider as a client sees it. */
import type { Ground } from '../platform/ground.ts';
import type { PolicyContext } from '../policy/decisions/deciding/context.ts';
import type { OpenRegister } from '../policy/register/ledger/open.ts';
import type { Issuer } from './issuer.ts';

export type WebContext = {
  ground: Ground;
  register: OpenRegister;
  /** What deciding needs, for searching and trying out. */
  policy: PolicyContext;
  issuer: Issuer;
  identity: LentByIdentity;
  /** In the demo: the file of an officer's own key, or of the agency's administration, for the commands that pages print. */
  keyFile?: (agency: string, officer?: string) => string | undefined;
};

/** What the composition root takes from identity: this floor never imports it. */
type LentByIdentity = {
  /** Who is there, by the access token of their sign-in: their session and acting post. */
  findPresence(token: string): Promise<{ practitioner: string; post: string; session: string } | undefined>;
  /** True while the identity provider's session goes on; counts as use of it. */
  continueSession(session: string): Promise<boolean>;
};
