/** `withdraw` and `suspend`: an officer ends or stops a protocol for their agency, at a place in the register. */
import { proposeEvent, signEvent } from '../events/sign.ts';
import { hand, readDocument, readText } from './files.ts';
import { HeadExport, headOf } from './register_export.ts';
import { readSigner, signerOptions, signerUsage } from './signer.ts';
import { given, needed, oneFile, type Verb } from './verb.ts';

export const withdraw = stopping('protocol-withdrawn', 'withdraw', {
  done: 'withdraws from',
  summary: 'Ends a protocol for your agency: what it gives and receives under it.',
});

export const suspend = stopping('protocol-suspended', 'suspend', {
  done: 'suspends',
  summary: 'Stops a protocol until your agency signs it again.',
});

type Words = { done: string; summary: string };

function stopping(type: 'protocol-withdrawn' | 'protocol-suspended', verb: string, words: Words): Verb {
  return {
    usage: `${verb} <text> --head <export> --reason <words> ${signerUsage}`,
    summary: `${words.summary} --head is what GET /policy/v1/register or /policy/v1/protocols answered; hand the file in within five minutes.`,
    options: { ...signerOptions, head: { type: 'string' }, reason: { type: 'string' } },
    async run(typed, terminal) {
      const { document, hash } = await readText(oneFile(typed, 'the protocol'));
      const reason = needed(typed, 'reason');
      const head = headOf(
        await readDocument(needed(typed, 'head'), HeadExport, 'an answer that names the register’s head'),
      );
      const signer = await readSigner(typed, terminal);
      const { federation, id, version, title } = document;
      const data = { protocol: hash, id, version, agency: signer.agency, reason };
      const event = proposeEvent(head, { federation, type, data, time: terminal.now() });
      const signature = await signEvent(event, signer);
      terminal.remark(
        `Signed that ${signer.agency} ${words.done} “${title}”, version ${version}, after entry ${head.sequence}.`,
      );
      await hand({ event, signature }, given(typed, 'out'), terminal);
      return 0;
    },
  };
}
