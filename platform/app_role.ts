/**
 * The roles of the application, which own nothing: `wayleave_app` holds its rights in every database of a server and signs in
 * nowhere; a member of it for each database signs in, with a password that follows from that installation's master key.
 */
import { createHash, createHmac, hash, pbkdf2Sync, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { PlatformError } from './errors.ts';
import { deriveSecret } from './keys/derive.ts';

export const APP_ROLE = 'wayleave_app';

/** PostgreSQL cuts longer names, in bytes. */
const longestName = 63;

/** The role that signs in to the database of that address (past any pooler, which may know it by another name). */
export function appRole(ownerUrl: string): string {
  const { pathname, username } = new URL(ownerUrl);
  const database = decodeURIComponent(pathname.slice(1) || username);
  const name = `${APP_ROLE}_${database}`;
  return Buffer.byteLength(name) <= longestName ? name : `${APP_ROLE}_${hash('sha256', database).slice(0, 32)}`;
}

/** The application's password on a database that this installation migrates itself. */
export function appPassword(masterKey: Buffer): string {
  return deriveSecret(masterKey, 'database password').toString('base64url');
}

/** The address that the application uses, made from the owner's; `directOwnerUrl`: the same past any pooler. */
export function appUrl(ownerUrl: string, masterKey: Buffer, directOwnerUrl = ownerUrl): string {
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(appRole(directOwnerUrl));
  url.password = appPassword(masterKey);
  return url.href;
}

/**
 * Makes what there is not yet of the two roles, and sets the password of the one that signs in. All or nothing; throws
 * `roles-not-allowed`, with what a superuser has to run, where `client`'s user may not. Roles belong to the whole server:
 * two databases migrated at once may collide here, and then it is done again.
 */
export async function ensureAppRole(client: pg.ClientBase, role: string, password: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query('begin');
      await makeRoles(client, role, password);
      await client.query('commit');
      return;
    } catch (error) {
      await client.query('rollback');
      const { code, message } = error as pg.DatabaseError;
      if (code === '42501') throw await refusal(client, role, error);
      const collided = ['23505', '42710'].includes(code ?? '') || message.includes('tuple concurrently updated');
      if (!collided || attempt === 10) throw error;
    }
  }
}

type Found = { rights: boolean; login: boolean; member: boolean };

async function makeRoles(client: pg.ClientBase, role: string, password: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  const { rights, login, member } = await findRoles(client, role);
  if (!rights) await client.query(`create role ${APP_ROLE} nologin`);
  if (!login) await client.query(`create role ${name} login`);
  if (!member) await client.query(`grant ${APP_ROLE} to ${name}`);
  // The verifier, so that the password itself never stands in a statement that a server may log.
  await client.query(`alter role ${name} password ${client.escapeLiteral(scramVerifier(password, randomBytes(16)))}`);
}

async function findRoles(client: pg.ClientBase, role: string): Promise<Found> {
  const { rows } = await client.query<Found>(
    `select exists (select from pg_roles where rolname = $1) as rights,
            exists (select from pg_roles where rolname = $2) as login,
            exists (select from pg_auth_members
                    where roleid = (select oid from pg_roles where rolname = $1)
                      and member = (select oid from pg_roles where rolname = $2)) as member`,
    [APP_ROLE, role],
  );
  return rows[0]!;
}

async function refusal(client: pg.ClientBase, role: string, cause: unknown): Promise<PlatformError> {
  const { rights, login } = await findRoles(client, role);
  const { rows } = await client.query<{ name: string }>('select current_user::text as name');
  const owner = client.escapeIdentifier(rows[0]!.name);
  const over = [...(rights ? [APP_ROLE] : []), ...(login ? [role] : [])];
  const statements = [
    `alter role ${owner} createrole;`,
    ...over.map((name) => `grant ${client.escapeIdentifier(name)} to ${owner} with admin option;`),
  ];
  return new PlatformError(
    'unavailable',
    'roles-not-allowed',
    `The user of DATABASE_URL may not set up the role that Wayleave signs in with (${role}). Nothing was changed. ` +
      `A superuser of the server has to run this once:\n  ${statements.join('\n  ')}`,
    { cause },
  );
}

/**
 * Earlier versions signed in as `wayleave_app` itself, to every database of the server. That ends with the first start that
 * finds nobody signed in so: until then a service that is not of this version yet goes on.
 */
export async function closeSharedLogin(client: pg.ClientBase): Promise<void> {
  const { rowCount } = await client.query(
    `select from pg_roles where rolname = $1 and rolcanlogin
       and not exists (select from pg_stat_activity where usename = $1)`,
    [APP_ROLE],
  );
  if (rowCount === 0) return;
  await client.query(`alter role ${APP_ROLE} nologin password null`).catch((error: pg.DatabaseError) => {
    // Whoever may, does: the role may be another owner's, and another database may be at it.
    if (error.code !== '42501' && !error.message.includes('tuple concurrently updated')) throw error;
  });
}

/** RFC 5803, as PostgreSQL stores it. The password must be printable ASCII (ours is base64url): no SASLprep is done. */
function scramVerifier(password: string, salt: Buffer, iterations = 4096): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
