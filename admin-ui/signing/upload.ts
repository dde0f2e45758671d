/** A file that the command line wrote, handed in on a page: what is in it, or a mistake beside the box. */
import type Koa from 'koa';
import { z } from 'zod';
import { firstIssues, ServiceError } from '../../platform/errors.ts';
import { parseJsonStrict } from '../../platform/json.ts';
import { emptyForm, type FormView, parseForm, withError } from '../../platform/web/form.ts';
import { RegisterEvent } from '../../policy/register/events/table.ts';
import { Accession } from '../../policy/register/protocols/accession.ts';
import { Signature } from '../../policy/register/signatures/flattened.ts';
import { WebApplicationError } from '../errors.ts';

const Upload = z.object({ file: z.string().prefault(''), text: z.string().prefault('') });
export const emptyUpload = (): FormView => emptyForm(Upload);

/** What `sign` wrote. */
export const SignatureFile = Signature;
/** What `sign-event`, `suspend` and `withdraw` wrote. */
export const EventFile = z.strictObject({ event: RegisterEvent, signature: Signature });
/** What `accede` and `countersign` wrote. */
export const AccessionFile = z.strictObject({
  accession: Accession,
  signature: Signature,
  countersignature: Signature.optional(),
});

/**
 * Reads the posted file by its schema and gives it to `take`; then goes to `next`. What is refused comes back by `show`,
 * with the reason beside the box.
 */
export async function takeUpload<S extends z.ZodType>(
  ctx: Koa.Context,
  schema: S,
  steps: { take: (file: z.output<S>) => Promise<unknown>; show: (form: FormView) => Promise<void>; next: string },
): Promise<void> {
  const parsed = await parseForm(ctx, Upload);
  const { file = '', text = '' } = parsed.ok ? parsed.data : {};
  try {
    await steps.take(read(schema, file === '' ? text : file));
  } catch (error) {
    if (!(error instanceof ServiceError) || ['unavailable', 'not-found'].includes(error.kind)) throw error;
    const issues = firstIssues(error.issues, 3);
    await steps.show(withError(parsed.form, file === '' ? 'text' : 'file', [error.message, ...issues].join(' ')));
    return;
  }
  ctx.redirect(steps.next);
}

function read<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  if (text.trim() === '') throw unreadable('Choose the file that the command wrote, or paste what is in it');
  const parsed = schema.safeParse(parseJsonStrict(text));
  if (parsed.success) return parsed.data;
  throw unreadable('This is not what the command writes. Choose the file that it wrote');
}

function unreadable(words: string): WebApplicationError {
  return new WebApplicationError('invalid', 'file-unreadable', words);
}
