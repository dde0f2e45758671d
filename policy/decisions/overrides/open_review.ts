/** Opening a review: the row, the message to the holding agency's officer and the entry in the log, or none of them. */
import type { Queryable } from '../../../platform/database/database.ts';
import { oneAtATime } from '../../../platform/database/one_at_a_time.ts';
import { sql } from '../../../platform/database/sql.ts';
import { seal, unseal } from '../../../platform/keys/envelope.ts';
import { change } from '../../../platform/log/change.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import { listReviewers } from './list_reviewers.ts';
import type { ReviewContext } from './context.ts';
import { limits, type Review, sealLabel } from './review.ts';
import { isAnswered } from './select_reviews.ts';

/** What is known of an override when it is used. `subject` is the pseudonym of the person concerned. */
export type Opening = Omit<Review, 'answered' | 'byNumber' | 'unusual' | 'closed'> & {
  subject: string;
  reason: string;
};

/**
 * Opens the review of an override that is about to be answered, and returns its id. One act is one review: what was stated in
 * the same words while its review runs (two clicks, a retry, two tabs) goes under that one, and nobody is told again. The
 * reason is sealed; neither log nor message holds it.
 */
export async function openReview(context: Omit<ReviewContext, 'clock'>, opening: Opening): Promise<string> {
  const { id, agency, acting, decision, practitioner, post, client, clause, fields } = opening;
  const reviewers = await listReviewers(context.db, context.register.state(), { ...opening, except: practitioner });
  return change(context.log, { agency }, async (tx) => {
    await oneAtATime(tx, `overrides of ${agency}`);
    const running = await findSame(tx, context.config, opening);
    if (running !== undefined) {
      await noteAgain(tx, running, decision);
      return running;
    }
    const unusual = await isUnusual(tx, opening);
    await insertReview(tx, context.config, opening, unusual);
    for (const to of reviewers)
      await enqueueMail(tx, { to, ...letter(`${context.config.baseUrl}/reviews/${id}`, unusual) });
    tx.record({
      event: 'override.used',
      actor: { practitioner, post, agency: acting, client },
      agencies: [agency, acting],
      subject: practitioner,
      content: { review: id, decision, ground: opening.ground, clause: { ...clause }, fields, unusual },
    });
    return id;
  });
}

/** The open review of the same override, whose minutes are not over. */
async function findSame(
  tx: Queryable,
  { masterKey }: ReviewContext['config'],
  { agency, practitioner, post, client, subject, clause, ground, reason, openedAt }: Opening,
): Promise<string | undefined> {
  const rows = await tx.query<{ id: string; reason: Buffer }>(sql`
    select id, reason from override_review
    where agency = ${agency} and practitioner = ${practitioner} and post = ${post} and client = ${client}
      and subject = ${subject} and clause = ${clause.clause} and hash = ${clause.hash} and ground = ${ground}
      and closed_at is null and ends_at > to_timestamp(${openedAt}::float8)
    order by opened_at`);
  return rows.find((row) => reasonOf(masterKey, row) === reason)?.id;
}

/** Undefined for a reason that does not open: a damaged row must not keep anybody from acting. */
function reasonOf(masterKey: Buffer, { id, reason }: { id: string; reason: Buffer }): string | undefined {
  try {
    return unseal(masterKey, sealLabel('reason', id), reason).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Once one of the decisions stands in the log, the review is known to be answered. */
async function noteAgain(tx: Queryable, review: string, decision: string): Promise<void> {
  await tx.query(sql`
    update override_review r set stated_again = r.stated_again || ${decision}::uuid
    where r.id = ${review} and not ${isAnswered}`);
}

/** Whether the last 24 hours had as many as are usual before this one. */
async function isUnusual(tx: Queryable, { agency, acting, practitioner, openedAt }: Opening): Promise<boolean> {
  const [counted] = await tx.query<{ person: number; agency: number }>(sql`
    select count(*) filter (where practitioner = ${practitioner})::int as person, count(*)::int as agency
    from override_review
    where agency = ${agency} and acting = ${acting} and opened_at > to_timestamp(${openedAt - 86_400}::float8)`);
  const { person = 0, agency: all = 0 } = counted ?? {};
  return person >= limits.unusualPerPerson || all >= limits.unusualPerAgency;
}

function insertReview(
  tx: Queryable,
  { masterKey }: ReviewContext['config'],
  one: Opening,
  unusual: boolean,
): Promise<unknown> {
  const reason = seal(masterKey, sealLabel('reason', one.id), Buffer.from(one.reason, 'utf8'));
  const { protocol, version, clause, hash } = one.clause;
  return tx.query(sql`
    insert into override_review (id, agency, decision, practitioner, post, acting, role, client, subject, protocol, version,
                                 clause, hash, ground, reason, action, asset, resource, purpose, fields, unusual,
                                 opened_at, ends_at)
    values (${one.id}, ${one.agency}, ${one.decision}, ${one.practitioner}, ${one.post}, ${one.acting}, ${one.role},
            ${one.client}, ${one.subject}, ${protocol}, ${version}, ${clause}, ${hash}, ${one.ground}, ${reason},
            ${one.action}, ${one.asset}, ${one.resource}, ${one.purpose}, ${one.fields}, ${unusual},
            to_timestamp(${one.openedAt}::float8), to_timestamp(${one.until}::float8))`);
}

/** Says that something waits, and nothing about whom. */
function letter(address: string, unusual: boolean): { subject: string; text: string } {
  const lines = [
    'An override was used on a record that your agency holds, and needs review.',
    ...(unusual ? ['There have been more of them than usual in the last 24 hours. Please look today.'] : []),
    '',
    'Sign in to see what was asked and why, and to close the review:',
    address,
    '',
    'This message says no more on purpose.',
    '',
  ];
  return {
    subject: unusual ? 'An override needs review: more than usual today' : 'An override needs review',
    text: lines.join('\n'),
  };
}
