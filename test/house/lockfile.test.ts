import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

type Entry = { version?: string; optionalDependencies?: Record<string, string> };
const root = path.resolve(import.meta.dirname, '../..');

describe('the lockfile', () => {
  it('names the packages of every platform: npm leaves some out when it adds a dependency, and then refuses to install', async () => {
    const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, Entry>;
    };
    const missing = Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined && packages[`${folder}/node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
    const withoutVersion = Object.entries(packages).filter(([, { version }]) => version === undefined);
    expect(withoutVersion).toEqual([]);
  });
});
