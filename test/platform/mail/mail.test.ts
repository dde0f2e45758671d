import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { transaction } from '../../../platform/database/transaction.ts';
import { migrateJobs } from '../../../platform/jobs/migrate.ts';
import { startWorker } from '../../../platform/jobs/worker.ts';
import { demoMail } from '../../../platform/mail/demo_mail.ts';
import { enqueueMail } from '../../../platform/mail/enqueue.ts';
import { findMail, listMails } from '../../../platform/mail/files.ts';
import { sendMailTask } from '../../../platform/mail/send_mail.ts';
import { openMailTransport } from '../../../platform/mail/transport.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { testDatabase, type TestDatabase } from '../../support/platform/database.ts';
import { memoryLogger, send, serve, testPipeline, waitFor } from '../../support/platform/web.ts';

const from = 'Wayleave <no-reply@wayleave.example>';
const mail = { to: 'jo.smith@gateshead.example', subject: 'Something waits for you', text: 'Sign in to see it.\n' };

let database: TestDatabase;
let owner: pg.Client;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wayleave-mail-'));
  database = await testDatabase();
  await migrateJobs(database.ownerUrl);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterEach(() => owner.query('delete from graphile_worker._private_jobs'));
afterAll(async () => {
  await owner.end();
  await database.drop();
  await rm(dataDir, { recursive: true });
});

type Received = { to: string[]; data: string };

