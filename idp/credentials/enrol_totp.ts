/** An agency gives a practitioner a second factor: an authenticator app's shared secret. */
import type { Actor } from '../../directory/actor.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { IdentityError } from '../errors.ts';
import { sealTotpSecret } from './totp.ts';
import { vouch } from './vouch.ts';

/** `secret`: base32, at least 128 bits. */
type TotpInput = { practitioner: string; secret: string };

/** Enrols the secret that the actor's agency vouches for. A second one is refused (`second-factor-exists`). */
export async function enrolTotp(log: Log, masterKey: Buffer, actor: Actor, input: TotpInput): Promise<void> {
  if (!/^[A-Z2-7]{26,}=*$/.test(input.secret)) {
    throw new IdentityError('invalid', 'totp-secret-invalid', 'The secret must be base32 of at least 128 bits.');
  }
  const id = uuidv7();
  await vouch(log, actor, [input.practitioner], async (tx) => {
    const added = await tx.query(sql`
      insert into credential (id, practitioner, agency, kind, secret)
      values (${id}, ${input.practitioner}, ${actor.agency}, 'totp', ${sealTotpSecret(masterKey, id, input.secret)})
      on conflict do nothing returning 1`);
    if (added.length === 0) {
      throw new IdentityError(
        'conflict',
        'second-factor-exists',
        'This person has an authenticator app enrolled already.',
      );
    }
    tx.record({
      event: 'credential.totp-enrolled',
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: {},
    });
  });
}
