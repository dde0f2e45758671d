/** A start works wherever people start it, or says in words what is wrong; and leaves nothing running. The list is printed. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRoot } from '../support/platform/embedded.ts';
import { isPossible, startIn, type Surrounding } from '../support/application/surroundings.ts';

type Case = Surrounding & { expected: 'works' | RegExp; onlyRoot?: true };

let scratch: string;
const listed: string[] = [];
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'wayleave-surroundings-'));
  await chmod(scratch, 0o755);
});
afterAll(async () => {
  console.log(`Starts by surrounding:\n${listed.join('\n')}`);
  await rm(scratch, { recursive: true, force: true });
});

const ofOtherServers = {
  PGSSLMODE: 'require', PGSSLNEGOTIATION: 'direct', PGOPTIONS: '-c default_transaction_read_only=on', PGHOST: 'nowhere.invalid', PGPORT: '1',
  PGUSER: 'somebody', PGPASSWORD: 'x', PGPASSFILE: '/nonexistent', PGSERVICE: 'none', PGSERVICEFILE: '/nonexistent', PGDATABASE: 'none',
  PGDATA: '/nonexistent', PGTZ: 'Asia/Tokyo', PGCLIENTENCODING: 'LATIN1', PGAPPNAME: 'x', PGCONNECT_TIMEOUT: '1', PGSSLROOTCERT: '/nonexistent',
}; // prettier-ignore
const proxies = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) =>
    [name, name.toLowerCase()].map((one) => [one, 'http://127.0.0.1:9']),
  ),
);
const without = (capability: string): string =>
  `exec setpriv --bounding-set -${capability} --inh-caps -${capability} "$@"`;

const cases: Case[] = [
  { name: 'variables of other PostgreSQL servers', environment: ofOtherServers, expected: 'works' },
  { name: 'no HOME', shell: 'unset HOME; exec "$@"', expected: 'works' },
  { name: 'a HOME that is not there', environment: { HOME: '/nonexistent' }, expected: 'works' },
  { name: 'a user without an entry and without HOME', shell: 'chown 54321:54321 "$DATA_DIR"; unset HOME; exec setpriv --reuid 54321 --regid 54321 --clear-groups "$@"', onlyRoot: true, expected: /Give that user a line in \/etc\/passwd|DATABASE_URL/ },
  { name: 'umask 077', shell: 'umask 077; exec "$@"', expected: 'works' },
  { name: 'umask 000', shell: 'umask 000; exec "$@"', expected: 'works' },
  { name: 'LANG=tr_TR', environment: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr' }, expected: 'works' },
  { name: 'a language that nobody installed', environment: { LC_ALL: 'xx_XX.UTF-8', LANG: 'xx_XX' }, expected: 'works' },
  { name: 'a time zone at the edge', environment: { TZ: 'Pacific/Kiritimati' }, expected: 'works' },
  { name: 'NODE_OPTIONS with less memory', environment: { NODE_OPTIONS: '--max-old-space-size=512' }, expected: 'works' },
  { name: 'NODE_OPTIONS with a debugger', environment: { NODE_OPTIONS: '--inspect=127.0.0.1:0' }, expected: 'works' },
  { name: 'a proxy that does not answer', environment: { ...proxies, NODE_USE_ENV_PROXY: '1' }, expected: 'works' },
  { name: 'no folder for temporary files', environment: { TMPDIR: '/nonexistent' }, expected: 'works' },
  { name: 'an input that is closed', shell: 'exec "$@" <&-', expected: 'works' },
  { name: 'a reader that goes away', shell: '"$@" | head -1', expected: /^\S.*$/ },
  { name: 'another working folder', cwd: '/', expected: 'works' },
  { name: 'a data folder with blanks and umlauts', dataDir: 'daten für Übung', expected: 'works' },
  { name: 'a data folder with a long name', dataDir: 'x'.repeat(120), expected: 'works' },
  { name: 'a data folder that is a file', dataDir: 'file', expected: /file/ },
  { name: 'few open files', shell: 'ulimit -n 24; exec "$@"', expected: /ulimit -n/ },
  { name: 'root, /var/lib read-only', shell: 'exec unshare -m sh -c \'mount -t tmpfs -o ro none /var/lib && exec "$@"\' sh "$@"', onlyRoot: true, expected: /\/var\/lib\/wayleave[^]*writable[^]*DATABASE_URL/ },
  { name: 'root in a user namespace of one id', shell: 'exec unshare -U -r "$@"', onlyRoot: true, expected: /nobody[^]*DATABASE_URL/ },
  { name: 'root without CAP_CHOWN', shell: without('chown'), onlyRoot: true, expected: /CAP_CHOWN[^]*DATABASE_URL/ },
  { name: 'root without CAP_SETUID', shell: without('setuid'), onlyRoot: true, expected: /CAP_SETUID[^]*DATABASE_URL/ },
  { name: 'root without CAP_KILL', shell: without('kill'), onlyRoot: true, expected: 'works' },
  { name: 'a disk of 40 MB', shell: 'mkdir -p /var/lib/wayleave; exec unshare -m sh -c \'mount -t tmpfs -o size=40m none /var/lib/wayleave && exec "$@"\' sh "$@"', onlyRoot: true, expected: /room|ENOSPC/i },
]; // prettier-ignore

it.each(cases)('$name', async (surrounding) => {
  const { name, shell, expected, onlyRoot } = surrounding;
  const note = (what: string): void => void listed.push(`  ${name}: ${what}`);
  if (onlyRoot && !isRoot) return note('skipped: only root can try');
  const folder = path.join(scratch, surrounding.dataDir ?? String(listed.length));
  if (surrounding.dataDir === 'file') await writeFile(folder, '');
  else await mkdir(folder);
  if (shell !== undefined && !isPossible(`DATA_DIR='${folder}'; ${shell}`))
    return note('skipped: this machine forbids it');
  const { worked, said, left } = await startIn(surrounding, folder);
  note(worked ? 'works' : `says "${said.split('\n').slice(-3).join(' ')}"`);
  expect(left).toEqual([]);
  expect(worked ? 'works' : said).toEqual(expected === 'works' ? 'works' : expect.stringMatching(expected));
  // In words: neither a stack nor a rejection that nobody heard.
  expect(said).not.toMatch(/\n\s+at .+:\d+:\d+|Unhandled|nobody foresaw/);
});
