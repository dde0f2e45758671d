/** Remembers proofs and assertions that may be used once (DPoP, private_key_jwt, request objects). */
import type { Adapter } from 'oidc-provider';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { expiry } from './payload_store.ts';

const model = 'ReplayDetection';

/** The row was taken: the proof was used before. */
export class SeenBefore extends Error {}

/** The library looks first and writes then; two at the same moment would both pass. The insert decides here. */
export function createReplayStore({ db, clock }: { db: Database; clock: Clock }): Adapter {
  const unused = async () => undefined;
  return {
    upsert: async (id, payload, expiresIn) => {
      const added = await db.query(sql`
        insert into oidc_payload (model, id, payload, expires_at)
        values (${model}, ${id}, ${JSON.stringify(payload)}, to_timestamp(${expiry(clock, expiresIn)}))
        on conflict do nothing returning 1`);
      if (added.length === 0) throw new SeenBefore();
    },
    find: unused,
    findByUid: unused,
    findByUserCode: unused,
    consume: unused,
    destroy: unused,
    revokeByGrantId: unused,
  };
}
