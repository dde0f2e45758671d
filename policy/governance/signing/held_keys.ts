/** Agencies' signing keys in the service's keeping: made, sealed under the master key, and opened to sign. */
import { type Actor, nameOf } from '../../../directory/actor.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { canonicalText } from '../../../platform/json.ts';
import { seal, unseal } from '../../../platform/keys/envelope.ts';
import { change } from '../../../platform/log/change.ts';
import type { AgencyKey, KeyUse } from '../../register/chain/state.ts';
import type { PrivateKey } from '../../register/signatures/flattened.ts';
import { generateKey } from '../../register/signatures/generate.ts';
import { type PublicKey, publicPart, thumbprint } from '../../register/signatures/keys.ts';
import { type KeyContext, memberOf } from './context.ts';

type Labelled = { agency: string; use: KeyUse; kid: string };

/** Makes a key for the maker's agency (an administrator's, or a service's) and keeps it. It counts once a `key-added` event names it in the register. */
export function makeHeldKey(
  context: Pick<KeyContext, 'config' | 'log' | 'clock'>,
  maker: Actor,
  use: KeyUse,
): Promise<PublicKey> {
  const key = generateKey();
  const jwk = publicPart(key);
  const { agency } = maker;
  const kid = thumbprint(jwk);
  const sealed = seal(context.config.masterKey, label({ agency, use, kid }), Buffer.from(canonicalText(key as never)));
  return change(context.log, { agency }, async (tx) => {
    await tx.query(sql`
      insert into held_key (kid, agency, use, jwk, sealed, made_by, made_at)
      values (${kid}, ${agency}, ${use}, ${canonicalText(jwk)}, ${sealed}, ${nameOf(maker)},
              to_timestamp(${context.clock()}::float8))`);
    tx.record({ event: 'agency-key.made', actor: maker, agencies: [agency], subject: agency, content: { kid, use } });
    return jwk;
  });
}

/** Keys that were made for the agency and never registered: a registration that was cut short goes on with one of them. */
export async function listUnregistered(context: KeyContext, agency: string, use: KeyUse): Promise<PublicKey[]> {
  const { keys } = memberOf(context, agency);
  const rows = await read(context.db, { agency }, (tx) =>
    tx.query<{ kid: string; jwk: string }>(
      sql`select kid, jwk from held_key where agency = ${agency} and use = ${use} order by made_at`,
    ),
  );
  return rows.filter(({ kid }) => !keys.has(kid)).map(({ jwk }) => JSON.parse(jwk) as PublicKey);
}

/** The agency's key of that use which the service holds and the register knows as current; the newest of several. */
export function findHeld(context: KeyContext, agency: string, use: KeyUse): AgencyKey | undefined {
  const keys = [...memberOf(context, agency).keys.values()];
  return keys
    .filter((key) => key.held === 'service' && key.use === use && key.revokedAt === undefined)
    .toSorted((one, other) => other.from - one.from)[0];
}

/** The private half, or undefined where the service does not hold that key (it may have been made elsewhere). */
export async function openHeldKey(
  { db, config }: Pick<KeyContext, 'db' | 'config'>,
  agency: string,
  kid: string,
): Promise<PrivateKey | undefined> {
  const [row] = await read(db, { agency }, (tx: Queryable) =>
    tx.query<{ use: KeyUse; sealed: Buffer }>(
      sql`select use, sealed from held_key where kid = ${kid} and agency = ${agency}`,
    ),
  );
  if (row === undefined) return undefined;
  const opened = unseal(config.masterKey, label({ agency, use: row.use, kid }), row.sealed);
  return JSON.parse(opened.toString('utf8')) as PrivateKey;
}

function label({ agency, use, kid }: Labelled): string {
  return `agency-key/${agency}/${use}/${kid}`;
}
