/** Keeping stored hashes at the cost that is configured now. */
import { sql } from '../../platform/database/sql.ts';
import { transaction } from '../../platform/database/transaction.ts';
import type { IdentityContext } from '../context.ts';
import type { Credential } from './find_credentials.ts';
import { hashPassword, needsRehash } from './password_hash.ts';

/** Hashes a password that was just proved right again, if its hash was made at another cost. */
export async function renewHash(context: IdentityContext, credential: Credential, password: string): Promise<void> {
  const cost = context.config.passwordHash;
  if (!needsRehash(credential.secret, cost)) return;
  const hash = await hashPassword(password, cost);
  await transaction(context.db, { agency: credential.agency }, (tx) =>
    tx.query(sql`update credential set secret = ${hash} where id = ${credential.id} and secret = ${credential.secret}`),
  );
}
