/** The framework's host lets an agency in. */
import { types } from '../../../register/signatures/flattened.ts';
import { countersignOffer } from '../accessions.ts';
import { accession } from './accession.ts';
import type { Kind } from './kind.ts';

export const countersignature: Kind = {
  type: types.countersignature,
  read: (bytes) => accession.read(bytes),
  handIn: (context, actor, { signature, about = '' }) => countersignOffer(context, actor, about, signature),
};
