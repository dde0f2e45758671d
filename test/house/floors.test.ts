import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
let house: string;

beforeAll(async () => {
  house = await mkdtemp(path.join(tmpdir(), 'wayleave-house-'));
  await cp(path.join(root, '.oxlintrc.json'), path.join(house, '.oxlintrc.json'));
  await cp(path.join(root, 'tsconfig.json'), path.join(house, 'tsconfig.json'));
  await symlink(path.join(root, 'node_modules'), path.join(house, 'node_modules'));
});
afterAll(() => rm(house, { recursive: true }));

/** Lints one file of a small house with the real rules, and returns the names of the rules that it breaks. */
async function rulesBrokenBy(file: string, text: string, others: Record<string, string> = {}): Promise<string[]> {
  const files = { ...others, [file]: text };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(house, name)), { recursive: true });
    await writeFile(path.join(house, name), content);
  }
  const oxlint = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = await run(
    process.execPath,
    [oxlint, '--type-aware', '--deny-warnings', '-f', 'json', ...Object.keys(files)],
    {
      cwd: house,
    },
  ).catch((error: { stdout: string }) => error);
  for (const name of Object.keys(files)) await rm(path.join(house, name));
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code }) => code);
}

/** Imports something from a file at the other place. */
async function imports(from: string, to: string): Promise<string[]> {
  const specifier = path.relative(path.dirname(from), to);
  const text = `import { thing } from '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\nexport const other = thing;\n`;
  return rulesBrokenBy(from, text, { [to]: 'export const thing = 1;\n' });
}

const forbidden: [string, string][] = [
  ['platform/web/a.ts', 'directory/b.ts'],
  ['platform/a.ts', 'idp/b.ts'],
  ['platform/log/deep/a.ts', 'policy/register/b.ts'],
  ['platform/web/a.ts', 'admin-ui/b.ts'],
  ['platform/web/a.ts', 'demo/b.ts'],
  ['platform/web/a.ts', 'main.ts'],
  ['directory/search/a.ts', 'idp/b.ts'],
  ['directory/search/a.ts', 'policy/b.ts'],
  ['directory/search/a.ts', 'admin-ui/b.ts'],
  ['directory/search/a.ts', 'application.ts'],
  ['idp/sessions/a.ts', 'policy/decisions/b.ts'],
  ['idp/sessions/a.ts', 'admin-ui/b.ts'],
  ['policy/decisions/a.ts', 'idp/presence/b.ts'],
  ['policy/decisions/a.ts', 'admin-ui/b.ts'],
  ['policy/decisions/a.ts', 'test/support/b.ts'],
  ['admin-ui/log/a.ts', 'idp/b.ts'],
  ['admin-ui/log/a.ts', 'demo/b.ts'],
  ['demo/casebook/a.ts', 'platform/errors.ts'],
  ['demo/casebook/a.ts', 'demo/region/b.ts'],
  ['demo/casebook/record/a.ts', 'directory/b.ts'],
  ['demo/casebook/record/a.ts', 'demo/load/b.ts'],
  ['demo/casebook/record/page/a.ts', 'policy/b.ts'],
];

const allowed: [string, string][] = [
  ['platform/web/a.ts', 'platform/errors.ts'],
  ['directory/search/a.ts', 'platform/errors.ts'],
  ['idp/sessions/a.ts', 'directory/standing/b.ts'],
  ['policy/decisions/a.ts', 'directory/standing/b.ts'],
  ['admin-ui/log/a.ts', 'policy/decisions/b.ts'],
  ['demo/load/a.ts', 'idp/b.ts'],
  ['demo/casebook/record/a.ts', 'demo/casebook/b.ts'],
  ['main.ts', 'idp/b.ts'],
  ['test/idp/a.ts', 'idp/b.ts'],
];

describe('the floors of the house', () => {
  it.each(forbidden)('%s may not import %s', async (from, to) => {
    expect(await imports(from, to)).toContain('eslint(no-restricted-imports)');
  });

  it.each(allowed)('%s may import %s', async (from, to) => {
    expect(await imports(from, to)).toEqual([]);
  });

  it('may not be joined by a re-export or a type either', async () => {
    const target = { 'idp/b.ts': 'export const thing = 1;\n' };
    const again = `export { thing } from '../../idp/b.ts';\n`;
    expect(await rulesBrokenBy('policy/decisions/a.ts', again, target)).toContain('eslint(no-restricted-imports)');
    const types = `import type { thing } from '../../idp/b.ts';\nexport type Other = typeof thing;\n`;
    expect(await rulesBrokenBy('policy/decisions/a.ts', types, target)).toContain('eslint(no-restricted-imports)');
  });

  it('are not joined behind the linter by an import() of a path, which it does not see', async () => {
    const offenders: string[] = [];
    for await (const file of glob('{platform,directory,idp,policy,admin-ui,demo/casebook}/**/*.ts', { cwd: root })) {
      const text = await readFile(path.join(root, file), 'utf8');
      if (/\bimport\(\s*['"`]\.|\bcreateRequire\([^)]*\)\(\s*['"`]\./.test(text)) offenders.push(file);
    }
    expect(offenders).toEqual([]);
  });

  it('hold no import cycle', async () => {
    const two = { 'platform/b.ts': `import { a } from './a.ts';\nexport const b = (): number => a();\n` };
    const broken = await rulesBrokenBy(
      'platform/a.ts',
      `import { b } from './b.ts';\nexport const a = (): number => b();\n`,
      two,
    );
    expect(broken).toContain('import(no-cycle)');
  });
});

describe('the lint', () => {
  it('sees a promise that nobody waits for', async () => {
    const text = `const verify = async (): Promise<boolean> => false;\nexport function enter(): void {\n  verify();\n}\n`;
    expect(await rulesBrokenBy('idp/a.ts', text)).toContain('typescript(no-floating-promises)');
  });

  it('sees a promise that is taken for its value', async () => {
    const text = `const verify = async (): Promise<boolean> => false;\nexport const enter = (): string => (verify() ? 'in' : 'out');\n`;
    expect(await rulesBrokenBy('idp/a.ts', text)).toContain('typescript(no-misused-promises)');
  });

  it('sees a value that is awaited for nothing', async () => {
    const text = `export async function enter(): Promise<number> {\n  return await 1;\n}\n`;
    expect(await rulesBrokenBy('idp/a.ts', text)).toContain('typescript(await-thenable)');
  });
});
