/** What officers of the owner and of the named parties say about a draft, and what becomes of it. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { oneAtATime } from '../../../platform/database/one_at_a_time.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { type Change, change } from '../../../platform/log/change.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { isUuid, uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import { type DraftContext, requireOfficer, unknownDraft } from './draft.ts';
import { type DraftRow, findRow } from './find_draft.ts';
import { closed, recordDraft } from './save_draft.ts';

/** Times are epoch seconds. `blocking`: its author asks that nothing is put to signature before it is resolved. */
export type DraftComment = {
  id: string;
  agency: string;
  /** Practitioner. */
  author: string;
  clause?: string;
  text: string;
  blocking: boolean;
  createdAt: number;
  answer?: { text: string; by: string; at: number };
  resolved?: { by: string; at: number };
};

type CommentInput = { clause?: string; text: string; blocking?: boolean };

/** Says something about one clause, or the whole text. Throws `comment-empty`, `unknown-clause`, `unknown-draft`. */
export async function addComment(
  context: DraftContext,
  actor: ActingPerson,
  draft: string,
  { clause, text, blocking = false }: CommentInput,
): Promise<string> {
  requireOfficer(context, actor);
  const body = requireWords(text);
  const now = context.clock();
  return change(context.log, { agency: actor.agency }, async (tx) => {
    const row = await openDraft(tx, draft);
    if (clause !== undefined && !hasClause(row.document, clause)) throw unknownClause();
    const id = uuidv7(now);
    await tx.query(sql`
      insert into draft_comment (id, draft, agency, author, clause, body, blocking, created_at)
      values (${id}, ${draft}, ${actor.agency}, ${actor.practitioner}, ${clause ?? null}, ${body}, ${blocking},
              to_timestamp(${now}::float8))`);
    recordDraft(tx, actor, 'draft.commented', row, { comment: id, clause: clause ?? null, blocking });
    return id;
  });
}

/** The owner answers. What does not block is resolved with that; what blocks waits for the agency that said it. */
export async function answerComment(
  context: DraftContext,
  actor: ActingPerson,
  draft: string,
  comment: string,
  { text }: { text: string },
): Promise<void> {
  requireOfficer(context, actor);
  const answer = requireWords(text);
  await change(context.log, { agency: actor.agency }, async (tx) => {
    const row = await openDraft(tx, draft);
    const known = await holdComment(tx, draft, comment);
    if (row.owner !== actor.agency) throw onlyOwner();
    if (known.answer !== null) throw answeredBefore();
    const now = context.clock();
    const done = known.blocking && known.agency !== actor.agency ? null : actor.practitioner;
    await tx.query(sql`
      update draft_comment
      set answer = ${answer}, answered_by = ${actor.practitioner}, answered_at = to_timestamp(${now}::float8),
          resolved_by = coalesce(resolved_by, ${done}),
          resolved_at = coalesce(resolved_at, to_timestamp(${done === null ? null : now}::float8))
      where id = ${comment}`);
    recordDraft(tx, actor, 'draft.commented', row, { comment, answered: true });
  });
}

/** The agency that said it says that it is settled; the owner may too, once answered, where it does not block. */
export async function resolveComment(
  context: DraftContext,
  actor: ActingPerson,
  draft: string,
  comment: string,
): Promise<void> {
  requireOfficer(context, actor);
  await change(context.log, { agency: actor.agency }, async (tx) => {
    const row = await openDraft(tx, draft);
    const known = await holdComment(tx, draft, comment);
    const own = known.agency === actor.agency;
    if (!own && (row.owner !== actor.agency || known.blocking || known.answer === null)) throw onlyAuthor();
    if (known.resolved) return; // asked for twice
    await tx.query(sql`
      update draft_comment
      set resolved_by = ${actor.practitioner}, resolved_at = to_timestamp(${context.clock()}::float8)
      where id = ${comment}`);
    recordDraft(tx, actor, 'draft.commented', row, { comment, resolved: true });
  });
}

