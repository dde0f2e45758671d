/** Consent: what a data subject said, and what it means for a clause. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Clause } from '../protocols/document.ts';

export type ConsentBasis = 'confidence' | 'lawful-basis';

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
  until?: number;
};

type Row = Omit<Consent, 'clause' | 'purpose' | 'until'> & {
  clause: string | null;
  purpose: string | null;
  until: number | null;
};

/** What each agency last wrote down about a data subject, for every scope; oldest first. */
export async function listConsents(tx: Queryable, subject: string): Promise<Consent[]> {
  const rows = await tx.query<Row>(sql`
    select distinct on (protocol, basis, clause, purpose, agency)
           agency, protocol, clause, purpose, basis, state,
           extract(epoch from recorded_at)::float8 as "recordedAt", extract(epoch from ends_at)::float8 as until
    from consent where subject = ${subject}
    order by protocol, basis, clause, purpose, agency, recorded_at desc, id desc`);
  return rows.map(({ clause, purpose, until, ...row }) => ({
    ...row,
    ...(clause !== null && { clause }),
    ...(purpose !== null && { purpose }),
    ...(until !== null && { until }),
  }));
}

/**
 * What the data subject's words mean for a clause: `given` (until when), `refused` (also withdrawn) or `needed`. Words about
 * the clause, about its purpose and about the whole protocol all apply; for each, the last word counts, whichever party of
 * the protocol wrote it down, and where they differ a refusal wins. Words on another basis never count.
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
        scope.parties.some((party) => party.agency === word.agency),
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
  const last = new Map<string, Consent>();
  for (const word of words) {
    const scope = `${word.clause ?? ''} ${word.purpose ?? ''}`;
    const known = last.get(scope);
    if (known === undefined || known.recordedAt < word.recordedAt) last.set(scope, word);
  }
  return [...last.values()];
}
