/** Involvement: this practitioner works with this data subject. It says who, never why. */
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';

/** Times are epoch seconds; `until` is exclusive. `post` is absent where any post in the agency counts. */
export type Involvement = {
  agency: string;
  practitioner: string;
  post?: string;
  from: number;
  until?: number;
  confirmed: boolean;
};

type Row = Omit<Involvement, 'post' | 'until'> & { subject: string; post: string | null; until: number | null };

/** Every involvement with data subjects, whichever agency wrote it down, by subject. */
export async function listInvolvements(
  tx: Queryable,
  subjects: readonly string[],
): Promise<Map<string, Involvement[]>> {
  const rows = await tx.query<Row>(sql`
    select subject, agency, practitioner, post, extract(epoch from starts_at)::float8 as "from",
           extract(epoch from ends_at)::float8 as until, confirmed_at is not null as confirmed
    from involvement where subject = any (${subjects}::text[])`);
  const found = new Map<string, Involvement[]>();
  for (const { subject, post, until, ...row } of rows) {
    const known = { ...row, ...(post !== null && { post }), ...(until !== null && { until }) };
    found.set(subject, [...(found.get(subject) ?? []), known]);
  }
  return found;
}

/** The involvement that counts for this person in this post now: confirmed, in the post's agency; undefined if none does. */
export function involvementOf(
  acting: { practitioner: string; post: { id: string; agency: string } },
  involvements: readonly Involvement[],
  now: number,
): Involvement | undefined {
  return involvements
    .filter(
      (known) =>
        known.confirmed &&
        known.practitioner === acting.practitioner &&
        known.agency === acting.post.agency &&
        (known.post === undefined || known.post === acting.post.id) &&
        known.from <= now &&
        (known.until === undefined || now < known.until),
    )
    .reduce<Involvement | undefined>(
      (best, known) => (best === undefined || lasts(known) > lasts(best) ? known : best),
      undefined,
    );
}

const lasts = (involvement: Involvement): number => involvement.until ?? Number.POSITIVE_INFINITY;
