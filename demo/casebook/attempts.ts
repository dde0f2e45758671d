/** Sign-ins under way: each browser keeps its own, sealed, so that however many begin one, nobody else's is lost. */
import { randomBytes } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';

/** What the answer will be checked against. */
export type Attempt = {
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
  startedAt: number;
};

export type Attempts = {
  /** What its own browser keeps until it comes back. */
  seal(attempt: Attempt): Promise<string>;
  /** Undefined for what was not sealed here since Casebook started, or more than 15 minutes ago. */
  open(sealed: string | undefined): Promise<Attempt | undefined>;
};

const SECONDS = 15 * 60;

export function createAttempts(clock: () => number): Attempts {
  const key = randomBytes(32);
  return {
    seal: (attempt) => new EncryptJWT({ attempt }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(key),
    open: async (sealed) => {
      const opened = await jwtDecrypt<{ attempt: Attempt }>(sealed ?? '', key).catch(() => undefined);
      const attempt = opened?.payload.attempt;
      return attempt !== undefined && clock() - attempt.startedAt < SECONDS ? attempt : undefined;
    },
  };
}
