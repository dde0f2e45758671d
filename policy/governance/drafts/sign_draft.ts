/** A frozen text on its way to its signatures: what the parties read, sign and send back. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { PolicyError } from '../../errors.ts';
import { appendEvent } from '../../register/ledger/append.ts';
import type { OpenRegister, RegisterGround } from '../../register/ledger/open.ts';
import { hashOf } from '../../register/signatures/canonical.ts';
import type { Signature } from '../../register/signatures/flattened.ts';
import { type DraftContext, requireOfficer } from './draft.ts';

/** What a signature needs beside: the register, to be added to. */
type SigningContext = RegisterGround & { register: OpenRegister };

/** The text with this hash, and the draft that was put to signature with it; undefined where this agency is asked for none. */
export async function findDraftText(
  context: DraftContext,
  actor: ActingPerson,
  hash: string,
): Promise<{ draft: string; bytes: Uint8Array } | undefined> {
  requireOfficer(context, actor);
  const [found] = await read(context.db, { agency: actor.agency }, (tx) =>
    tx.query<{ draft: string; bytes: Buffer | null }>(sql`
      select d.id as draft, t.bytes from draft d left join draft_text t on t.draft = d.id and t.hash = d.hash
      where d.hash = ${hash} order by d.updated_at desc limit 1`),
  );
  return found && { draft: found.draft, bytes: requireWhole(hash, found.bytes) };
}

function requireWhole(hash: string, bytes: Buffer | null): Uint8Array {
  if (bytes !== null && hashOf(bytes) === hash) return bytes;
  throw new PolicyError(
    'unavailable',
    'text-damaged',
    'The text in the database is not the one that was put to signature. Take it back to draft and put it again.',
  );
}

/**
 * Brings an officer's signature for their own agency to the register, which verifies it or says why it does not count.
 * Throws `not-put-to-signature` where the draft is not, or no longer, put to signature with this very text.
 */
export async function submitSignature(
  context: SigningContext,
  actor: ActingPerson,
  id: string,
  { text, signature }: { text: Uint8Array; signature: Signature },
): Promise<void> {
  const { agency } = actor;
  const within = async (tx: Queryable): Promise<void> => {
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
