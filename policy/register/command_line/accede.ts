/** `accede` and `countersign`: an agency joins a protocol that others agreed, and the framework's host lets it. */
import { z } from 'zod';
import { PolicyError } from '../../errors.ts';
import { Accession } from '../protocols/accession.ts';
import { Party } from '../protocols/document.ts';
import { Signature, types } from '../signatures/flattened.ts';
import { signAccession } from '../events/sign.ts';
import { hand, readDocument, readText } from './files.ts';
import { checkCapacity, readSigner, signerOptions, signerUsage } from './signer.ts';
import { given, needed, oneFile, type Verb } from './verb.ts';

/** An accession on its way: signed by the agency that joins, and then by the host as well. */
export const SignedAccession = z.strictObject({
  accession: Accession,
  signature: Signature,
  countersignature: Signature.optional(),
});

export const accede: Verb = {
  usage: `accede <text> --party <file> ${signerUsage}`,
  summary:
    'Signs that your agency joins a protocol. --party is the entry that it would have among the parties, as JSON. Hand the file in on the signing page; the framework’s host countersigns it.',
  options: { ...signerOptions, party: { type: 'string' } },
  async run(typed, terminal) {
    const { document, hash } = await readText(oneFile(typed, 'the protocol'));
    const party = await readDocument(needed(typed, 'party'), Party, 'the entry of a party');
    const signer = await readSigner(typed, terminal);
    if (party.agency !== signer.agency) {
      throw new PolicyError('invalid', 'wrong-agency', `The entry is of ${party.agency}, not of ${signer.agency}.`);
    }
    if (document.parties.some(({ agency }) => agency === party.agency)) {
      throw new PolicyError('conflict', 'party-already', `${party.agency} is a party to this protocol: it signs.`);
    }
    checkCapacity(party, signer);
    const { federation, id, version } = document;
    const accession: Accession = { type: 'wayleave-accession', federation, protocol: hash, id, version, party };
    const signature = await signAccession({ ...signer, accession, type: types.accession, time: terminal.now() });
    terminal.remark(`Signed that ${party.name} joins “${document.title}”, version ${version} (${hash}).`);
    await hand({ accession, signature }, given(typed, 'out'), terminal);
    return 0;
  },
};

export const countersign: Verb = {
  usage: `countersign <accession> ${signerUsage}`,
  summary: 'Signs, for the framework’s host, that an agency may join.',
  options: signerOptions,
  async run(typed, terminal) {
    const file = oneFile(typed, 'the accession');
    const { accession, signature } = await readDocument(file, SignedAccession, 'a signed accession');
    const signer = await readSigner(typed, terminal);
    const { party, id, version, protocol } = accession;
    const countersignature = await signAccession({
      ...signer,
      accession,
      type: types.countersignature,
      time: terminal.now(),
    });
    terminal.remark(
      `Countersigned for ${signer.agency} that ${party.name} joins ${id}, version ${version} (${protocol}).`,
    );
    await hand({ accession, signature, countersignature }, given(typed, 'out'), terminal);
    return 0;
  },
};
