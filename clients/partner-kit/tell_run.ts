/** Runs the kit and tells its lines on the console as they stand. */
import { writeFileSync } from 'node:fs';
import type { DecisionPoint } from './decision_point.ts';
import type { KitOptions } from './options.ts';
import { type Line, type Report, runKit } from './run.ts';

/** Also writes the result as JSON to `file`, where there is one. Returns the exit code: 0 passed, 1 failed. */
export async function tellRun(point: DecisionPoint, options: KitOptions, file?: string): Promise<number> {
  console.log(`\n${columns('', 'answer of Wayleave', 'the system must', 'seen')}`);
  const report = await runKit(point, options, (line) => console.log(toRow(line)));
  console.log(verdict(report));
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return report.passed ? 0 : 1;
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
