/** A text by its hash: as the register holds it, or as a draft that was put to signature. */
import type Koa from 'koa';
import { findDraftText } from '../../policy/governance/drafts/sign_draft.ts';
import type { Protocol } from '../../policy/register/protocols/document.ts';
import { readProtocol } from '../../policy/register/protocols/read.ts';
import type { RegisteredProtocol } from '../../policy/register/chain/state.ts';
import { storedChain } from '../../policy/register/ledger/store.ts';
import type { WebContext } from '../context.ts';
import { draftContext } from '../kit/draft_of.ts';
import { WebApplicationError } from '../errors.ts';
import { getState } from '../kit/register_state.ts';
import { actorOf, personOf } from '../session/require_person.ts';

/** `bytes` are exactly what is signed, and `document` is what they say. */
export type FoundText = {
  hash: string;
  bytes: Uint8Array;
  document: Protocol;
  registered?: RegisteredProtocol;
  draft?: string;
};

export async function getText(context: WebContext, ctx: Koa.Context, hash: string): Promise<FoundText> {
  const found = (await fromRegister(context, hash)) ?? (await fromDrafts(context, ctx, hash));
  if (found !== undefined) return found;
  throw new WebApplicationError(
    'not-found',
    'text-unknown',
    'No text with this fingerprint waits here. It may have been taken back to be changed.',
  );
}

async function fromRegister(context: WebContext, hash: string): Promise<FoundText | undefined> {
  const registered = getState(context).protocols.get(hash);
  if (registered === undefined) return undefined;
  const bytes = (await storedChain(context.ground.db).texts([hash])).get(hash);
  if (bytes === undefined) throw damaged();
  const read = readProtocol(bytes);
  if (read.hash !== hash) throw damaged();
  return { hash, bytes, document: read.document, registered };
}

async function fromDrafts(context: WebContext, ctx: Koa.Context, hash: string): Promise<FoundText | undefined> {
  if (personOf(ctx).capacities.length === 0) return undefined;
  const found = await findDraftText(draftContext(context), actorOf(ctx), hash);
  return found && { hash, document: readProtocol(found.bytes).document, ...found };
}

function damaged(): WebApplicationError {
  return new WebApplicationError(
    'unavailable',
    'text-damaged',
    'The text in the database is not the one that was signed. It is not in force, and cannot be signed.',
  );
}
