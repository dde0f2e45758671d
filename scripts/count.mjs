/** Sums a run up in one plain line, from the exit codes of the check and of the tests and jest's results; later results count. */
import { readFileSync } from 'node:fs';

const [check, test, ...results] = process.argv.slice(2);
/** By test file: how many tests passed and failed. A file that could not be run counts as one that failed. */
const files = new Map();
for (const file of results) {
  for (const { name, status, assertionResults } of read(file)) {
    const count = (wanted) => assertionResults.filter((one) => one.status === wanted).length;
    const failed = count('failed');
    files.set(name, { passed: count('passed'), failed: status !== 'passed' && failed === 0 ? 1 : failed });
  }
}
const sum = (what) => [...files.values()].reduce((total, one) => total + one[what], 0);
const passed = sum('passed');
let failed = sum('failed') + (check === '0' ? 0 : 1);
if (failed === 0 && (test !== '0' || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults;
  } catch {
    return [];
  }
}
