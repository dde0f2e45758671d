/** A frozen text on its way to its signatures: what the parties read, sign and send back. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import { appendEvent } from '../../register/ledger/append.ts';
import type { OpenRegister, RegisterGround } from '../../register/ledger/open.ts';
import { hashOf } from '../../register/signatures/canonical.ts';
import type { Signature } from '../../register/signatures/flattened.ts';
import { type DraftContext, requireOfficer, unknownDraft } from './draft.ts';

/** What a signature needs beside: the register, to be added to. */
type SigningContext = RegisterGround & { register: OpenRegister };

type Put = { draft: string; hash: string | null; bytes: Buffer | null };
const put = sql`select d.id as draft, d.hash, t.bytes
  from draft d left join draft_text t on t.draft = d.id and t.hash = d.hash`;

/** The canonical bytes that the parties are asked to sign. Throws `not-put-to-signature`, `unknown-draft`. */
export async function draftText(context: DraftContext, actor: ActingPerson, id: string): Promise<Uint8Array> {
  requireOfficer(context, actor);
  const [found] = isUuid(id)
    ? await read(context.db, { agency: actor.agency }, (tx) => tx.query<Put>(sql`${put} where d.id = ${id}`))
    : [];
  if (found === undefined) throw unknownDraft();
  return bytesOf(found);
}

/** The text with this hash, and the draft that was put to signature with it; undefined where this agency is asked for none. */
export async function findDraftText(
  context: DraftContext,
  actor: ActingPerson,
  hash: string,
): Promise<{ draft: string; bytes: Uint8Array } | undefined> {
  requireOfficer(context, actor);
  const [found] = await read(context.db, { agency: actor.agency }, (tx) =>
    tx.query<Put>(sql`${put} where d.hash = ${hash} order by d.updated_at desc limit 1`),
  );
  return found && { draft: found.draft, bytes: bytesOf(found) };
}

function bytesOf({ hash, bytes }: Put): Uint8Array {
  if (hash === null) throw notPut();
  if (bytes !== null && hashOf(bytes) === hash) return bytes;
  throw new PolicyError(
    'unavailable',
    'text-damaged',
    'The text in the database is not the one that was put to signature. Take it back to draft and put it again.',
  );
}

/** Brings an officer's signature for their own agency to the register, which verifies it or says why it does not count. */
export async function submitSignature(
  context: SigningContext,
  actor: ActingPerson,
  id: string,
  signature: Signature,
): Promise<void> {
  const { agency } = actor;
  const text = await draftText(context, actor, id);
  const within = async (tx: Queryable): Promise<void> => {
    // The owner may have taken the text back meanwhile.
    const standing = await tx.query(sql`select from draft where id = ${id} and hash = ${hashOf(text)}`);
    if (standing.length === 0) throw notPut();
  };
  const submission = { text, agency, signature };
  await appendEvent(context, context.register, { ...actor }, submission, { within, scope: { agency } });
}

function notPut(): PolicyError {
  return new PolicyError(
    'conflict',
    'not-put-to-signature',
    'This draft was not put to signature, so nobody can sign it.',
  );
}
