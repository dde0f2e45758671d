/** GET and POST /agencies/{code}/keys/{kid}/revoke: a key that is no longer needed, or that somebody else may have. */
import type Koa from 'koa';
import { z } from 'zod';
import { emptyForm, type FormView, parseForm, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { prepareCompromise, revokeKey } from '../../../policy/governance/signing/agency_keys.ts';
import { memberOf } from '../../../policy/governance/signing/context.ts';
import type { AgencyKey } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getState } from '../../kit/register_state.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { offlineAddress } from '../sign-offline/sign_offline.ts';
import { keyContext } from '../signatory.ts';
import { goOn } from './manage_keys.ts';

const Form = z.object({
  why: z.enum(['replaced', 'compromised'], 'Choose why'),
  from: z.coerce
    .number('Give the number of an entry')
    .int('Give the number of an entry')
    .min(1, 'Give the number of an entry')
    .optional(),
  reason: z.string().trim().min(5, 'Say why, in a few words').max(1_000, 'Use at most 1,000 characters').prefault(''),
});

export function showRevoke(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const key = keyOf(context, ctx);
    show(context, ctx, key, emptyForm(Form, { from: String(key.from) }));
  };
}

/** Revokes at once where the service can sign it; of a compromise the rest is the root key's to say. */
export function revoke(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const key = keyOf(context, ctx);
    const parsed = await parseForm(ctx, Form);
    const form = parsed.ok ? refusal(context, key, parsed.data, parsed.form) : parsed.form;
    if (!parsed.ok || form !== undefined) return show(context, ctx, key, form ?? parsed.form);
    const { why, from = key.from, reason } = parsed.data;
    const actor = actorOf(ctx);
    const { kid } = key;
    if (key.revokedAt === undefined) {
      const outcome = await revokeKey(keyContext(context), actor, { kid, reason });
      if (why === 'replaced' || 'wanted' in outcome) return goOn(ctx, outcome);
    }
    const { wanted } = prepareCompromise(keyContext(context), { agency: actor.agency, kid, reason, from });
    ctx.redirect(offlineAddress(wanted));
  };
}

/** What only the register can tell of a form that is filled in; undefined where nothing is wrong. */
function refusal(
  context: WebContext,
  key: AgencyKey,
  { why, from = key.from }: z.output<typeof Form>,
  form: FormView,
): FormView | undefined {
  if (why === 'replaced' && key.revokedAt !== undefined) return withError(form, 'why', 'It is revoked already');
  const ahead = why === 'compromised' && from > getState(context).head.sequence + 1;
  return ahead ? withError(form, 'from', 'The register has no such entry yet') : undefined;
}

function keyOf(context: WebContext, ctx: Koa.Context): AgencyKey {
  const { kid } = ctx.params as { kid: string };
  const key = memberOf(keyContext(context), actorOf(ctx).agency).keys.get(kid);
  if (key !== undefined && key.compromisedFrom === undefined) return key;
  throw new WebApplicationError('not-found', 'key-unknown', 'Your agency has no such key that could be revoked.');
}

function show(context: WebContext, ctx: Koa.Context, key: AgencyKey, form: FormView): void {
  const { agency: code, agencyName } = personOf(ctx).post;
  const member = memberOf(keyContext(context), code);
  const holders = [...member.officers.values()].filter((one) => one.kid === key.kid && one.endedAt === undefined);
  const keys = `/agencies/${encodeURIComponent(code)}/keys`;
  render(ctx, 'signing/manage-keys/revoke-key.njk', {
    title: 'Revoke a key',
    caption: agencyName,
    back: { text: 'Keys', href: keys },
    action: `${keys}/${key.kid}/revoke`,
    button: 'Revoke it',
    key: { kid: key.kid, from: key.from, administration: key.use === 'administration', revoked: key.revokedAt },
    holders: holders.map(({ name }) => name).join(', '),
    form,
  });
}
