/** Writing down what a data subject said. */
import { type Actor, nameOf } from '../../../directory/actor.ts';
import { type Query, sql } from '../../../platform/database/sql.ts';
import { type Change, change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import type { Consent } from './consent.ts';
import type { Statement, StatementState } from './statement.ts';

declare module '../../../platform/log/event.ts' {
  interface Topics {
    consent: true;
  }
}

/** The text that the person was asked under: version and hash of the protocol, and the words used. */
type ConsentForm = { version: number; hash: string; wordingVersion: string };

/** `subject` is the pseudonym. `until` in epoch seconds, only for consent that was given. */
type ConsentInput = {
  subject: string;
  protocol: string;
  basis: Consent['basis'];
  scope?: { clause: string; purpose?: never } | { purpose: string; clause?: never };
  until?: number;
} & Partial<Omit<Statement, 'state' | 'scope'>> & { form?: ConsentForm };

/** Records that the data subject agreed, or that they refused when asked. Returns the record's id. */
export function recordConsent(
  log: Log,
  actor: Actor,
  input: ConsentInput & { state: 'given' | 'refused' },
): Promise<string> {
  return change(log, { agency: actor.agency }, (tx) => writeConsent(tx, actor, input, input.state));
}

/** Records that the data subject takes their agreement back: from now on it refuses. Returns the record's id. */
export function withdrawConsent(log: Log, actor: Actor, input: Omit<ConsentInput, 'until'>): Promise<string> {
  return change(log, { agency: actor.agency }, (tx) => writeConsent(tx, actor, input, 'withdrawn'));
}

/**
 * Writes it down in a transaction of the caller's, with its event in the log. `agencies`: whose officers may read the event
 * besides the agency's own. Consent is never updated: the last row for a scope is the last word. Returns the record's id.
 */
export async function writeConsent(
  tx: Change,
  actor: Actor,
  input: ConsentInput,
  state: StatementState,
  agencies: readonly string[] = [],
): Promise<string> {
  const { id = uuidv7(), subject } = input;
  const inserted = await insert(tx, actor, { ...input, id }, state);
  if (inserted === undefined) {
    await confirmRepeated(tx, { ...input, id }, state);
    return id;
  }
  tx.record({
    event: `consent.${state}`,
    actor,
    agencies: [actor.agency, ...agencies],
    content: { id, subject, ...particulars(input), said_at: inserted.saidAt },
  });
  tx.affects('consent', subject);
  return id;
}

/** When it was said, by our clock; undefined where this very statement is on record already. */
async function insert(
  tx: Change,
  actor: Actor,
  input: ConsentInput & { id: string },
  state: StatementState,
): Promise<{ saidAt: number | null } | undefined> {
  const { id, subject, protocol, basis, scope, until, saidAt, form } = input;
  // The clock of whoever says it may be ahead of ours: nothing is said later than it is recorded.
  const [row] = await tx.query<{ saidAt: number | null }>(sql`
    insert into consent (id, agency, subject, protocol, clause, purpose, basis, state, recorded_by, recorded_at, ends_at,
                         said_at, given_by, capacity, authority, child_view, not_asked_because, form_version, form_hash,
                         wording, wording_version, language)
    values (${id}, ${actor.agency}, ${subject}, ${protocol}, ${scope?.clause ?? null}, ${scope?.purpose ?? null}, ${basis},
            ${state}, ${nameOf(actor)}, statement_timestamp(), to_timestamp(${until ?? null}::float8),
            ${saidBy(saidAt, sql`statement_timestamp()`)}, ${input.givenBy ?? null}, ${input.capacity ?? null}, ${input.authority ?? null}, ${input.childView ?? null},
            ${input.notAskedBecause ?? null}, ${form?.version ?? null}, ${form?.hash ?? null}, ${input.wording ?? null},
            ${form?.wordingVersion ?? null}, ${input.language ?? null})
    on conflict (id) do nothing returning extract(epoch from said_at)::float8 as "saidAt"`);
  return row;
}

function saidBy(saidAt: number | undefined, recordedAt: Query): Query {
  return saidAt === undefined ? sql`null` : sql`least(to_timestamp(${saidAt}::float8), ${recordedAt})`;
}

/** The same statement sent again is the one on record; another one under its id must not seem to be recorded. */
async function confirmRepeated(tx: Change, input: ConsentInput & { id: string }, state: StatementState): Promise<void> {
  const { id, subject, protocol, basis, scope } = input;
  const [same] = await tx.query(sql`
    select from consent
    where id = ${id} and subject = ${subject} and protocol = ${protocol} and basis = ${basis} and state = ${state}
      and clause is not distinct from ${scope?.clause ?? null} and purpose is not distinct from ${scope?.purpose ?? null}
      and said_at is not distinct from ${saidBy(input.saidAt, sql`recorded_at`)}`);
  if (same !== undefined) return;
  throw new PolicyError(
    'conflict',
    'statement-id-used',
    'Another statement is on record under this id, so this one was not recorded. Send it with an id of its own.',
  );
}

function particulars({ protocol, basis, scope, until, form, ...said }: ConsentInput) {
  return {
    protocol,
    clause: scope?.clause ?? null,
    purpose: scope?.purpose ?? null,
    basis,
    until: until ?? null,
    given_by: said.givenBy ?? null,
    capacity: said.capacity ?? null,
    authority: said.authority ?? null,
    child_view: said.childView ?? null,
    not_asked_because: said.notAskedBecause ?? null,
    version: form?.version ?? null,
    hash: form?.hash ?? null,
    wording: said.wording ?? null,
    wording_version: form?.wordingVersion ?? null,
    language: said.language ?? null,
  };
}
