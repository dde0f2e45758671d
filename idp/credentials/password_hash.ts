/** Hashing and checking passwords with argon2id. */
import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import type { Config } from '../../platform/config/config.ts';
import { normalizePassword } from './password_rules.ts';

type Cost = Config['passwordHash'];

/** The argon2id hash in PHC form. */
export function hashPassword(password: string, cost: Cost): Promise<string> {
  return argon2.hash(normalizePassword(password), { type: argon2.argon2id, ...cost });
}

export type PasswordCheck = (hash: string | undefined, password: string) => Promise<boolean>;

/**
 * Makes the check. Where there is no hash (nobody by that name, or no password) it works just as long on one that nothing
 * matches, so that the time of the answer does not say whether the account exists.
 */
export async function createPasswordCheck(cost: Cost): Promise<PasswordCheck> {
  const nobody = await hashPassword(randomBytes(32).toString('base64url'), cost);
  return async (hash, password) => {
    const matches = await argon2.verify(hash ?? nobody, normalizePassword(password));
    return matches && hash !== undefined;
  };
}

/** True when the hash was made at another cost than is configured now. */
export function needsRehash(hash: string, cost: Cost): boolean {
  return argon2.needsRehash(hash, {
    timeCost: cost.timeCost,
    memoryCost: cost.memoryCost,
    parallelism: cost.parallelism,
  });
}
