/** `keys`: makes a signing key in a file for its owner alone. Only the public half is ever shown. */
import { type PrivateKey } from '../signatures/flattened.ts';
import { generateKey } from '../signatures/generate.ts';
import { publicPart, thumbprint } from '../signatures/keys.ts';
import { readKey, writeNew } from './files.ts';
import { given, oneFile, type Typed, usageError, type Verb } from './verb.ts';

export const keys: Verb = {
  usage: 'keys <file> [--algorithm EdDSA|ES256] [--show]',
  summary:
    'Makes a signing key for an agency or an officer. The file is for you alone; the public half and its name are printed, to be registered. --show prints them of a key that is there.',
  options: { algorithm: { type: 'string' }, show: { type: 'boolean' } },
  async run(typed, terminal) {
    const file = oneFile(typed, 'the key');
    const key = typed.options.show === undefined ? await make(file, typed) : await readKey(file, terminal);
    const shown = publicPart(key);
    terminal.say(JSON.stringify({ kid: thumbprint(shown), jwk: shown }, null, 2));
    return 0;
  },
};

async function make(file: string, typed: Typed): Promise<PrivateKey> {
  const algorithm = given(typed, 'algorithm') ?? 'EdDSA';
  if (algorithm !== 'EdDSA' && algorithm !== 'ES256') throw usageError('--algorithm must be EdDSA or ES256.');
  const key = generateKey(algorithm);
  await writeNew(file, `${JSON.stringify(key, null, 2)}\n`, 0o600);
  return key;
}
