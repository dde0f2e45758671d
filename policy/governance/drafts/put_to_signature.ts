/** The end of drafting: the text is frozen and the parties are asked to sign it, or it is taken back or given up. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { InputIssue } from '../../../platform/errors.ts';
import { canonicalBytes, type JsonObject } from '../../../platform/json.ts';
import { type Change, change } from '../../../platform/log/change.ts';
import { PolicyError } from '../../errors.ts';
import { endOfDay } from '../../register/protocols/dates.ts';
import { readProtocol } from '../../register/protocols/read.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { holdRegister } from '../../register/ledger/hold.ts';
import { checkDraft } from './check_draft.ts';
import { countBlocking } from './comments.ts';
import { completeDocument } from './complete.ts';
import { type DraftContext, requireOfficer, stateOf } from './draft.ts';
import { type DraftRow, getDraft, isEditable } from './find_draft.ts';
import { runExamples } from './run_examples.ts';
import { closed, lockDraft, recordDraft } from './save_draft.ts';
import { tellSignatories } from './tell_signatories.ts';

/**
 * Freezes the text at the revision that the author saw, and asks the parties to sign it: their officers are told by
 * mail. Returns its hash. Throws `draft-not-ready` with every issue and every example that does not hold, `comments-open`
 * while a comment blocks, `draft-changed` where somebody saved since. `baseUrl`: where the officers find the text.
 */
export async function putToSignature(
  context: DraftContext,
  actor: ActingPerson,
  id: string,
  { revision, baseUrl }: { revision: number; baseUrl: string },
): Promise<{ hash: string }> {
  const state = requireOfficer(context, actor);
  const draft = await getDraft(context, actor, id);
  const tell = await tellSignatories(context, actor, draft, baseUrl);
  return change(context.log, { agency: actor.agency }, async (tx) => {
    const row = await lockDraft(tx, actor, id);
    if (!isEditable(row, actor)) throw closed();
    if (row.revision !== revision || draft.revision !== revision) throw changed();
    requireReady(state, draft.document, context.clock());
    const blocking = await countBlocking(tx, row);
    if (blocking > 0) throw commentsOpen(blocking);
    const hash = await freeze(tx, context, actor, id, completeDocument(state, draft.document));
    await tell(tx, hash);
    recordDraft(tx, actor, 'draft.put-to-signature', { ...row, state: 'awaiting-signatures' }, { hash, revision });
    return { hash };
  });
}

/** Takes the text back, to be changed. Throws `draft-signed` once anybody has signed: then a change is a new version. */
export async function returnToDraft(context: DraftContext, actor: ActingPerson, id: string): Promise<void> {
  requireOfficer(context, actor);
  await holdRegister(context, context.register, { agency: actor.agency }, async (tx) => {
    const row = await lockDraft(tx, actor, id);
    if (row.state === 'draft') return; // asked for twice
    if (row.state !== 'awaiting-signatures') throw closed();
    await requireUnsigned(tx, context, row);
    await move(tx, context, actor, id, 'draft');
    recordDraft(tx, actor, 'draft.changed', row, { from: row.state, to: 'draft' });
  });
}

/** Gives the draft up. It can be read by its authors, and changed no more. Throws `draft-signed` once anybody has signed. */
export async function abandonDraft(context: DraftContext, actor: ActingPerson, id: string): Promise<void> {
  requireOfficer(context, actor);
  await holdRegister(context, context.register, { agency: actor.agency }, async (tx) => {
    const row = await lockDraft(tx, actor, id);
    if (row.state === 'abandoned') return;
    await requireUnsigned(tx, context, row);
    await move(tx, context, actor, id, 'abandoned');
    recordDraft(tx, actor, 'draft.abandoned', row, { from: row.state });
  });
}

async function move(
  tx: Change,
  context: DraftContext,
  actor: ActingPerson,
  id: string,
  to: 'draft' | 'abandoned',
): Promise<void> {
  await tx.query(sql`
    update draft set state = ${to}, hash = null, updated_by = ${actor.practitioner},
                     updated_at = to_timestamp(${context.clock()}::float8)
    where id = ${id}`);
}

function requireReady(state: RegisterState, document: JsonObject, now: number): void {
  const issues = checkDraft(state, document);
  const until = (document.valid as { until?: string } | undefined)?.until;
  if (issues.length === 0 && until !== undefined && endOfDay(until) <= now) {
    issues.push({ pointer: '/valid/until', message: 'The last day is past, so nobody could sign it.' });
  }
  issues.push(...failingExamples(state, document));
  if (issues.length === 0) return;
  throw new PolicyError(
    'invalid',
    'draft-not-ready',
    'This draft cannot be put to signature yet. What is missing stands beside each part.',
    { issues },
  );
}

function failingExamples(state: RegisterState, document: JsonObject): InputIssue[] {
  return runExamples(state, document)
    .filter(({ holds }) => !holds)
    .map(({ index }) => ({
      pointer: `/examples/${index}`,
      message: 'This example does not hold with the text as it is.',
    }));
}

async function freeze(
  tx: Change,
  context: DraftContext,
  actor: ActingPerson,
  id: string,
  document: JsonObject,
): Promise<string> {
  const bytes = canonicalBytes(document);
  const { hash } = readProtocol(bytes);
  const now = context.clock();
  await tx.query(sql`
    insert into draft_text (draft, hash, bytes, put_by, put_at)
    values (${id}, ${hash}, ${bytes}, ${actor.practitioner}, to_timestamp(${now}::float8))
    on conflict do nothing`);
  await tx.query(sql`
    update draft set state = 'awaiting-signatures', hash = ${hash}, updated_by = ${actor.practitioner},
                     updated_at = to_timestamp(${now}::float8)
    where id = ${id}`);
  return hash;
}

// Both are asked: what is verified counts, and what stands in the index was verified once.
async function requireUnsigned(tx: Change, context: DraftContext, { hash }: DraftRow): Promise<void> {
  if (hash === null) return;
  const { protocols, damaged } = stateOf(context);
  const given = await tx.query(sql`select from protocol_signature where protocol = ${hash} limit 1`);
  if (!protocols.has(hash) && !damaged.has(hash) && given.length === 0) return;
  throw new PolicyError(
    'conflict',
    'draft-signed',
    'Somebody has signed this text, so it stays as it is. To change it, begin its next version as a new draft.',
  );
}

function changed(): PolicyError {
  return new PolicyError(
    'conflict',
    'draft-changed',
    'Somebody saved this draft since you looked at it. Read it again before you put it to signature.',
  );
}

function commentsOpen(count: number): PolicyError {
  const many = count === 1 ? 'One comment blocks' : `${count} comments block`;
  return new PolicyError(
    'conflict',
    'comments-open',
    `${many} this draft. Answer what was said; whoever said it marks it as settled.`,
  );
}
