/** A form that is refused as a whole (too old, signed out, overtaken) shows what was typed, so that nobody has to think it up again. */
import type Koa from 'koa';
import { readFormValues } from '../platform/web/body.ts';
import type { ErrorNote } from '../platform/web/errors.ts';

/** What stands on the page of the refusal; undefined unless the browser itself says that the form was one of ours. */
export async function typedBefore(ctx: Koa.Context): Promise<ErrorNote | undefined> {
  // Another site must not be able to make this one show words of its choosing.
  if (ctx.method !== 'POST' || ctx.get('Sec-Fetch-Site') !== 'same-origin') return undefined;
  const { reason } = await readFormValues(ctx).catch(() => ({ reason: undefined }));
  if (typeof reason !== 'string' || reason === '') return undefined;
  return { heading: 'What you had typed', text: reason };
}
