/** An agency that is no party signs that it joins; its host countersigns. */
import { readAccession } from '../../../register/protocols/accession.ts';
import { types } from '../../../register/signatures/flattened.ts';
import { offerAccession } from '../accessions.ts';
import type { Kind } from './kind.ts';

export const accession: Kind = {
  type: types.accession,
  read(bytes) {
    const { protocol, id, version, party } = readAccession(bytes);
    return { protocol, id, version, joins: party.name };
  },
  handIn: (context, actor, { bytes, signature }) => offerAccession(context, actor, bytes, signature),
};
