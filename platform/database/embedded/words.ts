/** What goes wrong around the embedded server, in words: its programs' own, and the system's refusals. */
import { getSystemErrorMap } from 'node:util';
import { PlatformError } from '../../errors.ts';
import type { Location } from './location.ts';

/** The lines of a program's output that complain, the last `most` of them; all of it where none does. */
export function complaints(output: string, most = 6): string {
  const lines = output.trim().split('\n');
  const telling = lines.filter((line) => /\b(FATAL|PANIC|ERROR|DETAIL|HINT|error|could not)\b/.test(line));
  const bare = telling.map((line) => line.replace(/^.*?(?=(FATAL|PANIC|ERROR|DETAIL|HINT):)/, ''));
  return (bare.length > 0 ? bare.slice(-most) : lines).join('\n');
}

/** A refusal of the system (no room, no right, nothing to write to) as `embedded-database-unusable`; any other error as it is. */
export function explainRefusal(error: unknown, location: Location): unknown {
  const { errno, syscall, path, code = '' } = error as NodeJS.ErrnoException;
  const [, words] = getSystemErrorMap().get(errno ?? 0) ?? [];
  if (words === undefined || syscall === undefined) return error;
  const what = `${[syscall, path].filter(Boolean).join(' ')}: ${words} (${code})`;
  const message = `The embedded PostgreSQL cannot be kept in ${location.home}: ${what}.\n${advise(code, location)}`;
  return new PlatformError('unavailable', 'embedded-database-unusable', message, { cause: error });
}

function advise(code: string, { as }: Location): string {
  const own = 'DATABASE_URL to a PostgreSQL server of your own';
  if (code === 'EMFILE' || code === 'ENFILE' || code === 'EAGAIN') {
    return `Allow this user more open files and processes (ulimit -n, ulimit -u), or set ${own}.`;
  }
  if (as === undefined) return `Set DATA_DIR to a folder with room that this user may write to, or ${own}.`;
  const instead = `start as an ordinary user, whose database lies in DATA_DIR, or set ${own}.`;
  if (code === 'ENOSPC' || code === 'EDQUOT') return `Make room there, ${instead}`;
  // EINVAL: in a user namespace of one id there is no other user.
  if (!['EPERM', 'EACCES', 'EINVAL'].includes(code)) return `Make that folder writable, ${instead}`;
  return (
    'PostgreSQL refuses to run as root, so root runs it as nobody. That needs the user ids and the rights that root usually ' +
    `has (CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_SETUID, CAP_SETGID): give them to this container, ${instead}`
  );
}
