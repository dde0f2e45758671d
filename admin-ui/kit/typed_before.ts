/** A form that is refused as a whole (too old, signed out, overtaken) shows what was typed, so that nobody has to think it up again. */
import type Koa from 'koa';
import { type FormValues, readFormValues } from '../../platform/web/body.ts';
import type { ErrorNote } from '../../platform/web/errors.ts';

/** What stands on the page of the refusal; undefined unless the browser itself says that the form was one of ours. */
export async function typedBefore(ctx: Koa.Context): Promise<ErrorNote | undefined> {
  // Another site must not be able to make this one show words of its choosing.
  if (ctx.method !== 'POST' || ctx.get('Sec-Fetch-Site') !== 'same-origin') return undefined;
  const values = await readFormValues(ctx, longestForm).catch((): FormValues => ({}));
  const typed = Object.entries(values).flatMap(([name, value]) => (isProse(name, value) ? [value.trim()] : []));
  return typed.length === 0 ? undefined : { heading: 'What you had typed', text: typed.join('\n\n') };
}

/** Bytes of the longest form that somebody types into. */
const longestForm = 1024 * 1024;

/** Names of the boxes for sentences, on every page with a form. */
const prose = ['reason', 'text', 'answer', 'note', 'conditions', 'powers', 'confidence'];

/** Whether somebody thought it up: a reason, a comment, an answer, or more than a few words in a part of a draft. */
function isProse(name: string, value: string | string[]): value is string {
  if (typeof value !== 'string' || value.trim() === '') return false;
  return prose.includes(name) || (name.startsWith('/') && value.length > 40);
}
