/** `main.ts` with a PostgreSQL that is reached by a socket, or by TLS with certificates of one's own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ask } from '../support/platform/embedded.ts';
import { canMakeCertificates, makeCertificate } from '../support/platform/certificate.ts';
import { aServerOfOnesOwn } from '../support/platform/own_server.ts';
import { startRelay } from '../support/platform/relay.ts';
import { waitFor } from '../support/platform/web.ts';
import { endAllStarted, quick, startMain } from '../support/application/start.ts';

const own = aServerOfOnesOwn();
beforeAll(own.start);
afterEach(endAllStarted);
afterAll(own.remove);

/** Of those processes that share a database: it has one key-encryption key. */
let dataDir: string;
beforeAll(async () => void (dataDir = await own.folder()));

/** Starts with that address, and sees that it serves pages, for which it reads the database. */
async function serves(DATABASE_URL: string): Promise<void> {
  const service = startMain({ dataDir, environment: { ...quick, DATABASE_URL } });
  expect((await fetch(`${await service.ready()}/`)).status).toBe(200);
  await service.endWell();
  expect(service.said()).not.toMatch(/warning/i);
}

/** Starts with that address, which it cannot; returns what it said. */
async function refuses(DATABASE_URL: string): Promise<string> {
  const started = startMain({ dataDir: await own.folder(), environment: { ...quick, DATABASE_URL } });
  expect(await started.ended).toEqual({ code: 1, signal: null });
  expect(started.said()).not.toContain(decodeURIComponent(new URL(own.url()).password));
  expect(started.said()).not.toMatch(/^ +at /m);
  return started.said();
}

describe('a PostgreSQL behind a socket', () => {
  it('is reached by the folder of the socket', async () => {
    const { username, password, port } = new URL(await own.database('behind'));
    const folder = await own.folder();
    const relay = await startRelay(Number(port), path.join(folder, '.s.PGSQL.5432'));
    try {
      await serves(`postgres://${username}:${password}@/behind?host=${folder}&sslmode=require`);
    } finally {
      await relay.close();
    }
    expect(await refuses(`postgres://${username}:${password}@/behind?host=${folder}`)).toContain(
      `The database behind at ${folder} (DATABASE_URL) cannot be used: no server listens in that folder.`,
    );
  });
});

const withOpenssl = canMakeCertificates() ? describe : describe.skip;

withOpenssl('a PostgreSQL that speaks TLS', () => {
  /** The same database by another name, or with what follows. */
  const at = (host: string, parameters: string): string => {
    const url = new URL(own.url());
    url.hostname = host;
    return `${url.href}?${parameters}`;
  };

  it('is not there: the way out is told', async () => {
    expect(await refuses(at('localhost', 'sslmode=require'))).toContain('it does not speak TLS. Turn that on there');
  });

  it('with a certificate of its own is used once sslrootcert names that', async () => {
    const { certFile } = await speakTls();
    for (const mode of ['require', 'verify-full']) {
      const said = await refuses(at('localhost', `sslmode=${mode}`));
      expect(said).toMatch(/no authority that this machine knows signed its certificate\. Add sslrootcert=/);
    }
    await serves(at('localhost', `sslmode=require&sslrootcert=${certFile}`));
    await serves(at('localhost', `sslmode=verify-full&sslrootcert=${certFile}`));
  });

  it('with a certificate that an authority of one’s own signed is used once sslrootcert names the authority', async () => {
    const authority = await makeCertificate(await own.folder());
    await speakTls(authority);
    expect(await refuses(at('localhost', 'sslmode=verify-full'))).toContain('Add sslrootcert=');
    const parameters = `sslrootcert=${authority.certFile}`;
    await serves(at('localhost', `sslmode=verify-full&${parameters}`));
    expect(await refuses(at('127.0.0.1', `sslmode=verify-full&${parameters}`))).toContain(
      'its certificate is made out to another name',
    );
    await serves(at('127.0.0.1', `sslmode=verify-ca&${parameters}`));
  });

  it('and nothing else, says so to one who comes without', async () => {
    const [{ hba_file: file }] = (await ask<{ hba_file: string }>(own.url(), 'show hba_file')) as [
      { hba_file: string },
    ];
    await writeFile(file, `hostnossl all all all reject\n${await readFile(file, 'utf8')}`);
    await ask(own.url(), 'select pg_reload_conf()');
    await waitFor(() =>
      ask(own.url(), 'select 1').then(
        () => false,
        () => true,
      ),
    );
    expect(await refuses(own.url())).toContain('it asks for TLS. Add sslmode=verify-full');
  });
});

/** Lets the server speak TLS with a new certificate for localhost. */
async function speakTls(authority?: { certFile: string; keyFile: string }) {
  const [{ data_directory: data }] = (await ask(own.url(), 'show data_directory')) as [{ data_directory: string }];
  const { uid, gid } = await stat(data);
  const folder = path.join(await own.folder(), 'tls');
  await mkdir(folder);
  const files = await makeCertificate(folder, authority);
  for (const [from, name] of [
    [files.certFile, 'server.crt'],
    [files.keyFile, 'server.key'],
  ] as const) {
    const file = path.join(data, name);
    await writeFile(file, await readFile(from), { mode: 0o600 });
    await chown(file, uid, gid);
  }
  const before = await ask<{ at: Date }>(own.url(), 'select pg_conf_load_time() as at');
  await ask(own.url(), "alter system set ssl = 'on'", 'select pg_reload_conf()');
  await waitFor(async () => {
    const now = await ask<{ at: Date }>(own.url(), 'select pg_conf_load_time() as at');
    return now[0]!.at > before[0]!.at;
  });
  return files;
}
