/** GET /consent/people/{step}: what is on record about one person under one protocol, and what can be written down now. */
import type Koa from 'koa';
import { listNames } from '../../../directory/people/list_names.ts';
import { render } from '../../../platform/web/render.ts';
import { listMatters } from '../../../policy/decisions/consent/asked_clauses.ts';
import {
  lookUpStatements,
  type OnRecord,
  type RecordedStatement,
} from '../../../policy/decisions/consent/list_statements.ts';
import { listAnswers, type Objection } from '../../../policy/decisions/consent/objection.ts';
import type { StatementState } from '../../../policy/decisions/consent/statement.ts';
import type { Protocol } from '../../../policy/register/protocols/document.ts';
import type { WebContext } from '../../context.ts';
import { personOf } from '../../session/require_person.ts';
import { clauseTitle } from '../../words/citation.ts';
import { consentContext, recorderOf, askedHref, askedAbout } from '../recorder.ts';
import { openStep } from '../step.ts';
import { basisWords, deeds, relationWords, schemeWords, scopeInWords, standingWords, stateWords } from '../words.ts';
import { outcomeWords } from '../answer-objection/outcomes.ts';

export function seeWhatIsRecorded(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const step = openStep(context, ctx);
    const asked = askedAbout(context, ctx, step);
    const person = personOf(ctx);
    const found = await lookUpStatements(consentContext(context), recorderOf(person), step);
    render(ctx, 'consent/see-what-is-recorded/see-what-is-recorded.njk', {
      title: 'What is recorded about this person',
      document: asked.document,
      purpose: asked.purpose,
      scheme: schemeWords[step.scheme].text,
      standing: standingInWords(asked.document, found),
      statements: await statementsInWords(context, asked.document, found.statements, person.post.agency),
      deeds: deedsFor(asked.document, step.purpose, (ctx.params as { step: string }).step, context),
      back: askedHref(step.protocol, step.purpose),
    });
  };
}

function standingInWords(document: Protocol, { counts }: OnRecord) {
  return counts.map(({ clause, purpose, state, until }) => ({
    clause: { text: clause.text, title: clauseTitle(clause) },
    purpose: document.purposes.find(({ code }) => code === purpose)?.name ?? purpose,
    basis: clause.consent.rule === 'required' ? basisWords[clause.consent.as] : '',
    tag: standingWords[state],
    until,
  }));
}

async function statementsInWords(
  context: WebContext,
  document: Protocol,
  statements: readonly RecordedStatement[],
  own: string,
) {
  const { db, log } = context.ground;
  const names = await listNames(
    db,
    statements.map(({ recordedBy }) => recordedBy),
  );
  const agencies = context.register.state()?.agencies;
  const nameOf = (code: string): string => agencies?.get(code)?.name ?? code;
  const objections = statements.filter(({ state, agency }) => state === 'objected' && agency === own);
  const answers = new Map<string, Objection[]>();
  for (const { id } of objections) answers.set(id, await listAnswers(log, own, id));
  return statements.map((one) => ({
    tag: stateWords[one.state],
    about: scopeInWords(document, one),
    basis: one.state === 'objected' ? '' : basisWords[one.basis],
    said: one.saidAt,
    recorded: one.recordedAt,
    until: one.until,
    by: one.givenBy === null ? '' : relationWords[one.givenBy].text,
    recordedBy: names.get(one.recordedBy) ?? one.recordedBy,
    agency: nameOf(one.agency),
    href: one.agency === own ? `/consent/recorded/${one.id}` : '',
    answers: (answers.get(one.id) ?? []).map(({ agency, outcome, dueAt, reason }) => ({
      agency: nameOf(agency),
      outcome: outcome === null ? undefined : outcomeWords[outcome].text,
      reason,
      dueAt,
    })),
  }));
}

/** What can be said for this purpose. An agreement and an objection need the protocol in force; a "no" does not. */
function deedsFor(document: Protocol, purpose: string, step: string, { register }: WebContext) {
  const inForce = [...(register.state()?.protocols.values() ?? [])].some(
    (one) => one.document === document && one.status === 'in-force',
  );
  const possible = (state: StatementState): boolean =>
    (inForce || state === 'refused' || state === 'withdrawn') && listMatters(document, state, purpose).length > 0;
  return Object.entries(deeds)
    .filter(([, { state }]) => possible(state))
    .map(([code, { link }]) => ({ text: link, href: `/consent/people/${step}/${code}` }));
}
