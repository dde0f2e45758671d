/** One budget, measured. */
export type Row = { what: string; ratio: number; budget: number; atLeast: boolean; detail: string };

/** Prints the rows; the process fails where a budget is missed. */
export function printRows(rows: readonly Row[]): void {
  for (const { what, ratio, budget, atLeast, detail } of rows) {
    const kept = atLeast ? ratio >= budget : ratio <= budget;
    console.log(
      `${kept ? 'kept  ' : 'MISSED'} ${what}: ${ratio.toFixed(2)} (${atLeast ? 'at least' : 'at most'} ${budget}) — ${detail}`,
    );
    if (!kept) process.exitCode = 1;
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}
