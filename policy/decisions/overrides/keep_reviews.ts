/** What deciding needs of reviews: to open one, and to find one that is still running. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { isUuid } from '../../../platform/uuid.ts';
import type { ReviewContext } from './context.ts';
import { type Opening, openReview } from './open_review.ts';
import { endingOutcomes, type Review } from './review.ts';

export type Reviews = {
  /** Opens a review and tells the holding agency's officer, or finds the running one of the same override. It stands; its id. */
  open(opening: Opening): Promise<string>;
  /** A review that this opener may still go on under, or undefined. */
  findRunning(id: string, opener: Opener): Promise<Pick<Review, 'id' | 'clause' | 'until'> | undefined>;
};

/** For whom and what a review was opened; `subject` is a pseudonym. */
type Opener = Required<ActingPerson> & { client: string; subject: string };

export function keepReviews(context: Omit<ReviewContext, 'clock'>): Reviews {
  return {
    open: (opening) => openReview(context, opening),
    findRunning: (id, opener) => findRunning(context.db, id, opener),
  };
}

async function findRunning(db: Database, id: string, opener: Opener): ReturnType<Reviews['findRunning']> {
  if (!isUuid(id)) return undefined;
  const [row] = await read(db, { agency: opener.agency }, (tx) =>
    tx.query<Pick<Review, 'id' | 'clause' | 'until'>>(sql`
      select id, extract(epoch from ends_at)::float8 as until,
             json_build_object('protocol', protocol, 'version', version, 'clause', clause, 'hash', hash) as clause
      from override_review
      where id = ${id} and agency = ${opener.agency} and practitioner = ${opener.practitioner} and post = ${opener.post}
        and client = ${opener.client} and subject = ${opener.subject}
        and (outcome is null or outcome <> all (${endingOutcomes}))`),
  );
  return row;
}
