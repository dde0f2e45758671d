/** `sign`: an officer signs a protocol for their agency, away from the service. */
import { PolicyError } from '../../errors.ts';
import { signProtocol } from '../events/sign.ts';
import { hand, readText } from './files.ts';
import { checkCapacity, readSigner, signerOptions, signerUsage } from './signer.ts';
import { given, oneFile, type Verb } from './verb.ts';
import { capacityInWords } from './words.ts';

export const sign: Verb = {
  usage: `sign <text> ${signerUsage}`,
  summary:
    'Signs a protocol. The signature is a file of its own; hand it in on the protocol’s signing page within seven days.',
  options: signerOptions,
  async run(typed, terminal) {
    const { document, hash, bytes } = await readText(oneFile(typed, 'the protocol'));
    const signer = await readSigner(typed, terminal);
    const party = document.parties.find(({ agency }) => agency === signer.agency);
    if (party === undefined) {
      throw new PolicyError('forbidden', 'not-a-party', `${signer.agency} is not a party to this protocol.`);
    }
    checkCapacity(party, signer);
    const signature = await signProtocol({ ...signer, document: bytes, time: terminal.now() });
    terminal.remark(`Signed “${document.title}”, version ${document.version} (${hash}),`);
    terminal.remark(`for ${party.name} as ${capacityInWords(signer.capacity)}.`);
    await hand(signature, given(typed, 'out'), terminal);
    return 0;
  },
};
