/** No answer without its record: the whole service is killed under load, and nothing that it answered is missing. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject } from '../../platform/json.ts';
import { openKeyRing } from '../../platform/keys/ring.ts';
import { checkLog } from '../../platform/log/check.ts';
import { verifyCheckpoint } from '../../platform/log/checkpoint.ts';
import { verifyConsistency, verifyInclusion } from '../../platform/log/merkle.ts';
import { proveConsistency, proveInclusion } from '../../platform/log/prove.ts';
import { entriesOf } from '../../policy/decisions/audit/recorded.ts';
import { type Answered, listUnrecorded, startLoad } from '../support/application/load.ts';
import { testMasterKey } from '../support/platform/database.ts';
import type { Ending } from '../support/application/start.ts';
import { type Caller, createCaller, type Replicas, startReplicas } from '../support/platform/processes.ts';

let replicas: Replicas;
let caller: Caller;
/** Every answer that arrived whole, with what was asked. */
const answers: Answered[] = [];
const checkpoints: string[] = [];

beforeAll(async () => {
  replicas = await startReplicas(1);
  caller = createCaller(replicas.manifest);
});
afterAll(async () => {
  caller?.close();
  await replicas?.close();
});

/** Asks the examples over many connections, and keeps checkpoints, until there are enough answers and the process is ended. */
async function loadUntilEnded(address: string, enough: number, signal: NodeJS.Signals): Promise<Ending> {
  const { examples } = replicas.manifest;
  const service = replicas.services.at(-1)!;
  const onAnswer = (answered: Answered): void => void answers.push(answered);
  const load = startLoad({ caller, manifest: replicas.manifest, address, onAnswer });
  let going = true;
  const watch = async (): Promise<void> => {
    for (; going; await pause(20)) {
      const reply = await caller.call<string>(address, examples[0]!.partner, '/audit/v1/checkpoint');
      if (reply?.status === 200) checkpoints.push(reply.body);
    }
  };
  const watched = watch();
  const full = async (): Promise<void> => {
    while (answers.length < enough) await pause(1);
  };
  await Promise.race([full(), load.failed]);
  const ending = await service.end(signal);
  going = false;
  await Promise.all([load.stop(), watched]);
  return ending;
}

it('after kill -9 under load every decision that was answered is in the log, intact, under proofs that hold', async () => {
  const { database } = replicas;
  await loadUntilEnded(replicas.addresses[0]!, 1_200, 'SIGKILL');
  await loadUntilEnded(await replicas.start(), 2_400, 'SIGKILL');
  expect(answers.length).toBeGreaterThanOrEqual(2_400);
  // Asked to end, it answers what is under way, and that is all that is different.
  const ending = await loadUntilEnded(await replicas.start(), 2_600, 'SIGINT');
  expect(ending).toMatchObject({ code: 0 });
  const address = await replicas.start();

  expect(await listUnrecorded(database.db, answers)).toEqual([]);

  // Reads every leaf and every content against the last checkpoint: what is in the log is what was recorded.
  const keys = await openKeyRing(database.db, testMasterKey).publicKeys('log');
  const { problems, checkpoint } = await checkLog(database.db, keys);
  expect(problems).toEqual([]);
  for (const { answer } of answers.filter((_, index) => index % 40 === 0)) {
    const proofs = await Promise.all(entriesOf(answer.context.id).map((id) => proveInclusion(database.db, id)));
    const proof = proofs.find((one) => one !== undefined)!;
    const [leaf, root] = [proof.leaf, proof.root].map((hash) => Buffer.from(hash, 'base64'));
    const hashes = proof.path.map((hash) => Buffer.from(hash, 'base64'));
    expect(verifyInclusion(leaf!, proof.position, proof.size, hashes, root!)).toBe(true);
  }

  process.stderr.write(
    `${answers.length} answers before two kills and an end in ${Math.round(ending.milliseconds)} ms, 0 missing\n`,
  );
  // Whoever kept a checkpoint can see that nothing before it was taken back.
  const kept = [...new Set(checkpoints)].map((note) => verifyCheckpoint(note, keys)!);
  expect(kept.length).toBeGreaterThan(10);
  for (const { size, root } of kept) {
    const { path } = await proveConsistency(database.db, size, checkpoint!.size);
    const hashes = path.map((hash) => Buffer.from(hash, 'base64'));
    expect(verifyConsistency(size, checkpoint!.size, root, checkpoint!.root, hashes)).toBe(true);
  }

  // And whoever asked is shown it.
  for (const { partner, answer } of answers.slice(-10)) {
    const reply = await caller.call<JsonObject>(address, partner, `/audit/v1/decisions/${answer.context.id}`);
    expect(reply).toMatchObject({ status: 200, body: { id: answer.context.id, intact: true } });
  }
});
