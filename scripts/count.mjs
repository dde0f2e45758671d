/** Sums a run up in one plain line, from jest's results and the exit codes of the check and of the tests. */
import { readFileSync } from 'node:fs';

const [file, check, test] = process.argv.slice(2);
let results = {};
try {
  results = JSON.parse(readFileSync(file, 'utf8'));
} catch {
  console.error('The tests left no results.');
}
const passed = results.numPassedTests ?? 0;
// A suite that could not be run counts as one that failed, and so does the check.
let failed = (results.numFailedTests ?? 0) + (results.numRuntimeErrorTestSuites ?? 0) + (check === '0' ? 0 : 1);
if (failed === 0 && (test !== '0' || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
