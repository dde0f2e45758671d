/** A person who signs away from the service: downloads what a page gives, and runs the command that it shows. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PrivateKey } from '../../../policy/register/signatures/flattened.ts';
import type { Visitor } from '../journeys/browser.ts';

const run = promisify(execFile);
const tool = path.resolve(import.meta.dirname, '../../../policy/register/command_line/main.ts');

/** Runs the command of the page in that folder, after `change`, if it is to be another; returns the file that it wrote. */
export async function runAsShown(
  folder: string,
  { page, context }: Visitor,
  change: (command: string) => string = (same) => same,
): Promise<string> {
  for (const link of await page.locator('a[download]').all()) {
    const address = new URL((await link.getAttribute('href')) ?? '', page.url()).href;
    const answer = await context.request.get(address);
    const name = /filename="?([^";]+)/.exec(answer.headers()['content-disposition'] ?? '')?.[1] ?? '';
    await writeFile(path.join(folder, name), await answer.body());
  }
  const shown = change((await page.locator('code', { hasText: 'npm run protocol' }).textContent()) ?? '');
  const words = [...shown.replace('npm run protocol -- ', '').matchAll(/"([^"]*)"|(\S+)/g)];
  const typed = words.map(([, quoted, plain]) => quoted ?? plain ?? '');
  await run(process.execPath, ['--disable-warning=ExperimentalWarning', tool, ...typed], { cwd: folder });
  return path.join(folder, typed[typed.indexOf('--out') + 1] ?? '');
}

/** A private key as a file for its owner alone; returns its path. */
export async function writeKey(folder: string, name: string, key: PrivateKey): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify(key), { mode: 0o600 });
  return file;
}
