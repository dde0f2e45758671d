/** Finds the browser that the journeys drive, or installs Debian's package where that is allowed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Returns the path of a Chromium, or undefined with a reason that says what to do. */
export function findChromium(env = process.env) {
  if (env.CHROME_PATH) {
    if (existsSync(env.CHROME_PATH)) return { path: env.CHROME_PATH };
    return { reason: `CHROME_PATH names ${env.CHROME_PATH}, which does not exist.` };
  }
  const found = usual.find((file) => existsSync(file));
  if (found !== undefined) return { path: found };
  if (!existsSync('/etc/debian_version')) return { reason: 'Install Chromium, or set CHROME_PATH to one.' };
  if (process.getuid?.() !== 0)
    return { reason: 'Install it with: sudo apt-get install chromium, or set CHROME_PATH to one.' };
  return installChromium();
}

function installChromium() {
  console.log('Installing Chromium for the browser journeys (Debian package, once) …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-qq', '-y', '--no-install-recommends', 'chromium'],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (status !== 0)
      return { reason: `apt-get ${args[0]} failed: ${stderr?.trim().split('\n').at(-1) ?? 'unknown error'}` };
  }
  const found = usual.find((file) => existsSync(file));
  return found === undefined ? { reason: 'The package chromium brought no browser.' } : { path: found };
}
