/** Searching, page by page: what is found opens nothing, each record opened is evaluated. */
import type { Call } from './call.ts';
import { WayleaveError } from './errors.ts';
import type { Metadata } from './metadata.ts';

type Found<Result> = { results: Result[]; next: string };

/**
 * The results one by one, over all pages, each fetched when it is needed. Throws `WayleaveError` where a page cannot be had:
 * what came before is then not all. `limit`: results a page.
 */
export async function* searchPages<Result>(
  call: Call,
  where: (metadata: Metadata) => string,
  question: object,
  { limit, read }: { limit: number | undefined; read: (value: unknown) => Result },
): AsyncGenerator<Result, void, undefined> {
  const seen = new Set<string>();
  for (let token: string | undefined; token !== '';) {
    const page = { ...(limit !== undefined && { limit }), ...(token !== undefined && { token }) };
    const found = readPage(await call(where, { ...question, page }), read);
    yield* found.results;
    // A page that names itself as the next would go on for ever.
    if (seen.has(found.next)) throw unreadable();
    seen.add(found.next);
    token = found.next;
  }
}

/** Of a subject or a resource. */
export function readEntity(value: unknown): { type: string; id: string } {
  const { type, id } = (value ?? {}) as Record<string, unknown>;
  if (typeof type !== 'string' || typeof id !== 'string') throw unreadable();
  return { type, id };
}

export function readAction(value: unknown): { name: string } {
  const { name } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string') throw unreadable();
  return { name };
}

function readPage<Result>(body: unknown, read: (value: unknown) => Result): Found<Result> {
  const { results, page } = (body ?? {}) as { results?: unknown; page?: { next_token?: unknown } };
  const next = page?.next_token ?? '';
  if (!Array.isArray(results) || typeof next !== 'string') throw unreadable();
  return { results: results.map((one) => read(one)), next };
}

function unreadable(): WayleaveError {
  return new WayleaveError('answer-not-readable', 'What Wayleave found cannot be read.');
}
