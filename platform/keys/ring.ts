/** The service's signing keys, shared by every process of a deployment through the database. */
import type { JWK } from 'jose';
import { type Clock, steadyClock } from '../clock.ts';
import { type Database, type Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { transaction } from '../database/transaction.ts';
import { PlatformError } from '../errors.ts';
import {
  type Alg,
  makeSigningKey,
  openSigningKey,
  type Purpose,
  type SealedKey,
  sealSigningKey,
  type SigningKey,
} from './signing_key.ts';

export type KeyRing = {
  /** The key to sign with; with several algorithms, the first that `ensure` named unless `alg` says otherwise. */
  current(purpose: Purpose, alg?: Alg): Promise<SigningKey>;
  /** Public keys to verify with: current ones first, then those rotated out but not retired. */
  publicKeys(purpose: Purpose): Promise<JWK[]>;
  privateKeys(purpose: Purpose): Promise<JWK[]>;
  /** The key of that id; an id never seen makes the ring look at the database again, since another process may have rotated. */
  find(purpose: Purpose, kid: string): Promise<SigningKey | undefined>;
  /** Every key that verifies, current ones first. */
  list(purpose: Purpose): Promise<SigningKey[]>;
  /** Looks at the database now, over a connection that the caller holds if it gives one. */
  reload(on?: Queryable): Promise<void>;
  /** Makes a new current key; the one before it goes on verifying until it is retired. */
  rotate(purpose: Purpose, alg: Alg): Promise<SigningKey>;
  /** Ends a key that is not current: it neither signs nor verifies from now on. */
  retire(purpose: Purpose, kid: string): Promise<void>;
  /** Makes the keys that are missing; several processes may call it at once and one key is made. */
  ensure(purpose: Purpose, algs: Alg[]): Promise<void>;
};

// Another process's rotation is followed within a minute; an unknown key id asks at most once in two seconds.
const freshSeconds = 60;
const unknownPauseSeconds = 2;

/**
 * Opens the ring. Nothing is read until the first question. A row that does not open is left out, and `say` is told once: one
 * that somebody damaged, or added by hand, must not stop what the good keys are for. Where none opens at all, the master key
 * is another, and every question throws `wrong-master-key`.
 */
export function openKeyRing(
  db: Database,
  masterKey: Buffer,
  clock: Clock = steadyClock,
  say: (worthless: PlatformError) => void = () => undefined,
): KeyRing {
  let known: { keys: SigningKey[]; at: number } | undefined;
  let loading: Promise<void> | undefined;
  const told = new Set<string>();

  const openRows = (rows: SealedKey[]): SigningKey[] => {
    const opened = rows.map((row) => openOr(masterKey, row, known?.keys));
    const keys = opened.filter((one): one is SigningKey => !(one instanceof PlatformError));
    const worthless = opened.filter((one) => one instanceof PlatformError);
    if (keys.length === 0 && worthless.length > 0) throw worthless[0]!;
    for (const error of worthless) {
      if (!told.has(error.message)) say(error);
      told.add(error.message);
    }
    return keys;
  };
  const reload = async (on: Queryable = db): Promise<void> => {
    known = { keys: openRows(await findRows(on)), at: clock() };
  };
  const reloadOnce = (): Promise<void> => (loading ??= reload().finally(() => (loading = undefined)));

  // A ring that is due for another look goes on serving meanwhile: callers may hold the very connections that looking needs.
  const list = async (purpose: Purpose): Promise<SigningKey[]> => {
    if (known === undefined) await reloadOnce();
    else if (clock() - known.at >= freshSeconds) reloadOnce().catch(() => undefined);
    return known!.keys.filter((key) => key.purpose === purpose);
  };

  const change = async <T>(work: (tx: Queryable) => Promise<T>): Promise<T> => {
    const value = await transaction(db, {}, async (tx) => {
      await tx.query(sql`select pg_advisory_xact_lock(hashtext('wayleave.signing_key'))`);
      return work(tx);
    });
    await reload();
    return value;
  };

  return {
    list,
    reload,
    current: async (purpose, alg) => {
      const key = (await list(purpose)).find((one) => one.current && (alg === undefined || one.alg === alg));
      if (key === undefined) throw missing(purpose, alg);
      return key;
    },
    publicKeys: async (purpose) => (await list(purpose)).map((key) => key.publicJwk),
    privateKeys: async (purpose) => (await list(purpose)).map((key) => key.privateJwk),
    find: async (purpose, kid) => {
      const match = (keys: SigningKey[]) => keys.find((key) => key.kid === kid);
      const found = match(await list(purpose));
      if (found !== undefined || clock() - known!.at < unknownPauseSeconds) return found;
      await reloadOnce();
      return match(await list(purpose));
    },
    rotate: (purpose, alg) => change((tx) => replaceKey(tx, masterKey, purpose, alg)),
    retire: (purpose, kid) => change((tx) => retireKey(tx, purpose, kid)),
    ensure: async (purpose, algs) => {
      await reload();
      const known = await list(purpose);
      if (algs.every((alg) => hasCurrent(known, alg))) return;
      await change(async (tx) => {
        const stored = openRows(await findRows(tx)).filter((key) => key.purpose === purpose);
        for (const alg of algs) if (!hasCurrent(stored, alg)) await replaceKey(tx, masterKey, purpose, alg);
      });
    },
  };
}

function hasCurrent(keys: { alg: Alg; current: boolean }[], alg: Alg): boolean {
  return keys.some((key) => key.current && key.alg === alg);
}

function findRows(db: Queryable): Promise<SealedKey[]> {
  return db.query<SealedKey>(sql`
    select kid, purpose, alg, current, sealed from signing_key where retired_at is null order by current desc, sequence`);
}

/** The key of a row, or why it is worthless. A row that was damaged while this process knew its key says nothing against the key. */
function openOr(masterKey: Buffer, row: SealedKey, known: readonly SigningKey[] = []): SigningKey | PlatformError {
  try {
    return openSigningKey(masterKey, row);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const before = known.find(({ kid, purpose, alg }) => kid === row.kid && purpose === row.purpose && alg === row.alg);
    return before === undefined ? error : { ...before, current: row.current };
  }
}

async function replaceKey(tx: Queryable, masterKey: Buffer, purpose: Purpose, alg: Alg): Promise<SigningKey> {
  const key = await makeSigningKey(purpose, alg);
  const { sealed } = sealSigningKey(masterKey, key);
  await tx.query(sql`
    update signing_key set current = false, rotated_at = now() where purpose = ${purpose} and alg = ${alg} and current`);
  await tx.query(sql`
    insert into signing_key (kid, purpose, alg, sealed) values (${key.kid}, ${purpose}, ${alg}, ${sealed})`);
  return key;
}

async function retireKey(tx: Queryable, purpose: Purpose, kid: string): Promise<void> {
  const retired = await tx.query(sql`
    update signing_key set retired_at = now()
    where purpose = ${purpose} and kid = ${kid} and not current and retired_at is null returning kid`);
  if (retired.length === 0) {
    throw new PlatformError(
      'conflict',
      'key-in-use',
      `The ${purpose} key ${kid} cannot be retired: it is current or unknown. Rotate first.`,
    );
  }
}

function missing(purpose: Purpose, alg?: Alg): PlatformError {
  const what = alg === undefined ? purpose : `${purpose} (${alg})`;
  return new PlatformError(
    'unavailable',
    'no-signing-key',
    `There is no signing key for ${what} yet. Call ensure() at start-up.`,
  );
}
