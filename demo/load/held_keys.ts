/** Keys that the service holds for some agencies, so that their officers can be appointed and sign here with a passkey. */
import { read } from '../../platform/database/transaction.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Ground } from '../../platform/ground.ts';
import { makeHeldKey } from '../../policy/governance/signing/held_keys.ts';
import type { KeyEntry } from '../../policy/register/events/fields.ts';
import type { KeyUse } from '../../policy/register/chain/state.ts';
import type { PublicKey } from '../../policy/register/signatures/keys.ts';

/** By agency. */
export type HeldKeys = ReadonlyMap<string, KeyEntry[]>;

/** Gateshead's council and hospital, and a school that has not joined every protocol. */
const holders = ['E08000037', 'RR7', 'URN:136352'];

/** The keys, made first where there are none: a load that was cut short goes on with those that it made. */
export async function keepHeldKeys(ground: Pick<Ground, 'config' | 'db' | 'log' | 'clock'>): Promise<HeldKeys> {
  const keys = new Map<string, KeyEntry[]>();
  for (const agency of holders) {
    keys.set(agency, [await keepHeld(ground, agency, 'administration'), await keepHeld(ground, agency, 'officer')]);
  }
  return keys;
}

async function keepHeld(
  ground: Pick<Ground, 'config' | 'db' | 'log' | 'clock'>,
  agency: string,
  use: KeyUse,
): Promise<KeyEntry> {
  const [row] = await read(ground.db, { agency }, (tx) =>
    tx.query<{ jwk: string }>(sql`select jwk from held_key where agency = ${agency} and use = ${use} limit 1`),
  );
  const known = row && (JSON.parse(row.jwk) as PublicKey);
  const jwk = known ?? (await makeHeldKey(ground, { service: 'demo region', agency }, use));
  return { jwk, use, held: 'service' };
}
