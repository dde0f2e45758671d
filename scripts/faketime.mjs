/** Finds the library that sets the clock of one process (libfaketime), or installs Debian's package where that is allowed. */
import { globSync } from 'node:fs';
import { installPackage } from './debian_package.mjs';

/** Returns its path, or undefined with a reason that says what to do. */
export function findFaketime() {
  const find = () => globSync('/usr/lib/*/faketime/libfaketime.so.1')[0];
  const reason = find() === undefined ? installPackage('libfaketime', 'the tests of clocks') : undefined;
  return reason === undefined ? { path: find() } : { reason };
}
