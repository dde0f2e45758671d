import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
let checkout: string;

/** A project with one dependency, which lies beside it: the real script sets it up without a network. */
beforeAll(async () => {
  checkout = await mkdtemp(path.join(tmpdir(), 'wayleave-setup-'));
  environment.npm_config_cache = path.join(checkout, 'cache');
  await mkdir(path.join(checkout, 'scripts'));
  await cp(path.join(root, 'scripts/setup.mjs'), path.join(checkout, 'scripts/setup.mjs'));
  await mkdir(path.join(checkout, 'thing'));
  await writeFile(path.join(checkout, 'thing/package.json'), '{"name":"thing","version":"1.0.0"}');
  await run('npm', ['pack', '--silent', './thing'], { cwd: checkout, env: environment });
  const manifest = { name: 'small', version: '1.0.0', dependencies: { thing: 'file:thing-1.0.0.tgz' } };
  await writeFile(path.join(checkout, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--package-lock-only', '--silent'], { cwd: checkout, env: environment });
});
afterAll(() => rm(checkout, { recursive: true }));

/** As in a shell, not as under the `npm test` that runs us. */
const environment: Record<string, string | undefined> = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')),
);

async function setUp(extra: Record<string, string | undefined> = {}): Promise<string> {
  const { stdout } = await run(process.execPath, ['scripts/setup.mjs'], {
    cwd: checkout,
    env: { ...environment, ...extra },
  });
  return stdout;
}
const installed = (): Promise<string> => readFile(path.join(checkout, 'node_modules/thing/package.json'), 'utf8');

describe('the set-up of a checkout', () => {
  it('installs what the lockfile says on a fresh machine, and says so while it does', async () => {
    expect(await setUp()).toMatch(/Installing dependencies from the lockfile.*\n {2}dependencies installed in \d+ s\n/);
    expect(await installed()).toContain('"thing"');
  });

  it('is silent and leaves everything alone the second time', async () => {
    const before = await lstat(path.join(checkout, 'node_modules/thing/package.json'));
    expect(await setUp()).toBe('');
    expect((await lstat(path.join(checkout, 'node_modules/thing/package.json'))).ino).toBe(before.ino);
  });

  it('links a Node new enough to run the program into node_modules/.bin where no package brings one', async () => {
    const { stdout } = await run(path.join(checkout, 'node_modules/.bin/node'), ['--version']);
    expect(Number(stdout.slice(1).split('.')[0])).toBeGreaterThanOrEqual(24);
  });

  it.each([
    ['an install that was cut short', 'node_modules/.package-lock.json'],
    ['a package that was removed', 'node_modules/thing'],
    ['a whole folder that is gone', 'node_modules'],
  ])('repairs %s', async (_, gone) => {
    await rm(path.join(checkout, gone), { recursive: true });
    expect(await setUp()).toContain('Installing dependencies');
    expect(await installed()).toContain('"thing"');
    expect(await setUp()).toBe('');
  });

  it.each([
    ['pnpm', { npm_execpath: '/usr/lib/pnpm/bin/pnpm.cjs', npm_config_user_agent: 'pnpm/10.34.9 npm/? node/v24.0.0 linux x64' }],
    ['yarn', { npm_execpath: '/usr/share/yarn/bin/yarn.js', npm_config_user_agent: 'yarn/1.22.22 npm/? node/v24.0.0 linux x64', npm_config_registry: 'https://registry.yarnpkg.com' }],
    ['bun', { npm_execpath: '/usr/bin/bun', npm_config_user_agent: 'bun/1.4.5 npm/? node/v24.0.0 linux x64' }],
  ])('is done by npm where %s starts it', async (_name, caller) => {
    await rm(path.join(checkout, 'node_modules'), { recursive: true });
    expect(await setUp(caller)).toContain('dependencies installed');
    expect(await installed()).toContain('"thing"');
  }); // prettier-ignore

  it('is refused in a sentence where a shell starts it that cannot run the rest', async () => {
    await expect(setUp({ npm_config_user_agent: 'yarn/4.18.1 npm/? node/v24.0.0 linux x64' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Yarn 4\.18\.1 .* Use npm: npm start\./),
    });
  });

  it('works where install scripts may not run, and where NODE_ENV says production', async () => {
    await rm(path.join(checkout, 'node_modules'), { recursive: true });
    await setUp({ npm_config_ignore_scripts: 'true', NODE_ENV: 'production' });
    expect(await installed()).toContain('"thing"');
  });

  it('works for a user without a home that npm could write to', async () => {
    await rm(path.join(checkout, 'node_modules'), { recursive: true });
    await setUp({ HOME: '/dev/null/nonexistent', npm_config_cache: undefined });
    expect(await installed()).toContain('"thing"');
  });

  it('lets one of two that start at once do the work, and goes on past the lock of a dead one', async () => {
    await rm(path.join(checkout, 'node_modules'), { recursive: true });
    const dead = spawn(process.execPath, ['--version']);
    const ended = once(dead, 'exit');
    await mkdir(path.join(checkout, '.data'), { recursive: true });
    await writeFile(path.join(checkout, '.data/setup.lock'), String(dead.pid));
    await ended;
    const said = await Promise.all([setUp(), setUp()]);
    expect(said.filter((text) => text.includes('dependencies installed'))).toHaveLength(1);
    expect(await installed()).toContain('"thing"');
  });

  it('fails in words when npm fails, and when the lockfile is damaged', async () => {
    const lock = path.join(checkout, 'package-lock.json');
    const text = await readFile(lock, 'utf8');
    await rm(path.join(checkout, 'node_modules'), { recursive: true });
    const manifest = path.join(checkout, 'package.json');
    const agreed = await readFile(manifest, 'utf8');
    await writeFile(manifest, agreed.replace('"dependencies":{', '"dependencies":{"other":"file:other",'));
    await expect(setUp()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be set up\. npm ci failed/),
    });
    await writeFile(manifest, agreed);
    await writeFile(lock, text.slice(0, 50));
    await expect(setUp()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/package-lock\.json is missing or damaged/),
    });
    await writeFile(lock, text);
  });
});
