/** Lists the test files that did not pass, one a line, from jest's results. */
import { readFileSync } from 'node:fs';

try {
  const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  for (const { name, status } of testResults) if (status !== 'passed') console.log(name);
} catch {
  // No results: nothing that could be asked again.
}
