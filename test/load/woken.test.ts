/** A process that stood still while it held the log's head: woken, it answers rightly or says 503, and all it answered is recorded. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answered, listUnrecorded, startLoad } from '../support/application/load.ts';
import { ask } from '../support/platform/embedded.ts';
import { type Caller, createCaller, type Replicas, startReplicas } from '../support/platform/processes.ts';
import { waitFor } from '../support/platform/web.ts';

let replicas: Replicas;
let caller: Caller;
beforeAll(async () => {
  replicas = await startReplicas(2);
  caller = createCaller(replicas.manifest);
});
afterAll(async () => {
  caller?.close();
  await replicas?.close();
});

it('is never 500', async () => {
  const { database, manifest, addresses, services } = replicas;
  const answers: Answered[] = [];
  const onAnswer = (answered: Answered): void => void answers.push(answered);
  const refused = { caller, manifest, lanes: 24, onAnswer, mayRefuse: [503] };
  const load = startLoad({ ...refused, address: addresses[0]! });
  await Promise.race([waitFor(() => answers.length > 100), load.failed]);
  const { child } = services[0]!;
  const held = (): Promise<{ pid: number }[]> =>
    ask(
      database.ownerUrl,
      `select pid from pg_stat_activity where datname = current_database() and application_name = 'wayleave-log'
         and state = 'idle in transaction' and state_change < now() - interval '0.1 s'`,
    );
  // Stopped at a moment at which it holds the head.
  for (let holding: object[] = []; holding.length === 0;) {
    child.kill('SIGCONT');
    await pause(7);
    child.kill('SIGSTOP');
    await pause(150);
    holding = await held();
  }
  // The server ends what stands still, so that others can go on.
  await waitFor(async () => (await held()).length === 0);
  const before = answers.length;
  const other = startLoad({ ...refused, address: addresses[1]!, mayRefuse: [] });
  await Promise.race([waitFor(() => answers.length > before + 100), other.failed]);
  await other.stop();
  child.kill('SIGCONT');
  const woken = answers.length;
  await Promise.race([waitFor(() => answers.length > woken + 100), load.failed]);
  await load.stop();
  await waitFor(async () => (await fetch(`${addresses[0]}/readyz`)).status === 200);
  expect(await listUnrecorded(database.db, answers)).toEqual([]);
});
