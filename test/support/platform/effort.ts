/** What work costs: unlike the time that passes, nearly the same however busy the machine is. */

/** Milliseconds of processor time, all threads of this process together. */
export async function effortOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
