/** GET and POST /agencies/{code}/officers/propose: an administrator proposes somebody else as an officer, or renews an appointment. */
import type Koa from 'koa';
import { z } from 'zod';
import { findPractitionerByEmail } from '../../../directory/people/find_practitioner.ts';
import { findStanding } from '../../../directory/people/find_standing.ts';
import { readLine } from '../../../platform/typed.ts';
import { emptyForm, type FormView, parseForm, withError } from '../../../platform/web/form.ts';
import { ServiceError } from '../../../platform/errors.ts';
import { render } from '../../../platform/web/render.ts';
import { memberOf } from '../../../policy/governance/signing/context.ts';
import { proposeOfficer } from '../../../policy/governance/officers/propose.ts';
import type { RegisteredAgency } from '../../../policy/register/chain/state.ts';
import { capacities } from '../../../policy/register/signatures/capacity.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { keyContext } from '../signatory.ts';
import { capacityWords } from '../../words/statuses.ts';

const Form = z.object({
  email: z
    .string()
    .overwrite(readLine)
    .pipe(z.email('Give a work e-mail address, like name@agency.example'))
    .prefault(''),
  capacities: z
    .union([z.enum(capacities).transform((one) => [one]), z.array(z.enum(capacities))])
    .prefault([])
    .refine((all) => all.length > 0, 'Choose at least one'),
  kid: z.string().min(1, 'Choose the key').max(64).prefault(''),
});

export function showProposing(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { practitioner } = ctx.query;
    show(context, ctx, emptyForm(Form, await valuesOf(context, ctx, String(practitioner ?? ''))));
  };
}

export function propose(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok) return show(context, ctx, parsed.form);
    try {
      const practitioner = await practitionerOf(context, ctx, parsed.data.email);
      const id = await proposeOfficer(keyContext(context), actorOf(ctx), { ...parsed.data, practitioner });
      ctx.redirect(`/agencies/${encodeURIComponent(actorOf(ctx).agency)}/officers/proposals/${id}?done=1`);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.kind === 'unavailable') throw error;
      const field = ['unknown-key', 'key-taken'].includes(error.code) ? 'kid' : 'email';
      show(context, ctx, withError(parsed.form, field, error.message));
    }
  };
}

/** Whom an address belongs to; somebody of another agency and nobody at all look the same. */
async function practitionerOf({ ground }: WebContext, ctx: Koa.Context, email: string): Promise<string> {
  const found = await findPractitionerByEmail(ground.db, email);
  const standing = found && (await findStanding(ground.db, found.id));
  if (found !== undefined && standing?.posts.some((post) => post.agency === actorOf(ctx).agency)) return found.id;
  throw new WebApplicationError('not-found', 'nobody', 'Nobody in your agency has this address. Check it.');
}

/** What a renewal begins with: the officer as the register has them. */
async function valuesOf(
  context: WebContext,
  ctx: Koa.Context,
  practitioner: string,
): Promise<Record<string, string | string[]>> {
  const officer = memberOf(keyContext(context), actorOf(ctx).agency).officers.get(practitioner);
  const standing = officer && (await findStanding(context.ground.db, practitioner));
  if (officer === undefined || standing === undefined) return {};
  return { email: standing.email, capacities: officer.capacities };
}

function show(context: WebContext, ctx: Koa.Context, form: FormView): void {
  const { agency: code, agencyName } = personOf(ctx).post;
  const chosen = form.fields.capacities?.values ?? [];
  render(ctx, 'signing/manage-officers/propose-officer.njk', {
    title: 'Propose an officer',
    agency: { code, name: agencyName },
    form,
    capacities: capacities.map((value) => ({ value, text: capacityWords(value), checked: chosen.includes(value) })),
    keys: keysInWords(memberOf(keyContext(context), code)),
  });
}

function keysInWords({ keys, officers }: RegisteredAgency) {
  const current = [...keys.values()].filter(({ use, revokedAt }) => use === 'officer' && revokedAt === undefined);
  return current.map(({ kid, held }) => {
    const holders = [...officers.values()].filter((one) => one.kid === kid && one.endedAt === undefined);
    const own =
      holders.length === 0 ? 'Nobody signs with it yet.' : `Held by ${holders.map(({ name }) => name).join(', ')}.`;
    return {
      value: kid,
      text:
        held === 'service'
          ? `Their passkey, with the key that this service holds (${kid.slice(0, 8)}…)`
          : `A key of their own (${kid.slice(0, 8)}…)`,
      hint: { text: held === 'service' ? 'They enrol the passkey on their page “My passkey for signing” first.' : own },
    };
  });
}
