/** Installs a Debian package that only tests need, where that is allowed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Undefined when it was installed; otherwise why not, with what to do. */
export function installPackage(name, purpose) {
  if (!existsSync('/etc/debian_version')) return `Install ${name}.`;
  if (process.getuid?.() !== 0) return `Install it with: sudo apt-get install ${name}.`;
  console.log(`Installing ${name} for ${purpose} (Debian package, once) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-qq', '-y', '--no-install-recommends', name],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (status !== 0) return `apt-get ${args[0]} failed: ${stderr?.trim().split('\n').at(-1) ?? 'unknown error'}`;
  }
  return undefined;
}
