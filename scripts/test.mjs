/** Runs the tests: finds what they need, says what has to be skipped, and hands the arguments on to jest. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { findChromium } from './chromium.mjs';
import { findFaketime } from './faketime.mjs';

const root = path.resolve(import.meta.dirname, '..');
const inCi = process.env.CI === 'true' || process.env.CI === '1';

const env = { ...process.env };
/** Hands a tool on by its path; without it, what needs it is skipped, which continuous integration does not allow. */
function provide(variable, what, { path: found, reason }) {
  if (found !== undefined) return void (env[variable] = found);
  delete env[variable];
  console.error(`SKIPPED: ${what}. ${reason}`);
  if (!inCi) return;
  console.error('In continuous integration nothing may be skipped.');
  process.exit(1);
}
provide('CHROME_PATH', 'the journeys in a browser, for there is no Chromium', findChromium());
provide('FAKETIME_LIBRARY', 'the tests with clocks that are set, for there is no libfaketime', findFaketime());

const jest = spawn(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    '--experimental-vm-modules',
    path.join(root, 'node_modules/jest/bin/jest.js'),
    ...process.argv.slice(2),
  ],
  { cwd: root, env, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => jest.kill(signal));
jest.on('error', (error) => {
  console.error(`jest cannot be run: ${error.message}`);
  process.exit(1);
});
jest.on('close', (code) => process.exit(code ?? 1));
