/** The partner kit: plays Wayleave to a partner system and looks whether it withholds what it must. Exit: 0 passed, 1 failed, 2 not run. */
import { createInterface } from 'node:readline/promises';
import { type DecisionPoint, startDecisionPoint } from './decision_point.ts';
import { readOptions, UsageError, usage } from './options.ts';
import { tellRun } from './tell_run.ts';

async function main(): Promise<number> {
  const { port, report, ...options } = readOptions(process.argv.slice(2));
  const { origin } = new URL(options.record.url);
  const point = await startDecisionPoint(port, () => origin);
  try {
    await waitForSystem(point);
    return await tellRun(point, options, report);
  } finally {
    await point.close();
  }
}

async function waitForSystem(point: DecisionPoint): Promise<void> {
  console.log(`The kit plays Wayleave. Your system must be set up with:
  address        ${point.url}
  OpenID issuer  ${point.issuer.url}
  client         any id and secret`);
  if (!process.stdin.isTTY) return;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await terminal.question('Press Enter when it runs. ');
  terminal.close();
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 2;
}
