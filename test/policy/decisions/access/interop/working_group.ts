/** The working group's own vectors, read where a copy of its repository is at hand (AUTHZEN_REPOSITORY), and never kept here. */
import { execFileSync } from 'node:child_process';

const repository = process.env.AUTHZEN_REPOSITORY;

/** Files of one interop scenario as they stand at HEAD of the repository (a clone or a bare one); none where there is none. */
export function readVectors(...paths: string[]): { path: string; vectors: unknown }[] {
  if (repository === undefined) return [];
  return paths.map((path) => ({
    path,
    vectors: JSON.parse(
      execFileSync('git', ['-C', repository, 'show', `HEAD:${path}`], { encoding: 'utf8', maxBuffer: 1 << 26 }),
    ) as unknown,
  }));
}
