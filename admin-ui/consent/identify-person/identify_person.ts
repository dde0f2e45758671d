/** GET and POST /consent/record/{protocol}/{purpose}: what is asked for one purpose, and whom it is about, by a number that goes no further than this. */
import type Koa from 'koa';
import { z } from 'zod';
import { readLine } from '../../../platform/typed.ts';
import { emptyForm, type FormView, parseForm, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { clausesAsked, listPurposes } from '../../../policy/decisions/consent/asked_clauses.ts';
import { identifierSchemes, readIdentifier } from '../../../policy/decisions/consent/identifiers.ts';
import { bases } from '../../../policy/decisions/consent/statement.ts';
import { createPseudonym, type Pseudonymise } from '../../../policy/decisions/involvement/pseudonym.ts';
import type { WebContext } from '../../context.ts';
import { personOf } from '../../session/require_person.ts';
import { listHandOuts } from '../hand_outs.ts';
import { ownDutyDesk, type AskedAbout, askedHref, askedAbout } from '../recorder.ts';
import { sealStep } from '../step.ts';
import { basisWords, itemsOf, schemeWords } from '../words.ts';

/** Which protocol and purpose, in the address of the page. */
type Asked = { protocol: string; purpose: string };

const Form = z.object({
  scheme: z.enum(identifierSchemes as [string, ...string[]], 'Choose what number you have'),
  number: z.string().overwrite(readLine).min(1, 'Type the number').max(60, 'Type the number alone').prefault(''),
});

export function showIdentifyPerson(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, askedAbout(context, ctx, ctx.params as Asked), emptyForm(Form));
}

export function identifyPerson(context: WebContext): Koa.Middleware {
  const pseudonym: Pseudonymise = createPseudonym(context.ground.config.masterKey);
  return async (ctx) => {
    const asked = askedAbout(context, ctx, ctx.params as Asked);
    const person = personOf(ctx);
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok) return show(context, ctx, asked, parsed.form);
    const scheme = identifierSchemes.find((one) => one === parsed.data.scheme)!;
    const found = readIdentifier(scheme, parsed.data.number, person.post.agency);
    if ('problem' in found) return show(context, ctx, asked, withError(parsed.form, 'number', found.problem));
    const { document, purpose } = asked;
    const step = { subject: pseudonym(found), scheme, protocol: document.id, purpose: purpose.code };
    ctx.redirect(`/consent/people/${sealStep(context, person, step)}`);
  };
}

async function show(context: WebContext, ctx: Koa.Context, { document, hash, purpose }: AskedAbout, form: FormView) {
  const scope = { purpose: purpose.code };
  const tells = listPurposes(document).find((one) => one.purpose.code === purpose.code)?.tells ?? [];
  const asks = bases
    .map((basis) => ({ basis: basisWords[basis], clauses: clausesAsked(document, 'given', { basis, scope }) }))
    .filter(({ clauses }) => clauses.length > 0);
  const asked = asks.flatMap(({ clauses }) => clauses);
  render(ctx, 'consent/identify-person/identify-person.njk', {
    title: `${purpose.name}: who is it about?`,
    desk: await ownDutyDesk(context, personOf(ctx)),
    document,
    purpose,
    asks,
    tells: tells.filter((clause) => !asked.includes(clause)),
    handOuts: await listHandOuts(context, personOf(ctx).post.agency, { id: document.id, hash }),
    form,
    schemes: itemsOf(schemeWords),
    action: askedHref(document.id, purpose.code),
  });
}
