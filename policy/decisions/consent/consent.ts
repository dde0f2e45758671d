/** Consent: what a data subject said, and what it means for a clause. */
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { Clause } from '../../register/protocols/document.ts';
import type { Capacity, ConsentBasis, Relation } from './statement.ts';

/** What an agency last wrote down for one protocol, basis and scope. With neither clause nor purpose: the whole protocol. */
export type Consent = {
  agency: string;
  protocol: string;
  clause?: string;
  purpose?: string;
  basis: ConsentBasis;
  state: 'given' | 'refused' | 'withdrawn';
  /** Epoch seconds. */
  recordedAt: number;
  /** Epoch seconds; absent where only the moment of recording is known. */
  saidAt?: number;
  until?: number;
  /** Who said it, and whether the data subject could decide; absent in words that were recorded without. */
  givenBy?: Relation;
  capacity?: Capacity;
};

type Optional = 'clause' | 'purpose' | 'until' | 'saidAt' | 'givenBy' | 'capacity';
type Row = Omit<Consent, Optional> & { subject: string } & {
  [Key in Optional]: Exclude<Consent[Key], undefined> | null;
};

/**
 * What each agency last wrote down about data subjects, for every scope, by subject. The words of a person who could
 * decide are kept beside those of others about them. Objections are no consent and are left out.
 */
export async function listConsents(tx: Queryable, subjects: readonly string[]): Promise<Map<string, Consent[]>> {
  const rows = await tx.query<Row>(sql`
    select distinct on (subject, protocol, basis, clause, purpose, agency, decided)
           subject, agency, protocol, clause, purpose, basis, state, given_by as "givenBy", capacity,
           extract(epoch from recorded_at)::float8 as "recordedAt", extract(epoch from said_at)::float8 as "saidAt",
           extract(epoch from ends_at)::float8 as until
    from consent, lateral (select coalesce(given_by in ('self', 'advocate')
                                           and capacity in ('has-capacity', 'competent-child'), false) as decided) as own
    where subject = any (${subjects}::text[]) and state <> 'objected'
    order by subject, protocol, basis, clause, purpose, agency, decided, coalesce(said_at, recorded_at) desc, recorded_at desc, id desc`);
  const found = new Map<string, Consent[]>();
  for (const { subject, agency, protocol, basis, state, recordedAt, ...optional } of rows) {
    const given = Object.entries(optional).filter(([, value]) => value !== null);
    const word = { agency, protocol, basis, state, recordedAt, ...Object.fromEntries(given) };
    found.set(subject, [...(found.get(subject) ?? []), word]);
  }
  return found;
}

/**
 * What the data subject's words mean for a clause: `given` (until when), `refused` (also withdrawn) or `needed`. Words about
 * the clause, about its purpose and about the whole protocol all apply; for each, the last word counts, whichever party of
 * the protocol wrote it down, and where they differ a refusal wins. Words on another basis never count, nor does an
 * agreement that an agency wrote down which is no party any more.
 */
export function consentFor(
  scope: { protocol: string; parties: readonly { agency: string }[]; clause: Clause; purpose: string },
  consents: readonly Consent[],
  now: number,
): { state: 'given'; until?: number } | { state: 'refused' | 'needed' } {
  const { consent, id } = scope.clause;
  const basis = consent.rule === 'required' ? consent.as : undefined;
  const words = lastWords(
    consents.filter(
      (word) =>
        word.protocol === scope.protocol &&
        word.basis === basis &&
        (word.clause === undefined || word.clause === id) &&
        (word.purpose === undefined || word.purpose === scope.purpose) &&
        // A "no" stands whoever wrote it down: it must not lapse because that agency has left since.
        (word.state !== 'given' || scope.parties.some((party) => party.agency === word.agency)),
    ),
  );
  if (words.some((word) => word.state !== 'given')) return { state: 'refused' };
  const given = words.filter((word) => word.until === undefined || now < word.until);
  if (given.length === 0) return { state: 'needed' };
  // Any one of them suffices, so the answer may stand as long as the one that lasts longest.
  const until = Math.max(...given.map((word) => word.until ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(until) ? { state: 'given', until } : { state: 'given' };
}

function lastWords(words: readonly Consent[]): Consent[] {
  const scopes = Map.groupBy(words, ({ clause, purpose }) => `${clause ?? ''} ${purpose ?? ''}`);
  return [...scopes.values()].map(lastWord);
}

/** The last word counts. But what somebody who could decide refused, nobody else agrees to for them, save a deputy or attorney later. */
function lastWord(words: readonly Consent[]): Consent {
  const last = words.reduce(later);
  if (last.state !== 'given' || last.givenBy === 'deputy-or-attorney') return last;
  const own = words.filter(isOwnDecision);
  const decision = own.length === 0 ? last : own.reduce(later);
  return decision.state === 'given' ? last : decision;
}

/** By when it was said, then by when it was written down; what came at one and the same moment is decided by the refusal. */
function later(a: Consent, b: Consent): Consent {
  const order = (a.saidAt ?? a.recordedAt) - (b.saidAt ?? b.recordedAt) || a.recordedAt - b.recordedAt;
  if (order === 0) return a.state === 'given' ? b : a;
  return order > 0 ? a : b;
}

/** True for the words of a data subject who could decide: their own, or passed on by their advocate. */
function isOwnDecision({ givenBy, capacity }: Consent): boolean {
  return (
    (givenBy === 'self' || givenBy === 'advocate') && (capacity === 'has-capacity' || capacity === 'competent-child')
  );
}
