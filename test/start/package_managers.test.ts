/** A fresh copy of the sources, started by whichever package manager people are used to: npm sets it up, or a sentence says so. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startIn } from '../support/application/surroundings.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const versions = { pnpm: '10.34.9', yarn: '1.22.22', bun: '1.4.5' };

let scratch: string;
let managers: string | undefined;
const listed: string[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'wayleave-managers-'));
  managers = path.join(scratch, 'managers');
  await mkdir(managers);
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const flags = ['--prefix', managers, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  await run('npm', ['install', ...flags, ...wanted], { cwd: managers }).catch(() => (managers = undefined));
});
afterAll(async () => {
  console.log(`Starts by package manager:\n${listed.join('\n')}`);
  await rm(scratch, { recursive: true, force: true });
});

/** Where the registry is reached through a certificate of the house. Nothing else of npm's own, which would help the others. */
const certificates = Object.fromEntries(
  ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
);

const inManagers = (file: string): string => path.join(managers ?? '', 'node_modules', file);

/** The first finds nothing installed; the others what it has installed. */
const starts: { name: string; command: () => string[]; expected: 'works' | RegExp }[] = [
  { name: 'pnpm start', command: () => [process.execPath, inManagers('pnpm/bin/pnpm.cjs'), 'start'], expected: 'works' },
  { name: 'npm start', command: () => ['npm', 'start'], expected: 'works' },
  { name: 'npm --prefix start', command: () => ['npm', '--prefix', copy(), 'start'], expected: 'works' },
  { name: 'node --run start', command: () => [process.execPath, '--run', 'start'], expected: 'works' },
  { name: 'bun run start', command: () => [bun(), 'run', 'start'], expected: 'works' },
  { name: 'yarn start', command: () => [process.execPath, inManagers('yarn/bin/yarn.js'), 'start'], expected: 'works' },
]; // prettier-ignore

const bun = (): string => inManagers(`@oven/bun-${process.platform}-${process.arch}/bin/bun`);
const copy = (): string => path.join(scratch, 'a copy of Wayleave');

it.each(starts)(
  '$name',
  async ({ name, command, expected }) => {
    if (managers === undefined && !name.startsWith('n')) {
      listed.push(`  ${name}: skipped: the registry does not give out the package managers`);
      return;
    }
    if (name.startsWith('bun') && !existsSync(bun()))
      return void listed.push(`  ${name}: skipped: no Bun for this machine`);
    if (!existsSync(copy())) await copySources();
    const dataDir = await mkdtemp(path.join(scratch, 'data-'));
    const cwd = name.includes('--prefix') ? '/' : copy();
    const { worked, said, left } = await startIn({ name, command: command(), cwd, environment: certificates }, dataDir);
    listed.push(`  ${name}: ${worked ? 'works' : `says "${said.split('\n').slice(-3).join(' ')}"`}`);
    expect(left).toEqual([]);
    expect(worked ? 'works' : said).toEqual(expected === 'works' ? 'works' : expect.stringMatching(expected));
  },
  300_000,
);

async function copySources(): Promise<void> {
  const left = ['node_modules', '.git', '.data'].map((name) => path.join(root, name));
  await cp(root, copy(), { recursive: true, filter: (file) => !left.includes(file) });
}
