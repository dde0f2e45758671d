/** What is on record about a data subject under one protocol: every statement, by whichever member it was written down. */
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { PlatformError } from '../../../platform/errors.ts';
import { consentFor, listConsents } from './consent.ts';
import type { Clause } from '../../register/protocols/document.ts';
import type { RegisteredProtocol } from '../../register/chain/state.ts';
import { checkRecorder, type Recorder } from './check_recorder.ts';
import { findProtocol, type ConsentContext } from './record_statement.ts';
import type {
  Authority,
  Capacity,
  ChildView,
  ConsentBasis,
  NotAskedReason,
  Relation,
  StatementState,
} from './statement.ts';

/** Times in epoch seconds; `saidAt` is when it was recorded where nothing else is known. */
export type RecordedStatement = {
  id: string;
  agency: string;
  basis: ConsentBasis;
  clause: string | null;
  purpose: string | null;
  state: StatementState;
  saidAt: number;
  recordedAt: number;
  /** The practitioner's id, or the name of the system. */
  recordedBy: string;
  until: number | null;
  givenBy: Relation | null;
  capacity: Capacity | null;
  authority: Authority | null;
  childView: ChildView | null;
  notAskedBecause: NotAskedReason | null;
  wording: string | null;
  language: string | null;
  version: number | null;
};

const columns = sql`
  id, agency, basis, clause, purpose, state, recorded_by as "recordedBy",
  extract(epoch from coalesce(said_at, recorded_at))::float8 as "saidAt",
  extract(epoch from recorded_at)::float8 as "recordedAt", extract(epoch from ends_at)::float8 as until,
  given_by as "givenBy", capacity, authority, child_view as "childView", not_asked_because as "notAskedBecause", wording,
  language, form_version as version`;

/** What now counts for a clause that needs agreement, for one purpose. `until` in epoch seconds. */
export type WhatCounts = { clause: Clause; purpose: string; state: 'given' | 'refused' | 'needed'; until?: number };

export type OnRecord = { statements: RecordedStatement[]; counts: WhatCounts[] };

/**
 * What is on record about a pseudonym under the protocol, newest first, and what follows from it now. The look-up is written
 * into the log; what cannot be recorded is not shown. Only for those who may record (`not-a-party`, `role-not-concerned`).
 */
export async function lookUpStatements(
  context: ConsentContext,
  recorder: Recorder,
  about: { subject: string; protocol: string },
): Promise<OnRecord> {
  const { state, protocol } = findProtocol(context, { protocol: about.protocol, state: 'withdrawn' });
  checkRecorder(state, protocol, recorder);
  await recordLookUp(context, recorder, about);
  return read(context.log.db, { reading: 'standing' }, async (tx) => ({
    statements: await listStatements(tx, about),
    counts: await whatCounts(tx, protocol, about.subject, context.clock()),
  }));
}

/** One statement that the agency itself recorded, with its data subject's pseudonym; undefined for any other. */
export async function findStatement(
  { log }: Pick<ConsentContext, 'log'>,
  agency: string,
  id: string,
): Promise<(RecordedStatement & { protocol: string; subject: string }) | undefined> {
  const [row] = await read(log.db, { agency }, (tx) =>
    tx.query<RecordedStatement & { protocol: string; subject: string }>(sql`
      select ${columns}, protocol, subject from consent where id = ${id}`),
  );
  return row;
}

/**
 * Whether a statement of agreement, refusal or withdrawal is what counts now, for all that it reaches: an earlier word may
 * have been recorded late, and a refusal may stand against it.
 */
export async function isWhatCounts(
  context: Pick<ConsentContext, 'log' | 'clock'>,
  protocol: RegisteredProtocol,
  { subject, basis, state, clause, purpose }: RecordedStatement & { subject: string },
): Promise<boolean> {
  const counts = await read(context.log.db, { reading: 'standing' }, (tx) =>
    whatCounts(tx, protocol, subject, context.clock()),
  );
  const reached = counts.filter(
    (one) =>
      one.clause.consent.rule === 'required' &&
      one.clause.consent.as === basis &&
      (clause === null || one.clause.id === clause) &&
      (purpose === null || one.purpose === purpose),
  );
  return reached.every((one) => one.state === (state === 'given' ? 'given' : 'refused'));
}

function listStatements(tx: Queryable, { subject, protocol }: { subject: string; protocol: string }) {
  return tx.query<RecordedStatement>(sql`
    select ${columns} from consent where subject = ${subject} and protocol = ${protocol}
    order by coalesce(said_at, recorded_at) desc, recorded_at desc, id desc`);
}

async function whatCounts(
  tx: Queryable,
  { document, acceded }: RegisteredProtocol,
  subject: string,
  now: number,
): Promise<WhatCounts[]> {
  const consents = (await listConsents(tx, [subject])).get(subject) ?? [];
  const { id: protocol } = document;
  const parties = [...document.parties, ...acceded];
  const needing = document.clauses.filter(({ effect, consent }) => effect === 'permit' && consent.rule === 'required');
  return needing.flatMap((clause) =>
    clause.purposes.map((purpose) => ({
      clause,
      purpose,
      ...consentFor({ protocol, parties, clause, purpose }, consents, now),
    })),
  );
}

async function recordLookUp(
  { log }: ConsentContext,
  recorder: Recorder,
  { subject, protocol }: { subject: string; protocol: string },
): Promise<void> {
  const { role: _, ...actor } = recorder;
  const { outcome } = await log.append({
    event: 'consent.looked-up',
    actor,
    agencies: [actor.agency],
    content: { subject, protocol },
  });
  if (outcome === 'recorded') return;
  throw new PlatformError(
    'unavailable',
    'look-up-not-recorded',
    'This look-up could not be recorded, so nothing is shown. Try again in a moment.',
  );
}
