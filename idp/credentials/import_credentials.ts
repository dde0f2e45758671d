/** Many credentials at once, for the demo region and for agencies that bring existing accounts. */
import { availableParallelism } from 'node:os';
import type { Actor } from '../../directory/actor.ts';
import type { Config } from '../../platform/config/config.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { IdentityError } from '../errors.ts';
import { hashPassword } from './password_hash.ts';
import { judgePassword } from './password_rules.ts';
import { sealTotpSecret } from './totp.ts';
import { vouch } from './vouch.ts';

/** `totpSecret` is base32; without one the password must be long enough to stand alone. */
type ImportedCredential = { practitioner: string; password: string; totpSecret?: string; words?: string[] };

type Row = { id: string; practitioner: string; kind: 'password' | 'totp'; secret: string; sufficient_alone: boolean };

/**
 * Imports credentials that the actor's agency vouches for, hashing as many at a time as there are processors. One recorded
 * transaction: all or none. Refuses weak passwords and people who have a credential already.
 */
export async function importCredentials(
  log: Log,
  config: Pick<Config, 'passwordHash' | 'masterKey'>,
  actor: Actor,
  people: ImportedCredential[],
): Promise<void> {
  const rows = (await mapInParallel(people, availableParallelism(), (person) => prepare(config, person))).flat();
  if (rows.length === 0) return;
  await vouch(
    log,
    actor,
    people.map(({ practitioner }) => practitioner),
    async (tx) => {
      const added = await tx.query(sql`
      insert into credential (id, practitioner, agency, kind, secret, sufficient_alone)
      select id, practitioner, ${actor.agency}, kind, secret, sufficient_alone
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r (id uuid, practitioner uuid, kind text, secret text, sufficient_alone boolean)
      on conflict do nothing returning 1`);
      if (added.length !== rows.length) {
        throw new IdentityError(
          'conflict',
          'credential-exists',
          'Somebody in this import has a credential already. Nothing was imported.',
        );
      }
      tx.record({
        event: 'credential.imported',
        actor,
        agencies: [actor.agency],
        content: { practitioners: people.map((person) => person.practitioner) },
      });
    },
  );
}

async function prepare(config: Pick<Config, 'passwordHash' | 'masterKey'>, person: ImportedCredential): Promise<Row[]> {
  const { practitioner, password, totpSecret } = person;
  const verdict = judgePassword(password, { words: person.words ?? [] });
  if (!verdict.ok || (totpSecret === undefined && !verdict.sufficientAlone)) {
    throw new IdentityError(
      'invalid',
      'weak-password',
      `A password in this import is too weak (person ${practitioner}).`,
    );
  }
  const secret = await hashPassword(password, config.passwordHash);
  const first: Row = {
    id: uuidv7(),
    practitioner,
    kind: 'password',
    secret,
    sufficient_alone: verdict.sufficientAlone,
  };
  if (totpSecret === undefined) return [first];
  const id = uuidv7();
  const sealed = sealTotpSecret(config.masterKey, id, totpSecret);
  return [first, { id, practitioner, kind: 'totp', secret: sealed, sufficient_alone: false }];
}

/** Works through a list with so many at a time. */
async function mapInParallel<T, R>(items: T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
