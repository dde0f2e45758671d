/** `sign-event`: an administration key, or the federation's root key, signs what a page of the service prepared. */
import { PolicyError } from '../../errors.ts';
import { kindOf, RegisterEvent } from '../events/table.ts';
import { signEvent } from '../events/sign.ts';
import { hand, readDocument, readKey } from './files.ts';
import { given, needed, oneFile, type Verb } from './verb.ts';

export const signPreparedEvent: Verb = {
  usage: 'sign-event <event> --key <file> [--agency <code>] [--out <file>]',
  summary:
    'Signs an event that a page of the service prepared: a key, an officer, a compromise. With --agency it is the agency’s administration key, without it the federation’s root key. Hand the file in within five minutes.',
  options: { key: { type: 'string' }, agency: { type: 'string' }, out: { type: 'string' } },
  async run(typed, terminal) {
    const prepared = await readDocument(oneFile(typed, 'the event'), RegisterEvent, 'an event of the register');
    if (kindOf(prepared).signed?.by.includes('officer') !== false) {
      throw new PolicyError(
        'forbidden',
        'not-entitled',
        'That is an officer’s to sign: use sign, withdraw or suspend.',
      );
    }
    const key = await readKey(needed(typed, 'key'), terminal);
    const agency = given(typed, 'agency');
    // It counts from the moment of signing; what it says, and its place in the register, stay as they were prepared.
    const event: RegisterEvent = { ...prepared, time: Math.floor(terminal.now()) };
    const signature = await signEvent(event, agency === undefined ? { key } : { agency, key });
    terminal.remark(`Signed ${event.type} for entry ${event.sequence} of the register. It says:`);
    terminal.remark(JSON.stringify(event.data, null, 2));
    await hand({ event, signature }, given(typed, 'out'), terminal);
    return 0;
  },
};