type Row = Omit<DraftComment, 'clause' | 'answer' | 'resolved'> & {
  clause: string | null;
  answer: string | null;
  answeredBy: string | null;
  answeredAt: number | null;
  resolvedBy: string | null;
  resolvedAt: number | null;
};

/** Every comment on a draft that this agency may read, the first first. */
export async function listComments(context: DraftContext, actor: ActingPerson, draft: string): Promise<DraftComment[]> {
  requireOfficer(context, actor);
  if (!isUuid(draft)) return [];
  const rows = await read(context.db, { agency: actor.agency }, (tx) =>
    tx.query<Row>(sql`
      select id, agency, author, clause, body as text, blocking, answer, answered_by as "answeredBy",
             resolved_by as "resolvedBy", extract(epoch from created_at)::float8 as "createdAt",
             extract(epoch from answered_at)::float8 as "answeredAt",
             extract(epoch from resolved_at)::float8 as "resolvedAt"
      from draft_comment where draft = ${draft} order by created_at, id`),
  );
  return rows.map(({ clause, answer, answeredBy, answeredAt, resolvedBy, resolvedAt, ...row }) => ({
    ...row,
    ...(clause !== null && { clause }),
    ...(answer !== null && { answer: { text: answer, by: answeredBy ?? '', at: answeredAt ?? 0 } }),
    ...(resolvedBy !== null && { resolved: { by: resolvedBy, at: resolvedAt ?? 0 } }),
  }));
}

/**
 * How many unresolved comments block. Only those count whose agency still has a say: an agency that is no longer named
 * cannot hold the others up.
 */
export async function countBlocking(tx: Queryable, { id, owner, parties }: DraftRow): Promise<number> {
  const [row] = await tx.query<{ count: number }>(sql`
    select count(*)::integer as count from draft_comment
    where draft = ${id} and blocking and resolved_at is null and agency = any (${[owner, ...parties]})`);
  return row?.count ?? 0;
}

async function openDraft(tx: Change, id: string): Promise<NonNullable<Awaited<ReturnType<typeof findRow>>>> {
  const row = isUuid(id) ? await findRow(tx, id) : undefined;
  if (row === undefined) throw unknownDraft();
  if (row.state === 'abandoned') throw closed();
  return row;
}

type Known = { agency: string; blocking: boolean; answer: string | null; resolved: boolean };

/** The comment, kept from others until the transaction ends. An advisory lock: a reader may not lock a row of somebody else's. */
async function holdComment(tx: Change, draft: string, id: string): Promise<Known> {
  await oneAtATime(tx, `comment ${id}`);
  const [row] = isUuid(id)
    ? await tx.query<Known>(sql`
        select agency, blocking, answer, resolved_at is not null as resolved
        from draft_comment where draft = ${draft} and id = ${id}`)
    : [];
  if (row !== undefined) return row;
  throw new PolicyError('not-found', 'unknown-comment', 'There is no such comment on this draft.');
}

function hasClause({ clauses }: { clauses?: unknown }, id: string): boolean {
  return Array.isArray(clauses) && clauses.some((clause: unknown) => (clause as { id?: unknown } | null)?.id === id);
}

function requireWords(text: string): string {
  const words = text.trim();
  if (words.length >= 1 && words.length <= 4_000) return words;
  throw new PolicyError('invalid', 'comment-empty', 'Write what you want to say, in up to 4,000 characters.', {
    issues: [{ pointer: '/text', message: 'Write what you want to say, in up to 4,000 characters.' }],
  });
}

function unknownClause(): PolicyError {
  return new PolicyError('not-found', 'unknown-clause', 'The draft has no clause of this name now.');
}

function onlyOwner(): PolicyError {
  return new PolicyError('forbidden', 'owner-answers', 'Only the agency that writes the draft answers comments.');
}

function answeredBefore(): PolicyError {
  return new PolicyError('conflict', 'comment-answered', 'This comment was answered already. Load the page again.');
}

function onlyAuthor(): PolicyError {
  return new PolicyError(
    'forbidden',
    'author-resolves',
    'The agency that made this comment says when it is settled. Answer it, and ask them to.',
  );
}
