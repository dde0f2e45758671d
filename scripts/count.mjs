/** Sums a run up in one plain line, from jest's results and the exit codes of the check, of the tests and of the audit. */
import { readFileSync } from 'node:fs';

const [file, check, test, audit = '0'] = process.argv.slice(2);
let results = {};
try {
  results = JSON.parse(readFileSync(file, 'utf8'));
} catch {
  console.error('The tests left no results.');
}
const passed = results.numPassedTests ?? 0;
// A suite that could not be run counts as one that failed, and so do the check and the audit.
const ours = [check, audit].filter((code) => code !== '0').length;
let failed = (results.numFailedTests ?? 0) + (results.numRuntimeErrorTestSuites ?? 0) + ours;
if (failed === 0 && (test !== '0' || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
