/** A frozen text on its way to its signatures: what the parties read, sign and send back. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { PolicyError } from '../../errors.ts';
import { appendEvent } from '../../register/ledger/append.ts';
import type { OpenRegister, RegisterGround } from '../../register/ledger/open.ts';
import { hashOf } from '../../register/signatures/canonical.ts';
import type { Signature } from '../../register/signatures/flattened.ts';
import { type DraftContext, requireOfficer, unknownDraft } from './draft.ts';
import { findDraft } from './find_draft.ts';

/** What a signature needs beside: the register, to be added to. */
export type SigningContext = RegisterGround & { register: OpenRegister };

/** The canonical bytes that the parties are asked to sign. Throws `not-put-to-signature`, `unknown-draft`. */
export async function draftText(context: DraftContext, actor: ActingPerson, id: string): Promise<Uint8Array> {
  requireOfficer(context, actor);
  const draft = await findDraft(context, actor, id);
  if (draft === undefined) throw unknownDraft();
  const { hash } = draft;
  if (hash === undefined) throw notPut();
  const [text] = await read(context.db, { agency: actor.agency }, (tx) =>
    tx.query<{ bytes: Buffer }>(sql`select bytes from draft_text where draft = ${id} and hash = ${hash}`),
  );
  if (text === undefined || hashOf(text.bytes) !== hash) {
    throw new PolicyError(
      'unavailable',
      'text-damaged',
      'The text in the database is not the one that was put to signature. Take it back to draft and put it again.',
    );
  }
  return text.bytes;
}

/** Brings an officer's signature for their own agency to the register, which verifies it or says why it does not count. */
export async function submitSignature(
  context: SigningContext,
  actor: ActingPerson,
  id: string,
  signature: Signature,
): Promise<void> {
  await draftText(context, actor, id);
  // Read again when its turn in the register has come: the owner may have taken the text back meanwhile.
  await appendEvent(context, context.register, { ...actor }, async () => ({
    text: await draftText(context, actor, id),
    agency: actor.agency,
    signature,
  }));
}

function notPut(): PolicyError {
  return new PolicyError(
    'conflict',
    'not-put-to-signature',
    'This draft was not put to signature, so nobody can sign it.',
  );
}
