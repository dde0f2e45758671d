/** GET and POST /consent/check/{step}: the statement read back in words, and recorded once that is confirmed. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { clausesAsked } from '../../../policy/decisions/consent/asked_clauses.ts';
import { recordStatement } from '../../../policy/decisions/consent/record_statement.ts';
import type { Statement } from '../../../policy/decisions/consent/statement.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { personOf } from '../../session/require_person.ts';
import { inSentence } from '../../words/sentence.ts';
import { consentContext, recorderOf, askedAbout } from '../recorder.ts';
import { openStep, type ConsentStep } from '../step.ts';
import { deeds, relationWords, schemeWords, scopeInWords, stateWords } from '../words.ts';
import { particularsOf } from '../particulars.ts';

type Ready = ConsentStep & { statement: Statement & { id: string } };

export function readBack(context: WebContext): Koa.Middleware {
  return (ctx) => {
    const step = stepOf(context, ctx);
    const { document } = askedAbout(context, ctx, step);
    const { statement } = step;
    const { step: sealed } = ctx.params as { step: string };
    const [deed] = Object.entries(deeds).find(([, { state }]) => state === statement.state)!;
    render(ctx, 'consent/read-back/read-back.njk', {
      title: 'Is this what was said?',
      document,
      scheme: schemeWords[step.scheme].text,
      who: inSentence(relationWords[statement.givenBy].text),
      said: stateWords[statement.state].said,
      about: scopeInWords(document, statement.scope),
      state: statement.state,
      saidAt: statement.saidAt,
      until: statement.until,
      reached: clausesAsked(document, statement.state, statement),
      particulars: particularsOf(statement),
      action: `/consent/check/${sealed}`,
      change: `/consent/people/${sealed}/${deed}`,
    });
    return Promise.resolve();
  };
}

export function confirmStatement(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { statement, protocol, purpose } = stepOf(context, ctx);
    askedAbout(context, ctx, { protocol, purpose });
    const id = await recordStatement(consentContext(context), recorderOf(personOf(ctx)), statement);
    ctx.redirect(`/consent/recorded/${id}`);
  };
}

function stepOf(context: WebContext, ctx: Koa.Context): Ready {
  const step = openStep(context, ctx);
  if (step.statement !== undefined) return { ...step, statement: step.statement };
  throw new WebApplicationError('not-found', 'nothing-said', 'Nothing was filled in yet. Begin again from “Consent”.');
}
