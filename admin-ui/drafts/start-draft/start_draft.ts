/** GET /drafts/start, and its forms: a draft from a template, from a protocol in the register, or from JSON. */
import type Koa from 'koa';
import { z } from 'zod';
import { firstIssues, type InputIssue, ServiceError } from '../../../platform/errors.ts';
import { emptyForm, type FormView, parseForm, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { createDraft, type DraftSource } from '../../../policy/governance/drafts/create_draft.ts';
import { stateOf } from '../../../policy/governance/drafts/draft.ts';
import { listTemplates } from '../../../policy/governance/templates/templates.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { draftContext } from '../../kit/draft_of.ts';
import { statusWords } from '../../words/statuses.ts';
import { actorOf } from '../../session/require_person.ts';

/** Bytes of a form that holds a protocol or a part of one: what is too long for it is told so in words, beside the box. */
export const longestText = 12 * 1024 * 1024;

const many = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Template = z.object({
  template: z.string().min(1, 'Choose what the protocol is for').prefault(''),
  parties: many.prefault([]),
});
const Next = z.object({ from: z.string().min(1, 'Choose a protocol').prefault('') });
const Import = z
  .object({ text: z.string().prefault(''), file: z.string().prefault('') })
  .refine(({ text, file }) => text !== '' || file !== '', {
    path: ['text'],
    message: 'Paste the text, or choose a file',
  });

type Forms = { template: FormView; next: FormView; imported: FormView };

export function showStart(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const from = typeof ctx.query.from === 'string' ? ctx.query.from : '';
    show(context, ctx, { next: emptyForm(Next, { from }) });
  };
}

export function startFromTemplate(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Template);
    if (!parsed.ok) return show(context, ctx, { template: parsed.form });
    const { agency } = actorOf(ctx);
    const { template, parties } = parsed.data;
    const source = { template, parties: [...new Set([agency, ...parties])] };
    await begin(context, ctx, source, (words) => ({ template: withError(parsed.form, 'template', words) }));
  };
}

export function startFromProtocol(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Next);
    if (!parsed.ok) return show(context, ctx, { next: parsed.form });
    await begin(context, ctx, parsed.data, (words) => ({ next: withError(parsed.form, 'from', words) }));
  };
}

export function startFromText(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Import);
    // A file does not come back into its box: whoever chose it has it still.
    const form = blank(parsed.form, 'file');
    if (!parsed.ok) return show(context, ctx, { imported: form });
    const { text, file } = parsed.data;
    const box = file === '' ? 'text' : 'file';
    await begin(context, ctx, { text: file === '' ? text : file }, (words) => ({
      imported: withError(form, box, words),
    }));
  };
}

/** Makes the draft, or says beside the box why it cannot be made. */
async function begin(
  context: WebContext,
  ctx: Koa.Context,
  source: DraftSource,
  refused: (words: string) => Partial<Forms>,
): Promise<void> {
  try {
    const id = await createDraft(draftContext(context), actorOf(ctx), source);
    ctx.redirect(`/drafts/${id}?saved=1`);
  } catch (error) {
    if (!(error instanceof ServiceError) || !['invalid', 'too-large', 'not-found'].includes(error.kind)) throw error;
    show(context, ctx, refused(inWords(error)));
  }
}

/** What is wrong with a text, and where. */
function inWords({ message, issues }: ServiceError): string {
  const place = (issue: InputIssue) => `${issue.pointer === '' ? '' : `${issue.pointer}: `}${issue.message}`;
  return [message, ...firstIssues(issues, 5, place)].join(' ');
}

function show(context: WebContext, ctx: Koa.Context, forms: Partial<Forms>): void {
  const state = stateOf(draftContext(context));
  const { agency } = actorOf(ctx);
  const { template = emptyForm(Template), next = emptyForm(Next), imported = emptyForm(Import) } = forms;
  render(ctx, 'drafts/start-draft/start-draft.njk', {
    title: 'Start a draft',
    form: { errors: [template, next, imported].flatMap(({ errors }) => errors) },
    template,
    next,
    imported,
    templates: listTemplates().map(({ code, title, summary }) => ({
      value: code,
      text: title,
      hint: { text: summary },
    })),
    agencies: otherAgencies(state, agency).map((option) => ({
      ...option,
      checked: template.fields.parties?.values.includes(option.value),
    })),
    protocols: [{ value: '', text: 'Choose a protocol' }, ...protocolsOf(state, agency)],
  });
}

function otherAgencies(state: RegisterState, own: string) {
  return [...state.agencies.values()]
    .filter(({ code, endedAt }) => code !== own && endedAt === undefined)
    .map(({ code, name }) => ({ value: code, text: name }))
    .sort((left, right) => left.text.localeCompare(right.text));
}

/** The latest version of each protocol that the agency is a party to. */
function protocolsOf(state: RegisterState, own: string) {
  const latest = new Map<string, { value: string; text: string; version: number }>();
  for (const { hash, document, status } of state.protocols.values()) {
    if (!document.parties.some(({ agency }) => agency === own)) continue;
    if ((latest.get(document.id)?.version ?? 0) >= document.version) continue;
    const text = `${document.title}, version ${document.version} (${statusWords(status).text.toLowerCase()})`;
    latest.set(document.id, { value: hash, text, version: document.version });
  }
  return [...latest.values()].map(({ value, text }) => ({ value, text }));
}

function blank(form: FormView, name: string): FormView {
  const field = form.fields[name];
  return field === undefined
    ? form
    : { ...form, fields: { ...form.fields, [name]: { ...field, value: '', values: [] } } };
}
