/** `canonicalise`: writes a JSON document in the one form that is signed. */
import { canonicalBytes } from '../../../platform/json.ts';
import { hashOf } from '../signatures/canonical.ts';
import { readJsonFile, writeNew } from './files.ts';
import { needed, oneFile, type Verb } from './verb.ts';

export const canonicalise: Verb = {
  usage: 'canonicalise <text> --out <file>',
  summary: 'Writes a JSON document in the one form that is signed (RFC 8785), and says its hash.',
  options: { out: { type: 'string' } },
  async run(typed, { say }) {
    const out = needed(typed, 'out');
    const bytes = canonicalBytes(await readJsonFile(oneFile(typed, 'the document')));
    await writeNew(out, bytes.toString('utf8'));
    say(`Written to ${out}. Hash: ${hashOf(bytes)}`);
    return 0;
  },
};