/** A mail server on loopback; `onRcpt` and the like change how it behaves. */
async function mailServer(
  options: SMTPServerOptions = {},
  host = '127.0.0.1',
): Promise<{ url: string; received: Received[]; close(): Promise<void> }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          data: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${host.includes(':') ? `[${host}]` : host}:${port}`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const refusal = (code: number, words: string): Error => Object.assign(new Error(words), { responseCode: code });

const withIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

describe('a message', () => {
  (withIpv6 ? test : test.skip)('leaves by SMTP to an IPv6 address', async () => {
    const server = await mailServer({}, '::1');
    const transport = openMailTransport({ from, dataDir, smtpUrl: server.url });
    await transport.send('one', mail);
    transport.close();
    await server.close();
    expect(server.received).toHaveLength(1);
  });

  test('leaves by SMTP after the commit, and not after a rollback', async () => {
    const server = await mailServer();
    const { logger, lines } = memoryLogger();
    const transport = openMailTransport({ from, dataDir, smtpUrl: server.url });
    const worker = await startWorker({
      url: database.url,
      tasks: { 'send-mail': sendMailTask(transport, logger) },
      logger,
    });
    await transaction(database.db, {}, async (tx) => {
      await enqueueMail(tx, { ...mail, to: 'never@gateshead.example' });
      throw new Error('no');
    }).catch(() => undefined);
    await transaction(database.db, {}, (tx) => enqueueMail(tx, mail));
    await waitFor(() => server.received.length > 0);
    await worker.stop();
    await server.close();
    expect(server.received).toHaveLength(1);
    expect(server.received[0]!.to).toEqual(['jo.smith@gateshead.example']);
    expect(server.received[0]!.data).toMatch(/^From: Wayleave <no-reply@wayleave\.example>/m);
    expect(server.received[0]!.data).toMatch(/^Subject: Something waits for you/m);
    expect(server.received[0]!.data).toContain('Sign in to see it.');
    expect((await owner.query('select from graphile_worker._private_jobs')).rowCount).toBe(0);
    expect(lines.join('')).not.toContain('jo.smith');
  });

  test('that the server cannot take now is tried again, with the same Message-ID', async () => {
    let calls = 0;
    const server = await mailServer({
      onRcptTo: (_address, _session, done) =>
        done((calls += 1) === 1 ? refusal(451, 'later, jo.smith@gateshead.example') : null),
    });
    const { logger, lines } = memoryLogger();
    const transport = openMailTransport({ from, dataDir, smtpUrl: server.url });
    const worker = await startWorker({
      url: database.url,
      tasks: { 'send-mail': sendMailTask(transport, logger) },
      logger,
    });
    await enqueueMail(database.db, mail);
    await waitFor(() => calls >= 1);
    const { rows } = await owner.query<{ payload: { id: string } }>(
      'select payload from graphile_worker._private_jobs',
    );
    await waitFor(() => server.received.length > 0, 10_000);
    await worker.stop();
    await server.close();
    expect(server.received[0]!.data).toContain(`Message-ID: <${rows[0]!.payload.id}@wayleave>`);
    expect(lines.join('')).toContain('will be tried again');
    expect(lines.join('')).not.toContain('jo.smith');
  });

  test('that the server refuses for good is logged, without the address, and given up', async () => {
    const server = await mailServer({
      onRcptTo: (_address, _session, done) => done(refusal(550, 'no jo.smith@gateshead.example here')),
    });
    const { logger, lines } = memoryLogger();
    const transport = openMailTransport({ from, dataDir, smtpUrl: server.url });
    const worker = await startWorker({
      url: database.url,
      tasks: { 'send-mail': sendMailTask(transport, logger) },
      logger,
    });
    await enqueueMail(database.db, mail);
    await waitFor(() => lines.join('').includes('refused for good'));
    await worker.stop();
    await server.close();
    expect((await owner.query('select from graphile_worker._private_jobs')).rowCount).toBe(0);
    expect(lines.join('')).not.toContain('jo.smith');
  });

  test('waits while there is no server at all', async () => {
    const transport = openMailTransport({ from, dataDir, smtpUrl: 'smtp://127.0.0.1:1' });
    await expect(transport.send(uuidv7(), mail)).rejects.toMatchObject({
      code: expect.stringMatching(/ESOCKET|ECONNECTION/) as unknown,
    });
  });

  test.each([
    ['two addresses', { ...mail, to: 'a@b.example, c@d.example' }],
    ['a display name', { ...mail, to: 'Jo <jo@b.example>' }],
    ['a header in the address', { ...mail, to: 'jo@b.example\r\nBcc: x@y.example' }],
    ['a header in the subject', { ...mail, subject: 'Hello\r\nBcc: x@y.example' }],
    ['no subject', { ...mail, subject: ' ' }],
  ])('with %s is not taken, and the error does not quote it', async (_what, bad) => {
    const error = (await enqueueMail(database.db, bad).catch((each: unknown) => each)) as Error;
    expect(error).toMatchObject({ code: 'mail-invalid', kind: 'invalid' });
    expect(error.message).not.toMatch(/example|Bcc/);
    expect((await owner.query('select from graphile_worker._private_jobs')).rowCount).toBe(0);
  });
});

describe('without a mail server', () => {
  test('messages are files that only we can read, newest first', async () => {
    const transport = openMailTransport({ from, dataDir });
    const older = uuidv7(1_780_000_000);
    const newer = uuidv7(1_780_000_100);
    await transport.send(newer, { ...mail, subject: 'Zweite Größe' });
    await transport.send(older, mail);
    await transport.send(older, mail); // a repetition
    const mails = await listMails(dataDir);
    expect(mails.map(({ id, subject }) => ({ id, subject }))).toEqual([
      { id: newer, subject: 'Zweite Größe' },
      { id: older, subject: mail.subject },
    ]);
    expect(await readFile(join(dataDir, 'mail', `${older}.eml`), 'utf8')).toContain('To: jo.smith@gateshead.example');
    expect((await stat(join(dataDir, 'mail', `${older}.json`))).mode & 0o077).toBe(0);
    expect((await readdir(join(dataDir, 'mail'))).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('nothing outside the folder can be read', async () => {
    await writeFile(join(dataDir, 'secret.json'), '{"subject":"secret"}');
    for (const id of ['../secret', '..%2fsecret', '/etc/passwd', 'secret', '', `${uuidv7()}/../../secret`]) {
      expect(await findMail(dataDir, id)).toBeUndefined();
    }
    expect(await listMails(join(dataDir, 'nowhere'))).toEqual([]);
  });

  test('a page shows them', async () => {
    const app = testPipeline();
    app.use(demoMail({ dataDir }));
    const served = await serve(app);
    const id = uuidv7();
    await openMailTransport({ from, dataDir }).send(id, {
      ...mail,
      subject: '<b>{{ 7*7 }}</b>',
      text: 'a\n<script>x</script>',
    });
    const list = await send(`${served.url}/demo/mail`);
    expect(list.text).toContain(`<a class="govuk-link" href="/demo/mail/${id}">&lt;b&gt;{{ 7*7 }}&lt;/b&gt;</a>`);
    const page = await send(`${served.url}/demo/mail/${id}`);
    expect(page.text).toContain('a\n&lt;script&gt;x&lt;/script&gt;');
    for (const path of ['/demo/mail/..%2f..%2fsecret', '/demo/mail/%00', `/demo/mail/${uuidv7()}`]) {
      expect((await send(`${served.url}${path}`)).status).toBe(404);
    }
    await served.close();
  });
});
