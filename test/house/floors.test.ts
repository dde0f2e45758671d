import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
type Diagnostic = { code: string; filename: string };
const run = promisify(execFile);

/** What one of the checks says about a small house that is made for it. */
async function check(files: Record<string, string>, program: string, args: string[]): Promise<string> {
  const house = await mkdtemp(path.join(tmpdir(), 'wayleave-house-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json']) await cp(path.join(root, file), path.join(house, file));
  await symlink(path.join(root, 'node_modules'), path.join(house, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(house, name)), { recursive: true });
    await writeFile(path.join(house, name), text);
  }
  const { stdout, stderr } = await run(process.execPath, [path.join(root, program), ...args], {
    cwd: house,
    maxBuffer: 10_000_000,
  }).catch((error: { stdout: string; stderr: string }) => error);
  await rm(house, { recursive: true });
  return stdout + stderr;
}

const floorsOf = (files: Record<string, string>): Promise<string> => check(files, 'scripts/floors.mjs', ['.']);

const importFrom = (from: string, to: string, statement = 'import { thing } from'): string => {
  const specifier = path.relative(path.dirname(from), to);
  return `${statement} '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\n`;
};
const thing = 'export const thing = 1;\n';

const forbidden: [string, string][] = [
  ['platform/web/a.ts', 'directory/b.ts'],
  ['platform/a.ts', 'idp/b.ts'],
  ['platform/log/deep/a.ts', 'policy/register/b.ts'],
  ['platform/web/a.ts', 'policy/errors.ts'],
  ['platform/web/a.ts', 'admin-ui/b.ts'],
  ['platform/web/a.ts', 'demo/b.ts'],
  ['platform/web/a.ts', 'main.ts'],
  ['directory/finding/a.ts', 'idp/b.ts'],
  ['directory/finding/a.ts', 'policy/register/b.ts'],
  ['directory/finding/a.ts', 'admin-ui/b.ts'],
  ['directory/finding/a.ts', 'application.ts'],
  ['idp/sessions/a.ts', 'policy/decisions/b.ts'],
  ['idp/sessions/a.ts', 'admin-ui/b.ts'],
  ['policy/errors.ts', 'policy/register/b.ts'],
  ['policy/register/chain/a.ts', 'policy/decisions/rules/b.ts'],
  ['policy/register/chain/a.ts', 'policy/governance/drafts/b.ts'],
  ['policy/decisions/rules/a.ts', 'policy/governance/drafts/b.ts'],
  ['policy/decisions/a.ts', 'idp/presence/b.ts'],
  ['policy/decisions/a.ts', 'admin-ui/b.ts'],
  ['policy/governance/a.ts', 'admin-ui/b.ts'],
  ['policy/decisions/a.ts', 'test/support/b.ts'],
  ['admin-ui/log/a.ts', 'idp/b.ts'],
  ['admin-ui/log/a.ts', 'demo/b.ts'],
  ['admin-ui/log/browse-log/a.ts', 'admin-ui/drafts/b.ts'],
  ['admin-ui/kit/a.ts', 'admin-ui/log/browse-log/b.ts'],
  ['demo/casebook/a.ts', 'platform/errors.ts'],
  ['demo/casebook/a.ts', 'demo/region/b.ts'],
  ['demo/casebook/record/a.ts', 'directory/b.ts'],
  ['demo/casebook/record/a.ts', 'demo/load/b.ts'],
  ['demo/casebook/record/page/a.ts', 'policy/b.ts'],
  ['clients/typescript/src/a.ts', 'platform/errors.ts'],
  ['clients/typescript/src/a.ts', 'demo/casebook/b.ts'],
  ['clients/partner-kit/a.ts', 'policy/b.ts'],
  ['clients/partner-kit/a.ts', 'demo/load/b.ts'],
  ['clients/partner-kit/a.ts', 'demo/casebook/b.ts'],
];

