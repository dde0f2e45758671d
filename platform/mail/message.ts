/** A message in plain text to one person. E-mail says only that something waits; what it is stands behind the sign-in. */
import { PlatformError } from '../errors.ts';

export type Mail = { to: string; subject: string; text: string };

/** One address and nothing else: a comma, a line end or a display name would reach somebody nobody meant. */
const oneAddress = /^[^\s@,;:<>"'()[\]\\]+@[^\s@,;:<>"'()[\]\\]+$/;

/** Throws `mail-invalid` for a message that could go astray; the error never quotes it. */
export function requireMail(mail: Mail): Mail {
  const problem =
    (!oneAddress.test(mail.to) && 'the address is not a single e-mail address') ||
    (/[\r\n]/.test(mail.subject) && 'the subject has more than one line') ||
    (mail.subject.trim() === '' && 'the subject is empty');
  if (problem !== false) throw new PlatformError('invalid', 'mail-invalid', `The message was not sent: ${problem}.`);
  return { to: mail.to, subject: mail.subject, text: mail.text };
}
