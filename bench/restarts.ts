/** Fifty restarts of PostgreSQL under load with jobs running: what ended, what was not recorded, and how soon the service was back. */
import { restartUnderLoad } from '../test/support/application/restarts.ts';

/** Prints a row for each restart; ends with code 1 where the service ended or an answer has no record. */
export default async function restarts(count = 50): Promise<void> {
  const { restarts: all, ended } = await restartUnderLoad(count, ({ way, jobs, answers, unrecorded, back }) => {
    const took = `${Math.round(back)} ms`.padStart(8);
    console.log(
      `${way.padEnd(10)} ${took} to the first answer; ${jobs} jobs ran; ${answers} answers, ${unrecorded} lost`,
    );
  });
  const times = all.map(({ back }) => back).sort((one, other) => one - other);
  const total = (of: 'answers' | 'unrecorded'): number => all.reduce((sum, restart) => sum + restart[of], 0);
  const at = (share: number): number => Math.round(times[Math.ceil(share * times.length) - 1] ?? 0);
  console.log(`${all.length} restarts; ends of the service: ${ended === undefined ? 0 : `1 (${ended})`}`);
  console.log(`answers: ${total('answers')}; without a record: ${total('unrecorded')}`);
  console.log(`back after: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`);
  if (ended !== undefined || total('unrecorded') > 0) process.exitCode = 1;
}
