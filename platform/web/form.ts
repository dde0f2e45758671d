/** Forms on pages: what was typed is parsed by a schema, and comes back with the mistakes beside it when it does not fit. */
import type Koa from 'koa';
import type { z } from 'zod';
import { describeIssues } from './input.ts';
import { type FormValues, readFormValues } from './body.ts';

/** One field as templates show it. */
type FormField = { value: string; values: string[]; error?: { text: string } };

/** What the macros `errorSummary(form)` and `input(form, …)` take. */
export type FormView = { fields: Record<string, FormField>; errors: { text: string; href: string }[] };

type Parsed<T> = { ok: true; data: T; form: FormView } | { ok: false; form: FormView };

/** A form that nobody has filled in yet, with the values that it opens with. */
export function emptyForm(schema: z.ZodObject, values: Record<string, string | string[]> = {}): FormView {
  return formView(schema, values, []);
}

/** Reads the posted form. Fields that the schema does not know are left out (`_csrf` is one), empty fields count as absent. */
export async function parseForm<S extends z.ZodObject>(ctx: Koa.Context, schema: S): Promise<Parsed<z.output<S>>> {
  return parseFields(schema, await readFormValues(ctx));
}

/** The same for values that came another way, such as the query of a search page. */
export function parseFields<S extends z.ZodObject>(schema: S, sent: FormValues): Parsed<z.output<S>> {
  const known = Object.entries(sent).filter(([name, value]) => name in schema.shape && value !== '');
  const values = Object.fromEntries(known);
  const result = schema.safeParse(values);
  if (result.success) return { ok: true, data: result.data, form: formView(schema, values, []) };
  const issues = describeIssues(result.error.issues).map(({ pointer, message }) => ({
    name: pointer.split('/')[1] ?? '',
    text: message,
  }));
  return { ok: false, form: formView(schema, values, issues) };
}

/** The same form with a mistake that only the handler could see (a code that does not match); `name` is the field at fault. */
export function withError(form: FormView, name: string, text: string): FormView {
  const field = form.fields[name] ?? { value: '', values: [] };
  return {
    fields: { ...form.fields, [name]: { ...field, error: { text } } },
    errors: [...form.errors, { text, href: `#${name}` }],
  };
}

function formView(schema: z.ZodObject, sent: FormValues, issues: { name: string; text: string }[]): FormView {
  const fields: Record<string, FormField> = {};
  for (const name of Object.keys(schema.shape)) {
    const values = [sent[name] ?? []].flat();
    const issue = issues.find((each) => each.name === name);
    fields[name] = {
      value: values[0] ?? '',
      values,
      ...(issue === undefined ? {} : { error: { text: sentence(issue.text) } }),
    };
  }
  // One mistake a field: the first says what to mend, the rest often follow from it.
  const first = issues.filter((issue, index) => issues.findIndex(({ name }) => name === issue.name) === index);
  return { fields, errors: first.map(({ name, text }) => ({ text: sentence(text), href: `#${name}` })) };
}

/** Schemas for forms should give messages of their own; this makes the general ones readable. */
function sentence(text: string): string {
  if (text === 'is missing') return 'Fill this in';
  return text.charAt(0).toUpperCase() + text.slice(1);
}
