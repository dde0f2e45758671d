/** An agency gives a practitioner a password. */
import type { Actor } from '../../directory/actor.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { IdentityError } from '../errors.ts';
import type { Config } from '../../platform/config/config.ts';
import { hashPassword } from './password_hash.ts';
import { judgePassword } from './password_rules.ts';
import { vouch } from './vouch.ts';

/** `words`: what the password must not be made of: the person's names, e-mail address, agency. */
type PasswordInput = { practitioner: string; password: string; words: string[] };

/**
 * Sets or replaces the password that the actor's agency vouches for. Refuses a weak one (`weak-password`), and one where
 * another agency already vouched for the person's password (`vouched-by-another-agency`).
 */
export async function setPassword(
  log: Log,
  cost: Config['passwordHash'],
  actor: Actor,
  input: PasswordInput,
): Promise<void> {
  const verdict = judgePassword(input.password, { words: input.words });
  if (!verdict.ok) throw new IdentityError('invalid', 'weak-password', `${verdict.message}.`);
  const hash = await hashPassword(input.password, cost);
  await vouch(log, actor, [input.practitioner], async (tx) => {
    const set = await tx
      .query(
        sql`
      insert into credential (id, practitioner, agency, kind, secret, sufficient_alone)
      values (${uuidv7()}, ${input.practitioner}, ${actor.agency}, 'password', ${hash}, ${verdict.sufficientAlone})
      on conflict (practitioner, kind) do update
        set secret = excluded.secret, sufficient_alone = excluded.sufficient_alone, changed_at = now()
        where credential.agency = excluded.agency
      returning 1`,
      )
      .catch(refuseForeign);
    if (set.length === 0) throw vouchedElsewhere();
    tx.record({
      event: 'credential.password-set',
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: {},
    });
  });
}

/** Row-level security refuses to touch another agency's row (42501): said in words. */
function refuseForeign(error: unknown): never {
  if ((error as { code?: string }).code === '42501') throw vouchedElsewhere();
  throw error;
}

/** The refusal for a credential that another agency already vouched for. */
function vouchedElsewhere(): IdentityError {
  return new IdentityError(
    'conflict',
    'vouched-by-another-agency',
    'Another agency has vouched for this person’s sign-in. Only that agency can change it; yours can accept it by name.',
  );
}
