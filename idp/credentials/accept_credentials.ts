/** One agency accepts, by name, the sign-in that another agency vouches for. */
import { type Actor, nameOf } from '../../directory/actor.ts';
import { grant } from '../../directory/agencies/administer.ts';
import { notFound } from '../../directory/errors.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import type { Log } from '../../platform/log/log.ts';

/** From now on, posts in the actor's agency can be chosen by people who signed in with a credential of `vouchedBy`. */
export async function acceptCredentials(log: Log, actor: Actor, input: { vouchedBy: string }): Promise<void> {
  if (input.vouchedBy === actor.agency) return;
  await grant(log, actor, async (tx) => {
    const agencies = await tx.query(sql`select from agency where code = ${input.vouchedBy}`);
    if (agencies.length === 0) throw notFound('agency');
    const accepted = await tx.query(sql`
      insert into credential_acceptance (agency, vouched_by, accepted_by)
      values (${actor.agency}, ${input.vouchedBy}, ${nameOf(actor)})
      on conflict do nothing returning 1`);
    if (accepted.length === 0) return;
    tx.record({
      event: 'credential.accepted-from-agency',
      actor,
      agencies: [actor.agency, input.vouchedBy],
      content: { vouchedBy: input.vouchedBy },
    });
  });
}

/** Which of these agencies accept every one of the vouching agencies (their own counts as accepted). */
export async function listAccepting(db: Database, agencies: string[], vouchedBy: string[]): Promise<Set<string>> {
  const foreign = agencies.some((agency) => vouchedBy.some((by) => by !== agency));
  const rows = foreign ? await findAcceptances(db, agencies) : [];
  const accepts = new Set(rows.map((row) => `${row.agency} ${row.vouchedBy}`));
  return new Set(
    agencies.filter(
      (agency) => vouchedBy.length > 0 && vouchedBy.every((by) => by === agency || accepts.has(`${agency} ${by}`)),
    ),
  );
}

function findAcceptances(db: Database, agencies: string[]): Promise<{ agency: string; vouchedBy: string }[]> {
  return read(db, { reading: 'standing' }, (tx) =>
    tx.query(sql`select agency, vouched_by as "vouchedBy" from credential_acceptance where agency = any(${agencies})`),
  );
}
