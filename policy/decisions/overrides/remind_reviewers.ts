/** Reminds the officers of every agency whose reviews are overdue. No message says more than how many. */
import { sql } from '../../../platform/database/sql.ts';
import { read, transaction } from '../../../platform/database/transaction.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import type { ReviewContext } from './context.ts';
import { overdueBefore } from './list_reviews.ts';
import { listReviewers } from './list_reviewers.ts';
import { limits } from './review.ts';

/** Queues one message to each reviewer of an agency with overdue reviews; returns how many. */
export async function remindReviewers(
  { db, clock, config }: Pick<ReviewContext, 'db' | 'clock'> & { config: { baseUrl: string } },
  register: ReviewContext['register'],
): Promise<number> {
  const before = overdueBefore(clock());
  const overdue = await read(db, { reading: 'audit' }, (tx) =>
    tx.query<{ agency: string; count: number; hash: string }>(sql`
      select agency, count(*)::int as count, max(hash) as hash from override_review
      where closed_at is null and opened_at < to_timestamp(${before}::float8) group by agency order by agency`),
  );
  const letters = await Promise.all(
    overdue.map(async ({ agency, count, hash }) => {
      const reviewers = await listReviewers(db, register.state(), { agency, clause: { hash } });
      return reviewers.map((to) => ({ to, ...letter(count, `${config.baseUrl}/reviews?state=overdue`) }));
    }),
  );
  // In one transaction: a job that is run again has sent nothing yet, or everything.
  await transaction(db, {}, async (tx) => {
    for (const mail of letters.flat()) await enqueueMail(tx, mail);
  });
  return letters.flat().length;
}

function letter(count: number, address: string): { subject: string; text: string } {
  const wait = count === 1 ? '1 review of an override has' : `${count} reviews of overrides have`;
  return {
    subject: 'Reviews of overrides are overdue',
    text: [
      `${wait} been open for more than ${limits.overdueDays} days.`,
      '',
      `Sign in to close them:`,
      address,
      '',
    ].join('\n'),
  };
}
