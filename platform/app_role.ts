/** The role that the application connects as: it owns nothing, and its password follows from the master key. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { deriveSecret } from './keys/derive.ts';

export const APP_ROLE = 'wayleave_app';

/** The application's password on a database that this installation migrates itself. */
export function appPassword(masterKey: Buffer): string {
  return deriveSecret(masterKey, 'database password').toString('base64url');
}

/** The address that the application uses, made from the owner's. */
export function appUrl(ownerUrl: string, masterKey: Buffer): string {
  const url = new URL(ownerUrl);
  url.username = APP_ROLE;
  url.password = appPassword(masterKey);
  return url.href;
}

/**
 * Sets a role's password. PostgreSQL is handed the SCRAM verifier, so that the password itself never stands in a
 * statement that a server may log. Roles belong to the whole server: two databases migrated at once may collide here.
 */
export async function setPassword(client: pg.ClientBase, role: string, password: string): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    "select format('alter role %I password %L', $1::text, $2::text) as statement",
    [role, scramVerifier(password, randomBytes(16))],
  );
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(rows[0]!.statement);
      return;
    } catch (error) {
      const collided = error instanceof Error && error.message.includes('tuple concurrently updated');
      if (!collided || attempt === 10) throw error;
    }
  }
}

/** RFC 5803, as PostgreSQL stores it. The password must be printable ASCII (ours is base64url): no SASLprep is done. */
function scramVerifier(password: string, salt: Buffer, iterations = 4096): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
