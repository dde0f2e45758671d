/** Writing down what a data subject said. */
import { sql } from '../../platform/database/sql.ts';
import { change } from '../../platform/log/change.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { type FactActor, nameOf } from '../facts/actor.ts';
import type { Consent } from './consent.ts';

/** `subject` is the pseudonym. `until` in epoch seconds, only for consent that was given. */
export type ConsentInput = {
  subject: string;
  protocol: string;
  basis: Consent['basis'];
  scope?: { clause: string; purpose?: never } | { purpose: string; clause?: never };
  until?: number;
};

/** Records that the data subject agreed, or that they refused when asked. Returns the record's id. */
export function recordConsent(
  log: Log,
  actor: FactActor,
  input: ConsentInput & { state: 'given' | 'refused' },
): Promise<string> {
  return say(log, actor, input, input.state);
}

/** Records that the data subject takes their agreement back: from now on it refuses. Returns the record's id. */
export function withdrawConsent(log: Log, actor: FactActor, input: Omit<ConsentInput, 'until'>): Promise<string> {
  return say(log, actor, input, 'withdrawn');
}

// Consent is never updated: the last row for a scope is the last word.
function say(log: Log, actor: FactActor, input: ConsentInput, state: Consent['state']): Promise<string> {
  const { subject, protocol, basis, scope, until } = input;
  const clause = scope?.clause ?? null;
  const purpose = scope?.purpose ?? null;
  return change(log, { agency: actor.agency }, async (tx) => {
    const id = uuidv7();
    await tx.query(sql`
      insert into consent (id, agency, subject, protocol, clause, purpose, basis, state, recorded_by, ends_at)
      values (${id}, ${actor.agency}, ${subject}, ${protocol}, ${clause}, ${purpose}, ${basis}, ${state},
              ${nameOf(actor)}, to_timestamp(${until ?? null}::float8))`);
    tx.record({
      event: `consent.${state}`,
      actor,
      agencies: [actor.agency],
      content: { id, subject, protocol, clause, purpose, basis, until: until ?? null },
    });
    tx.affects('consent', subject);
    return id;
  });
}
