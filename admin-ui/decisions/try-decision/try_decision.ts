/**
 * GET and POST /try-a-decision: what would be answered to somebody, and why, clause by clause. The last step is posted, so that
 * no data subject's number stands in an address; nothing changes by it, so its answer is the page itself.
 */
import type Koa from 'koa';
import { z } from 'zod';
import { collectValues, readFormValues } from '../../../platform/web/body.ts';
import { emptyForm, type FormView, parseFields, parseForm, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { traceDecision } from '../../../policy/decisions/deciding/trace.ts';
import { findPeople, type MeantByName } from '../../kit/find_people.ts';
import type { WebContext } from '../../context.ts';
import { addressOf } from '../../kit/pages.ts';
import { getState } from '../../kit/register_state.ts';
import { personOf } from '../../session/require_person.ts';
import { answerInWords } from './answer_in_words.ts';
import { agencyOptions, type Choice, Chosen, postOptions, readChoice, recordOptions, toFields } from './choice.ts';
import {
  actionOptions,
  attributesOf,
  duties,
  levels,
  opening,
  purposeOptions,
  questionForm,
  toQuestion,
} from './question.ts';
import { recordTrial } from './record_trial.ts';

const Name = z.object({ name: z.string().trim().max(100, 'Use at most 100 characters for the name').optional() });

export function startTrial(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const sent = collectValues(new URLSearchParams(ctx.querystring));
    if ('who' in sent) return showChoice(context, ctx, sent);
    const parsed = parseFields(Name, sent);
    const name = parsed.ok ? parsed.data.name : undefined;
    const meant = name === undefined ? undefined : await findPeople(context, personOf(ctx), name);
    const people = meant?.people;
    if (people?.length === 1) return ctx.redirect(addressOf('/try-a-decision', { who: people[0]!.id }));
    const nobody = people?.length === 0;
    const form = nobody ? withError(parsed.form, 'name', 'Nobody with a name like this is found') : parsed.form;
    showPeople(ctx, form, meant);
  };
}

export function tryDecision(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const choice = await readChoice(context, ctx, await readFormValues(ctx));
    if (!('asset' in choice)) return ctx.redirect('/try-a-decision');
    const parsed = await parseForm(ctx, questionForm(choice));
    if (!parsed.ok) return showQuestion(context, ctx, choice, parsed.form);
    const { request, trying } = toQuestion(choice, parsed.data);
    const traced = await traceDecision(context.policy, request, trying);
    await recordTrial(context, personOf(ctx), request, trying, traced.decision);
    const answer = answerInWords(getState(context), request, traced);
    showQuestion(context, ctx, choice, parsed.form, answer);
  };
}

function showPeople(ctx: Koa.Context, form: FormView, meant: MeantByName | undefined): void {
  render(ctx, 'decisions/try-decision/choose-person.njk', {
    title: 'Try a decision',
    form,
    meant: meant && {
      ...meant,
      people: meant.people.map(({ id, ...one }) => ({ ...one, href: addressOf('/try-a-decision', { who: id }) })),
    },
  });
}

async function showChoice(context: WebContext, ctx: Koa.Context, sent: Record<string, string | string[]>) {
  const choice = await readChoice(context, ctx, sent);
  if ('asset' in choice) return showQuestion(context, ctx, choice, emptyForm(questionForm(choice), opening));
  const state = getState(context);
  const parsed = parseFields(Chosen, sent);
  const asked = 'type' in sent;
  render(ctx, 'decisions/try-decision/choose-record.njk', {
    title: `Try a decision for ${choice.name}`,
    form:
      asked && parsed.ok
        ? withError(parsed.form, 'type', 'Choose a post, a type of record and an agency')
        : parsed.form,
    who: choice.who,
    name: choice.name,
    posts: postOptions(choice.posts),
    types: recordOptions(state),
    agencies: agencyOptions(state),
  });
}

function showQuestion(context: WebContext, ctx: Koa.Context, choice: Choice, form: FormView, answer?: object): void {
  render(ctx, 'decisions/try-decision/ask.njk', {
    title: answer === undefined ? `Try a decision for ${choice.name}` : `What ${choice.name} would be told`,
    form,
    choice,
    chosen: toFields(choice),
    actions: actionOptions(choice),
    purposes: purposeOptions(getState(context), choice),
    attributes: attributesOf(choice.asset),
    levels,
    duties,
    answer,
  });
}
