/**
 * Asks the registry for known faults of what runs in production (`npm audit`), and fails where one is high or critical. A registry
 * that keeps no such list, or cannot be reached, is said so and is no failure.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const patience = 60_000;
const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=0'], {
  cwd: path.resolve(import.meta.dirname, '..'),
  encoding: 'utf8',
  timeout: patience,
  stdio: ['ignore', 'pipe', 'ignore'],
});
const report = parse(stdout);
const counts = report?.metadata?.vulnerabilities;
if (counts === undefined) {
  const why = report?.message ?? error?.message ?? 'no answer';
  console.log(`not looked up: known faults of dependencies (the registry offers no npm audit here: ${why})`);
} else {
  const bad = Object.values(report.vulnerabilities).filter(({ severity }) => ['high', 'critical'].includes(severity));
  for (const { name, severity, range } of bad) console.error(`${name} ${range}: ${severity}`);
  console.log(
    `${bad.length === 0 ? 'ok    ' : 'FAILED'} known faults of dependencies (${counts.total} found, ${bad.length} high or critical)`,
  );
  if (bad.length > 0) process.exitCode = 1;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
