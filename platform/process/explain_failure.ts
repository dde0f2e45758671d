/** Says in words why a start failed, where that lies in what was foreseen, in the machine or in the database server. */
import { getSystemErrorMap } from 'node:util';
import pg from 'pg';
import { explainToOperator } from '../database/outage.ts';
import { ServiceError } from '../errors.ts';

/** What to print; undefined for a fault of the program, which is told with its stack for whoever has to mend it. */
export function explainFailure(error: unknown): string | undefined {
  if (error instanceof ServiceError) return explainToOperator(error);
  const { errno, syscall, path, code = '' } = error as NodeJS.ErrnoException;
  const [, words] = getSystemErrorMap().get(errno ?? 0) ?? [];
  if (words !== undefined && syscall !== undefined) {
    return `Wayleave cannot go on: ${[syscall, path].filter(Boolean).join(' ')}: ${words} (${code}).${advise(code)}`;
  }
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return undefined;
  return `Wayleave cannot go on: the database answers "${error.message}" (${error.code}).${advise(error.code)}`;
}

function advise(code: string): string {
  if (['ENOSPC', 'EDQUOT', '53100'].includes(code)) return ' Make room on that disk and start again: nothing is lost.';
  if (code === 'EMFILE' || code === 'ENFILE') return ' Allow this user more open files (ulimit -n).';
  if (['EROFS', 'EACCES', 'EPERM'].includes(code)) return ' Set DATA_DIR to a folder that this user may write to.';
  return '';
}
