/** Input parsed once, at the edge, by a schema that stands in the route line. */
import type Koa from 'koa';
import type { z } from 'zod';
import type { InputIssue } from '../errors.ts';
import { collectValues, type JsonOptions, readJson } from './body.ts';
import { escapePointer, InputError } from './input_error.ts';

export { InputError };

/** Parses a value by a schema, or throws `InputError` with a pointer for each mistake. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new InputError(describeIssues(result.error.issues));
  return result.data;
}

/** Reads and parses a JSON body into `ctx.state.body`. Unknown fields are refused or ignored as the schema says. */
export function parseBody(schema: z.ZodType, options: JsonOptions = {}): Koa.Middleware {
  return async (ctx, next) => {
    ctx.state.body = parse(schema, await readJson(ctx, options));
    await next();
  };
}

/** Parses path and query parameters together into `ctx.state.query`; a path parameter cannot be overridden by the query. */
export function parseQuery(schema: z.ZodType): Koa.Middleware {
  return async (ctx, next) => {
    const query = collectValues(new URLSearchParams(ctx.querystring));
    const path = collectValues(Object.entries((ctx.params ?? {}) as Record<string, string>));
    const twice = Object.keys(path).find((name) => name in query);
    if (twice !== undefined)
      throw new InputError([{ pointer: `/${twice}`, message: 'belongs in the path, not in the query' }]);
    ctx.state.query = parse(schema, { ...query, ...path });
    await next();
  };
}

/** What `parseBody(schema)` left on the context, with the schema's type. */
export function bodyOf<S extends z.ZodType>(ctx: Koa.Context, _schema: S): z.output<S> {
  return ctx.state.body as z.output<S>;
}

/** What `parseQuery(schema)` left on the context, with the schema's type. */
export function queryOf<S extends z.ZodType>(ctx: Koa.Context, _schema: S): z.output<S> {
  return ctx.state.query as z.output<S>;
}

/** zod's issues as pointers and plain sentences; never with the value that was sent. */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): InputIssue[] {
  return issues.flatMap((issue) => {
    const pointer = pointerTo(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: `${pointer}/${escapePointer(key)}`,
        message: 'is not a field that is known here',
      }));
    }
    return [{ pointer, message: describe(issue) }];
  });
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    return issue.message.endsWith('received undefined') ? 'is missing' : `must be ${article(issue.expected)}`;
  }
  if (issue.code === 'invalid_union') return 'has none of the forms that are taken here';
  return issue.message;
}

function article(expected: string): string {
  if (expected === 'int') return 'a whole number';
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${escapePointer(String(step))}`).join('');
}
