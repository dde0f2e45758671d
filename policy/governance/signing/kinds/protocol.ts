/** An agency signs a text: a draft that was put to signature, or one that others have signed. */
import { appendEvent } from '../../../register/ledger/append.ts';
import { readProtocol } from '../../../register/protocols/read.ts';
import { types } from '../../../register/signatures/flattened.ts';
import { submitSignature } from '../../drafts/sign_draft.ts';
import type { Kind } from './kind.ts';

export const protocol: Kind = {
  type: types.protocol,
  read(bytes) {
    const { hash, document } = readProtocol(bytes);
    return { protocol: hash, id: document.id, version: document.version, title: document.title };
  },
  handIn(context, actor, { bytes, signature, about }) {
    if (about !== undefined) return submitSignature(context, actor, about, { text: bytes, signature });
    return appendEvent(context, context.register, { ...actor }, { text: bytes, agency: actor.agency, signature });
  },
};
