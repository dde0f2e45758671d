/** Input parsed once, at the edge, by a schema that stands in the route line. */
import type { z } from 'zod';
import '../schema_words.ts';
import type { InputIssue } from '../errors.ts';
import type { ApiContext } from './api.ts';
import { collectValues } from './body.ts';
import { escapePointer, InputError } from './input_error.ts';

/** Parses a value by a schema, or throws `InputError` with a pointer for each mistake. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new InputError(describeIssues(result.error.issues));
  return result.data;
}

/** Path and query parameters by one schema; a path parameter cannot be overridden by the query. */
export function readQuery<S extends z.ZodType>(
  { params = {}, querystring }: { params?: Readonly<Record<string, string>>; querystring: string },
  schema: S,
): z.output<S> {
  const query = collectValues(new URLSearchParams(querystring));
  const path = collectValues(Object.entries(params));
  const twice = Object.keys(path).find((name) => name in query);
  if (twice !== undefined)
    throw new InputError([{ pointer: `/${twice}`, message: 'belongs in the path, not in the query' }]);
  return parse(schema, { ...query, ...path });
}

/** The body of a request to an operation that declares this schema for it. */
export function bodyOf<S extends z.ZodType>({ state }: ApiContext, _schema: S): z.output<S> {
  return state.body as z.output<S>;
}

/** The path and query parameters of a request to an operation that declares this schema for them. */
export function queryOf<S extends z.ZodType>({ state }: ApiContext, _schema: S): z.output<S> {
  return state.query as z.output<S>;
}

/** What a schema found, with pointers; never with the value that was sent. */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): InputIssue[] {
  return issues.flatMap((issue) => {
    const pointer = pointerTo(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: `${pointer}/${escapePointer(key)}`,
        message: 'is not a field that is known here',
      }));
    }
    return [{ pointer, message: issue.message }];
  });
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${escapePointer(String(step))}`).join('');
}
