/** `npm run bench <what>`: measures one group of budgets and prints ratios. */
const benches: Record<string, () => Promise<unknown>> = {
  decisions: () => import('./decisions/decisions.ts'),
  log: () => import('./log.ts'),
  pages: () => import('./pages/measure.ts'),
  secrecy: () => import('./secrecy.ts'),
  restarts: async () => (await import('./restarts.ts')).default(Number(process.argv[3] ?? 50)),
};

const what = process.argv[2] ?? '';
const bench = benches[what];
if (bench === undefined) {
  console.error(`npm run bench ${Object.keys(benches).join('|')}`);
  process.exitCode = 1;
} else {
  await bench();
}
