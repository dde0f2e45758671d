import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
type Diagnostic = { code: string; filename: string };
const run = promisify(execFile);

/** Lints a small house with the real rules; returns the rules broken in each file. */
async function lint(files: Record<string, string>): Promise<Record<string, string[]>> {
  const house = await mkdtemp(path.join(tmpdir(), 'wayleave-house-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json']) await cp(path.join(root, file), path.join(house, file));
  await symlink(path.join(root, 'node_modules'), path.join(house, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(house, name)), { recursive: true });
    await writeFile(path.join(house, name), text);
  }
  const oxlint = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = await run(process.execPath, [oxlint, '--type-aware', '--deny-warnings', '-f', 'json'], {
    cwd: house,
    maxBuffer: 10_000_000,
  }).catch((error: { stdout: string }) => error);
  await rm(house, { recursive: true });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
  const broken: Record<string, string[]> = Object.fromEntries(Object.keys(files).map((name) => [name, []]));
  for (const { filename, code } of diagnostics) broken[filename]?.push(code);
  return broken;
}

const importFrom = (from: string, to: string, statement = 'import { thing } from'): string => {
  const specifier = path.relative(path.dirname(from), to);
  return `${statement} '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\n`;
};
const thing = 'export const thing = 1;\n';

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
  ['demo/casebook/a.ts', 'clients/typescript/src/call.ts'],
  ['clients/typescript/src/a.ts', 'platform/errors.ts'],
  ['clients/typescript/src/a.ts', 'demo/casebook/b.ts'],
  ['clients/partner-kit/a.ts', 'policy/b.ts'],
  ['clients/partner-kit/a.ts', 'demo/load/b.ts'],
];

const allowed: [string, string][] = [
  ['platform/web/a.ts', 'platform/errors.ts'],
  ['directory/search/a.ts', 'platform/errors.ts'],
  ['idp/sessions/a.ts', 'directory/standing/b.ts'],
  ['policy/decisions/a.ts', 'directory/standing/b.ts'],
  ['admin-ui/log/a.ts', 'policy/decisions/b.ts'],
  ['demo/load/a.ts', 'idp/b.ts'],
  ['demo/casebook/record/a.ts', 'demo/casebook/b.ts'],
  ['demo/casebook/a.ts', 'clients/typescript/src/index.ts'],
  ['clients/typescript/src/a.ts', 'clients/typescript/src/b.ts'],
  ['clients/partner-kit/a.ts', 'demo/casebook/b.ts'],
  ['main.ts', 'idp/b.ts'],
  ['test/idp/a.ts', 'idp/b.ts'],
];

/** Every case as a file of its own in one house, so that the linter runs once. */
const numbered = (cases: [string, string][], mark: string) =>
  cases.map(([from, to], index) => ({ from, to, file: from.replace(/\.ts$/, `_${mark}${index}.ts`) }));
const refused = numbered(forbidden, 'no');
const granted = numbered(allowed, 'yes');
const again = 'policy/decisions/again.ts';
const types = 'policy/decisions/types.ts';
let broken: Record<string, string[]>;

beforeAll(async () => {
  const files: Record<string, string> = {};
  for (const { file, to } of [...refused, ...granted]) {
    files[to] = thing;
    files[file] = `${importFrom(file, to)}export const other = thing;\n`;
  }
  files[again] = importFrom(again, 'idp/b.ts', 'export { thing } from');
  files[types] = `${importFrom(types, 'idp/b.ts', 'import type { thing } from')}export type Other = typeof thing;\n`;
  files['platform/cycle_a.ts'] = `import { b } from './cycle_b.ts';\nexport const a = (): number => b();\n`;
  files['platform/cycle_b.ts'] = `import { a } from './cycle_a.ts';\nexport const b = (): number => a();\n`;
  const verify = 'const verify = async (): Promise<boolean> => false;\n';
  files['idp/floating.ts'] = `${verify}export function enter(): void {\n  verify();\n}\n`;
  files['idp/misused.ts'] = `${verify}export const enter = (): string => (verify() ? 'in' : 'out');\n`;
  files['idp/needless.ts'] = `export async function enter(): Promise<number> {\n  return await 1;\n}\n`;
  broken = await lint(files);
});

describe('the floors of the house', () => {
  it.each(refused)('$from may not import $to', ({ file }) => {
    expect(broken[file]).toEqual(['eslint(no-restricted-imports)']);
  });

  it.each(granted)('$from may import $to', ({ file }) => {
    expect(broken[file]).toEqual([]);
  });

  it('may not be joined by a re-export or a type either', () => {
    expect(broken[again]).toEqual(['eslint(no-restricted-imports)']);
    expect(broken[types]).toEqual(['eslint(no-restricted-imports)']);
  });

  it('are not joined behind the linter by an import() of a path, which it does not see', async () => {
    const offenders: string[] = [];
    for await (const file of glob('{platform,directory,idp,policy,admin-ui,clients,demo/casebook}/**/*.ts', {
      cwd: root,
    })) {
      const text = await readFile(path.join(root, file), 'utf8');
      if (/\bimport\(\s*['"`]\.|\bcreateRequire\([^)]*\)\(\s*['"`]\./.test(text)) offenders.push(file);
    }
    expect(offenders).toEqual([]);
  });

  it('hold no import cycle', () => {
    expect(broken['platform/cycle_a.ts']).toContain('import(no-cycle)');
  });
});

describe('the lint', () => {
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
