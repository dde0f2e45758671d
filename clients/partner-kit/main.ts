/** The partner kit: plays Wayleave to a partner system and looks whether it withholds what it must. Exit: 0 passed, 1 failed, 2 not run. */
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { startCasebookFor } from './casebook.ts';
import { type DecisionPoint, startDecisionPoint } from './decision_point.ts';
import { type Asked, readOptions, UsageError, usage } from './options.ts';
import { type Line, type Report, runKit } from './run.ts';

const say = (line: string): void => console.log(line);

async function main(): Promise<number> {
  const asked = readOptions(process.argv.slice(2));
  let origin = asked.casebook ? '' : new URL(asked.record.url).origin;
  const point = await startDecisionPoint(asked.casebook ? 0 : asked.port, () => origin);
  try {
    const { options, close } = await prepare(asked, point);
    origin = new URL(options.record.url).origin;
    say(`\n${columns('', 'answer of Wayleave', 'the system must', 'seen')}`);
    const report = await runKit(point, options, (line) => say(toRow(line)));
    await close();
    say(verdict(report));
    if (asked.report !== undefined) writeFileSync(asked.report, `${JSON.stringify(report, null, 2)}\n`);
    return report.passed ? 0 : 1;
  } finally {
    await point.close();
  }
}

async function prepare(asked: Asked, point: DecisionPoint) {
  if (asked.casebook) {
    const { casebook, options } = await startCasebookFor(point, asked.slowMs);
    return { options, close: casebook.close };
  }
  say('The kit plays Wayleave. Your system must be set up with:');
  say(`  address        ${point.url}\n  OpenID issuer  ${point.issuer.url}\n  client         any id and secret`);
  if (process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    await terminal.question('Press Enter when it runs. ');
    terminal.close();
  }
  return { options: asked, close: () => Promise.resolve() };
}

const columns = (...cells: [string, string, string, string]): string =>
  `${cells[0].padEnd(5)} ${cells[1].padEnd(38)} ${cells[2].padEnd(48)} ${cells[3]}`;

function toRow({ passed, name, must, seen }: Line): string {
  return columns(passed ? 'ok' : 'FAIL', name, must, seen);
}

function verdict({ system, passed, lines }: Report): string {
  const wrong = lines.filter((line) => !line.passed).length;
  const end = passed ? 'all passed' : `${wrong} failed`;
  return `\n${system}: ${lines.length} cases, ${end}.`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error);
  process.exitCode = 2;
}