const allowed: [string, string][] = [
  ['platform/web/a.ts', 'platform/errors.ts'],
  ['directory/finding/a.ts', 'platform/errors.ts'],
  ['idp/sessions/a.ts', 'directory/people/b.ts'],
  ['policy/register/chain/a.ts', 'policy/errors.ts'],
  ['policy/decisions/a.ts', 'directory/people/b.ts'],
  ['policy/governance/a.ts', 'policy/decisions/b.ts'],
  ['admin-ui/log/a.ts', 'policy/decisions/b.ts'],
  ['admin-ui/log/a.ts', 'admin-ui/kit/b.ts'],
  ['admin-ui/log/a.ts', 'admin-ui/errors.ts'],
  ['admin-ui/web_application.ts', 'admin-ui/log/routes.ts'],
  ['demo/load/a.ts', 'idp/b.ts'],
  ['demo/casebook/record/a.ts', 'demo/casebook/b.ts'],
  ['demo/casebook/a.ts', 'clients/typescript/src/index.ts'],
  ['clients/typescript/src/a.ts', 'clients/typescript/src/b.ts'],
  ['main.ts', 'idp/b.ts'],
  ['test/idp/a.ts', 'idp/b.ts'],
];

/** Every case as a file of its own in one house, so that the check runs once. */
const numbered = (cases: [string, string][], mark: string) =>
  cases.map(([from, to], index) => ({ from, to, file: from.replace(/\.ts$/, `_${mark}${index}.ts`) }));
const refused = numbered(forbidden, 'no').map((one) => {
  // A file at the very top of a floor keeps its name: it is the one that the table knows.
  return one.from === 'policy/errors.ts' ? { ...one, file: one.from } : one;
});
const granted = numbered(allowed, 'yes');

