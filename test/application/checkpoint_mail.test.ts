/** The anchor outside the service: the log's checkpoint reaches every party's officers by mail. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import { startWorker } from '../../platform/jobs/worker.ts';
import { verifyCheckpoint } from '../../platform/log/checkpoint.ts';
import { listMails } from '../../platform/mail/files.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';
import { waitFor } from '../support/platform/web.ts';

let service: RunningApplication;
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  service = await startApplication();
  worker = await startWorker({ url: service.ground.directUrl, logger: service.ground.logger, ...service.jobs });
});
afterAll(async () => {
  await worker.stop();
  await service.close();
});

it('sends each officer of the register one message, whose checkpoint the log’s key verifies', async () => {
  await enqueue(service.ground.db, 'mail-checkpoint', {});
  const officers = [...service.register.state()!.agencies.values()].flatMap(({ officers: all }) => [...all.values()]);
  const people = new Set(officers.map(({ practitioner }) => practitioner));
  expect(people.size).toBeGreaterThan(20);
  await waitFor(async () => (await listCheckpoints()).length === people.size, 15_000);

  const mails = await listCheckpoints();
  expect(new Set(mails.map(({ to }) => to)).size).toBe(people.size);
  const keys = await service.ground.keys.publicKeys('log');
  for (const { text } of mails) {
    const note = /\n\n([^]+\n\n— [^]+?\n)/.exec(text)?.[1] ?? '';
    expect(verifyCheckpoint(note, keys)?.size).toBeGreaterThan(0);
  }
});

/** What else the demo region sent stands beside them. */
async function listCheckpoints() {
  const mails = await listMails(service.config.dataDir);
  return mails.filter(({ subject }) => subject.startsWith('Checkpoint of the log'));
}

it('shows what it sent on the mailbox page of the demo', async () => {
  const page = await fetch(`${service.baseUrl}/demo/mail`, { headers: { Accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('Checkpoint of the log');
});
