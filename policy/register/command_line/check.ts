/** `check`: whether a text has the form of a protocol, and makes sense against the register. */
import { checkProtocol } from '../protocols/check.ts';
import { readDocument, readText } from './files.ts';
import { RegisterExport, termsOfExport } from './register_export.ts';
import { given, oneFile, type Verb } from './verb.ts';

export const check: Verb = {
  usage: 'check <text> [--register <export>]',
  summary:
    'Checks the form of a protocol; with --register (what GET /policy/v1/register answered) also against who belongs and what is defined.',
  options: { register: { type: 'string' } },
  async run(typed, { say }) {
    const { document, hash } = await readText(oneFile(typed, 'the protocol'));
    const file = given(typed, 'register');
    say(`“${document.title}”, version ${document.version} (${hash}) has the form of a protocol.`);
    if (file === undefined) return 0;
    const register = await readDocument(file, RegisterExport, 'an answer of GET /policy/v1/register');
    const issues = checkProtocol(document, termsOfExport(register));
    for (const { pointer, message } of issues) say(`${pointer}: ${message}`);
    if (issues.length > 0) say(`It cannot be signed as it stands: ${issues.length} to mend.`);
    else say(`It makes sense against the register at entry ${register.head.sequence}.`);
    return issues.length > 0 ? 1 : 0;
  },
};
