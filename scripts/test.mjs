/** Runs the tests: finds what they need, says what has to be skipped, and hands the arguments on to jest. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { findChromium } from './chromium.mjs';

const root = path.resolve(import.meta.dirname, '..');
const inCi = process.env.CI === 'true' || process.env.CI === '1';

const chromium = findChromium();
const env = { ...process.env };
if (chromium.path !== undefined) env.CHROME_PATH = chromium.path;
else {
  delete env.CHROME_PATH;
  console.error(`SKIPPED: the journeys in a browser, for there is no Chromium. ${chromium.reason}`);
  if (inCi) {
    console.error('In continuous integration nothing may be skipped.');
    process.exit(1);
  }
}

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
