/** Finds the browser that the journeys drive, or installs Debian's package where that is allowed. */
import { existsSync } from 'node:fs';
import { installPackage } from './debian_package.mjs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Returns the path of a Chromium, or undefined with a reason that says what to do. */
export function findChromium(env = process.env) {
  if (env.CHROME_PATH) {
    if (existsSync(env.CHROME_PATH)) return { path: env.CHROME_PATH };
    return { reason: `CHROME_PATH names ${env.CHROME_PATH}, which does not exist.` };
  }
  const find = () => usual.find((file) => existsSync(file));
  const reason = find() === undefined ? installPackage('chromium', 'the browser journeys') : undefined;
  if (reason !== undefined) return { reason: `${reason} Or set CHROME_PATH to one.` };
  const found = find();
  return found === undefined ? { reason: 'The package chromium brought no browser.' } : { path: found };
}