describe('the floors of the house', () => {
  let said: string;

  beforeAll(async () => {
    const files: Record<string, string> = {};
    for (const { to } of [...refused, ...granted]) files[to] ??= thing;
    for (const { file, to } of [...refused, ...granted]) {
      files[file] = `${importFrom(file, to)}export const other = thing;\n`;
    }
    files['policy/decisions/again.ts'] = importFrom('policy/decisions/again.ts', 'idp/b.ts', 'export { thing } from');
    files['policy/decisions/types.ts'] = importFrom(
      'policy/decisions/types.ts',
      'idp/b.ts',
      'import type { thing } from',
    );
    files['policy/decisions/late.ts'] = `export const late = () => import('../../idp/b.ts');\n`;
    files['clients/typescript/src/package.ts'] = `import { z } from 'zod';\nexport const other = z;\n`;
    files['admin-ui/log/page.njk'] =
      '{% extends "layout.njk" %}\n{% from "drafts/part.njk" import one %}\n{% include "words/part.njk" %}\n';
    said = await floorsOf(files);
  });

  it.each(refused)('$from may not import $to', ({ file, to }) => {
    expect(said).toContain(`${file}:1 imports ${to}: `);
  });

  it.each(granted)('$from may import $to', ({ file, to }) => {
    expect(said).not.toContain(`${file}:1 imports ${to}: `);
  });

  it.each(['again', 'types', 'late'])('may not be joined by a re-export, a type or an import() either (%s)', (name) => {
    expect(said).toContain(`policy/decisions/${name}.ts:1 imports idp/b.ts: `);
  });

  it('hold for templates too', () => {
    expect(said).toContain('admin-ui/log/page.njk:2 imports admin-ui/drafts/part.njk: sections share only ');
    expect(said).not.toContain('imports admin-ui/words/part.njk');
  });

  it('keep the client of partner systems free of packages', () => {
    expect(said).toContain('clients/typescript/src/package.ts:1 imports zod: ');
  });

  it('are not joined behind the check by a require() of a path, which it does not see', async () => {
    const offenders: string[] = [];
    for await (const file of glob('{platform,directory,idp,policy,admin-ui,clients,demo/casebook}/**/*.ts', {
      cwd: root,
    })) {
      const text = await readFile(path.join(root, file), 'utf8');
      if (/\bcreateRequire\([^)]*\)\(\s*['"`]\./.test(text)) offenders.push(file);
    }
    expect(offenders).toEqual([]);
  });
});

describe('folders and files side by side', () => {
  const cycle = { 'platform/log/a.ts': importFrom('platform/log/a.ts', 'platform/keys/b.ts') };

  it('may lean on one another one way', async () => {
    expect(await floorsOf({ ...cycle, 'platform/keys/b.ts': thing })).toBe('');
  });

  it('hold no cycle, even through different files of two folders', async () => {
    const said = await floorsOf({
      ...cycle,
      'platform/keys/b.ts': thing,
      'platform/keys/deep/c.ts': importFrom('platform/keys/deep/c.ts', 'platform/log/d.ts'),
      'platform/log/d.ts': thing,
    });
    expect(said).toContain('cycle in platform:');
    expect(said).toContain('platform/keys/deep/c.ts imports platform/log/d.ts');
  });

  it('hold no cycle of files', async () => {
    const said = await floorsOf({
      'platform/a.ts': importFrom('platform/a.ts', 'platform/b.ts'),
      'platform/b.ts': importFrom('platform/b.ts', 'platform/a.ts'),
    });
    expect(said).toContain('cycle in platform:');
  });

  it('hold no cycle as the house stands, and no import that climbs', async () => {
    const { stderr } = await run(process.execPath, [path.join(root, 'scripts/floors.mjs')]);
    expect(stderr).toBe('');
  });
});

describe('an exported name', () => {
  const unusedOf = (files: Record<string, string>): Promise<string> => check(files, 'scripts/unused.mjs', ['.']);
  const complaint = 'platform/b.ts thing: exported, and nothing else uses it';

  it('is used by another file than its own and its tests', async () => {
    const used = { 'platform/a.ts': importFrom('platform/a.ts', 'platform/b.ts'), 'platform/b.ts': thing };
    expect(await unusedOf(used)).not.toContain(complaint);
    const tested = {
      'test/a.ts': importFrom('test/a.ts', 'platform/b.ts'),
      'platform/b.ts': `${thing}thing.valueOf();\n`,
    };
    expect(await unusedOf(tested)).toContain(complaint);
  });

  it('waits in the list only while it waits', async () => {
    expect(await unusedOf({ 'platform/b.ts': '' })).toMatch(/: waits no longer; strike it from the list$/m);
  });

  it('is used as the house stands', async () => {
    const { stderr } = await run(process.execPath, [path.join(root, 'scripts/unused.mjs')]);
    expect(stderr).toBe('');
  });
});

describe('the lint', () => {
  let broken: Record<string, string[]>;

  beforeAll(async () => {
    const verify = 'const verify = async (): Promise<boolean> => false;\n';
    const files = {
      'idp/floating.ts': `${verify}export function enter(): void {\n  verify();\n}\n`,
      'idp/misused.ts': `${verify}export const enter = (): string => (verify() ? 'in' : 'out');\n`,
      'idp/needless.ts': `export async function enter(): Promise<number> {\n  return await 1;\n}\n`,
    };
    const args = ['--type-aware', '--deny-warnings', '-f', 'json'];
    const { diagnostics } = JSON.parse(await check(files, 'node_modules/oxlint/bin/oxlint', args)) as {
      diagnostics: Diagnostic[];
    };
    broken = Object.fromEntries(Object.keys(files).map((name) => [name, []]));
    for (const { filename, code } of diagnostics) broken[filename]?.push(code);
  });

  it('sees a promise that nobody waits for', () => {
    expect(broken['idp/floating.ts']).toContain('typescript(no-floating-promises)');
  });

  it('sees a promise that is taken for its value', () => {
    expect(broken['idp/misused.ts']).toContain('typescript(no-misused-promises)');
  });

  it('sees a value that is awaited for nothing', () => {
    expect(broken['idp/needless.ts']).toContain('typescript(await-thenable)');
  });
});
