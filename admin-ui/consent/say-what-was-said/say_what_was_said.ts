/** GET and POST /consent/people/{step}/{deed}: the questions about one statement; the answers are read back before they are recorded. */
import type Koa from 'koa';
import { uuidv7 } from '../../../platform/uuid.ts';
import { emptyForm, type FormView, parseForm, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { listMatters, type Matter } from '../../../policy/decisions/consent/asked_clauses.ts';
import { checkStatement } from '../../../policy/decisions/consent/check_statement.ts';
import { findInForce } from '../../../policy/decisions/consent/members.ts';
import type { StatementState } from '../../../policy/decisions/consent/statement.ts';
import { readFormValues } from '../../../platform/web/body.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { personOf } from '../../session/require_person.ts';
import { clauseTitle } from '../../words/citation.ts';
import { ownDutyDesk, type AskedAbout, askedAbout } from '../recorder.ts';
import { openStep, sealStep, type ConsentStep } from '../step.ts';
import * as words from '../words.ts';
import { formFor, statementFrom } from './form.ts';

type Page = {
  step: ConsentStep;
  asked: AskedAbout;
  deed: string;
  state: StatementState;
  heading: string;
  matters: Matter[];
  schema: ReturnType<typeof formFor>;
};

export function showStatementForm(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const page = pageOf(context, ctx);
    await show(context, ctx, page, emptyForm(page.schema, page.step.answers ?? usual(page, context.ground.clock())));
  };
}

export function sayWhatWasSaid(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const page = pageOf(context, ctx);
    const now = context.ground.clock();
    const parsed = await parseForm(ctx, page.schema);
    if (!parsed.ok) return show(context, ctx, page, parsed.form);
    const said = statementFrom(parsed.data, { state: page.state, matters: page.matters, now });
    const issues = checkStatement(said, now);
    if (issues.length > 0) {
      const form = issues.reduce((view, issue) => withError(view, fieldOf(issue.pointer), issue.message), parsed.form);
      return show(context, ctx, page, form);
    }
    const { subject, protocol } = page.step;
    const statement = { ...said, id: uuidv7(now), subject, protocol };
    const answers = textsOf(await readFormValues(ctx), page.schema);
    ctx.redirect(`/consent/check/${sealStep(context, personOf(ctx), { ...page.step, statement, answers })}`);
  };
}

function pageOf(context: WebContext, ctx: Koa.Context): Page {
  const step = openStep(context, ctx);
  const asked = askedAbout(context, ctx, step);
  const { deed = '' } = ctx.params as { deed?: string };
  const found = Object.hasOwn(words.deeds, deed) ? words.deeds[deed] : undefined;
  const matters = found === undefined ? [] : listMatters(asked.document, found.state, asked.purpose.code);
  if (found === undefined || matters.length === 0) {
    throw new WebApplicationError(
      'not-found',
      'nothing-to-say',
      'For this purpose there is nothing of the kind to record.',
    );
  }
  const closes = found.state === 'refused' || found.state === 'withdrawn';
  if (!closes && findInForce(context.register.state(), asked.document.id) === undefined) {
    throw new WebApplicationError(
      'conflict',
      'protocol-not-in-force',
      'This protocol is not in force, so there is nothing to agree or object to.',
    );
  }
  return { step, asked, deed, matters, schema: formFor(matters), ...found };
}

/** What most people will want to leave as it is. */
function usual({ matters }: Page, now: number): Record<string, string> {
  const today = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London' }).format(now * 1000);
  const [{ basis, scope }] = matters as [Matter];
  return { matter: words.scopeValue(basis, scope), language: 'en', said_on: today };
}

/** The fields that the domain speaks of are those of the form, but for the day. */
function fieldOf(pointer: string): string {
  return pointer === '/said_at' ? 'said_on' : pointer.slice(1);
}

function textsOf(values: Record<string, string | string[]>, schema: Page['schema']): Record<string, string> {
  return Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = values[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

async function show(context: WebContext, ctx: Koa.Context, page: Page, form: FormView): Promise<void> {
  const { asked, state, heading, deed, matters } = page;
  const { step } = ctx.params as { step: string };
  render(ctx, 'consent/say-what-was-said/say-what-was-said.njk', {
    title: heading,
    desk: await ownDutyDesk(context, personOf(ctx)),
    document: asked.document,
    purpose: asked.purpose,
    agreement: state === 'given',
    objection: state === 'objected',
    form,
    matters: matters.map((matter) => matterItem(asked, state, matter)),
    capacities: words.itemsOf(words.capacityWords),
    relations: words.itemsOf(words.relationWords),
    authorities: words.itemsOf(words.authorityWords),
    views: words.itemsOf(words.childViewWords),
    reasons: [{ value: '', text: 'They were asked' }, ...words.itemsOf(words.notAskedWords)],
    wordings: words.itemsOf(words.wordingWords),
    languages: Object.entries(words.languages).map(([value, text]) => ({ value, text })),
    action: `/consent/people/${step}/${deed}`,
    back: `/consent/people/${step}`,
  });
}

function matterItem({ document }: AskedAbout, state: StatementState, { basis, scope, clauses }: Matter) {
  const value = words.scopeValue(basis, scope);
  const as = state === 'objected' ? '' : ` (${words.basisWords[basis]})`;
  if (scope?.clause !== undefined)
    return { value, text: `Only this: ${clauses[0]?.text} (${clauseTitle({ id: scope.clause })})${as}` };
  const about = words.scopeInWords(document, scope);
  const told = clauses.map((clause) => clause.text).join(' ');
  return {
    value,
    text: `${about.charAt(0).toUpperCase()}${about.slice(1)}${as}`,
    hint: { text: clauses.length > 3 ? `${clauses.length} clauses, as the protocol lists them.` : told },
  };
}
