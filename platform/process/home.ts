/**
 * A home folder for a user who has none: no HOME, and no entry in the list of users, as containers run. graphile-worker asks
 * for it while it is loaded and would end the process, so this is imported before it.
 */
import { homedir } from 'node:os';

try {
  homedir();
} catch {
  process.env.HOME = '/';
}
