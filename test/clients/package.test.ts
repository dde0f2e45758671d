import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { credentials, type DecisionPoint, sendAnswer, startDecisionPoint } from '../support/policy/decision_point.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');

/** The first Node that the machine brings along by itself, not the one that the checkout runs on. */
function findSystemNode(): { node: string; version: string } | undefined {
  const found = ['/usr/bin/node', '/usr/local/bin/node', '/opt/homebrew/bin/node'].find((one) => existsSync(one));
  if (found === undefined) return undefined;
  const version = execFileSync(found, ['--version'], { encoding: 'utf8' }).trim();
  return Number(version.slice(1).split('.')[0]) >= 20 ? { node: found, version } : undefined;
}

const system = findSystemNode();
if (system === undefined)
  console.warn('SKIPPED: the client under the system’s own Node, for there is none from 20 on.');

const program = `
import { createClient, show } from '@wayleave/client';
const [baseUrl, clientId, clientSecret] = process.argv.slice(2);
const client = createClient({ baseUrl, clientId, clientSecret });
const answer = await client.evaluate({
  subject: { type: 'practitioner', id: 'x' }, action: { name: 'read' }, resource: { type: 'child-record', id: 'GC-1' },
});
console.log(JSON.stringify(show(answer, { name: 'Maisie', gp: 'Bewick Road' })));
`;

let folder: string;
let point: DecisionPoint;
beforeAll(async () => {
  point = await startDecisionPoint();
  folder = await mkdtemp(path.join(tmpdir(), 'wayleave-client-'));
  await cp(path.join(root, 'clients/typescript'), path.join(folder, 'package'), { recursive: true });
});
afterAll(async () => {
  await point.close();
  await rm(folder, { recursive: true });
});

describe('the package', () => {
  it('builds, packs, and installs offline into an empty project, with types and without a dependency', async () => {
    const from = path.join(folder, 'package');
    await run(process.execPath, [tsc, '-p', path.join(from, 'tsconfig.json')]);
    const env = { ...process.env, npm_config_cache: path.join(folder, 'cache') };
    await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: from, env });
    const [archive] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    const project = path.join(folder, 'project');
    await mkdir(project);
    await writeFile(path.join(project, 'package.json'), '{"name":"partner","version":"1.0.0","type":"module"}');
    await run('npm', ['install', '--offline', '--silent', '--no-audit', path.join(folder, archive!)], {
      cwd: project,
      env,
    });
    const installed = path.join(project, 'node_modules');
    expect((await readdir(installed)).filter((name) => !name.startsWith('.'))).toEqual(['@wayleave']);
    const files = await readdir(path.join(installed, '@wayleave/client'), { recursive: true });
    expect(files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))).toEqual([]);
    expect(files).toContain('README.md');
    await writeFile(path.join(project, 'main.mjs'), program);
    const typed = `import { createClient, show } from '@wayleave/client';
      const client = createClient({ baseUrl: 'https://w.example', getToken: async () => 'x' });
      export const shown: Promise<{ name?: string }> = client
        .evaluate({ subject: { type: 'practitioner', id: 'x' }, action: { name: 'read' }, resource: { type: 'a', id: 'b' } })
        .then((answer) => show(answer, { name: 'Maisie' }));`;
    await writeFile(path.join(project, 'typed.ts'), typed);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
    await run(process.execPath, [tsc, ...options, 'typed.ts'], { cwd: project });
  });

  (system === undefined ? it.skip : it)(
    `works under the system’s own Node (${system?.version ?? 'none'})`,
    async () => {
      point.reply = sendAnswer({});
      const { clientId, clientSecret } = credentials;
      const { stdout } = await run(system!.node, ['main.mjs', point.url, clientId, clientSecret], {
        cwd: path.join(folder, 'project'),
      });
      expect(JSON.parse(stdout)).toEqual({ name: 'Maisie' });
    },
  );
});
