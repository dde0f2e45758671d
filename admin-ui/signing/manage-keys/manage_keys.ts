/** /agencies/{code}/keys: the agency's keys, what each is for, who signs with it, and how one is added. */
import type Koa from 'koa';
import { z } from 'zod';
import { ServiceError } from '../../../platform/errors.ts';
import { parseJsonStrict } from '../../../platform/json.ts';
import { emptyForm, type FormView, parseForm, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import type { Outcome } from '../../../policy/governance/signing/administrative.ts';
import { addHeldKey, addOfficerKey } from '../../../policy/governance/signing/agency_keys.ts';
import { memberOf } from '../../../policy/governance/signing/context.ts';
import { findHeld } from '../../../policy/governance/signing/held_keys.ts';
import type { AgencyKey, RegisteredAgency } from '../../../policy/register/chain/state.ts';
import { PublicKey } from '../../../policy/register/signatures/keys.ts';
import type { WebContext } from '../../context.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { offlineAddress } from '../sign-offline/sign_offline.ts';
import { keyContext } from '../signatory.ts';

const Own = z.object({ key: z.string().min(1, 'Paste the public key').max(2_000).prefault('') });
const Held = z.object({ use: z.enum(['administration', 'officer']) });

/** What `keys` of the command line printed: the key, or the key with its name. */
const Printed = z.union([PublicKey, z.object({ jwk: PublicKey }).transform(({ jwk }) => jwk)]);

export function showKeys(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, emptyForm(Own));
}

export function makeKey(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Held);
    const use = parsed.ok ? parsed.data.use : 'officer';
    goOn(ctx, await addHeldKey(keyContext(context), actorOf(ctx), use));
  };
}

export function registerOwnKey(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Own);
    // What was pasted does not come back: it may have been the private half.
    const refuse = (why: string): void => {
      show(context, ctx, withError(emptyForm(Own), 'key', why));
    };
    if (!parsed.ok) return refuse('Paste the public key');
    try {
      const key = Printed.safeParse(parseJsonStrict(parsed.data.key));
      if (!key.success)
        return refuse(
          'Paste what the command printed: a public key, without its private half. If you pasted the private half, make a new key',
        );
      goOn(ctx, await addOfficerKey(keyContext(context), actorOf(ctx), key.data));
    } catch (error) {
      if (!(error instanceof ServiceError) || error.kind === 'unavailable') throw error;
      refuse(error.message);
    }
  };
}

/** To the list where it stands in the register; else to where the agency's own key signs it. */
export function goOn(ctx: Koa.Context, outcome: Outcome): void {
  const list = `/agencies/${encodeURIComponent(actorOf(ctx).agency)}/keys?done=1`;
  ctx.redirect('done' in outcome ? list : offlineAddress(outcome.wanted));
}

function show(context: WebContext, ctx: Koa.Context, form: FormView): void {
  const { agency: code, agencyName } = personOf(ctx).post;
  const member = memberOf(keyContext(context), code);
  const keys = [...member.keys.values()].map((key) => keyInWords(member, key));
  render(ctx, 'signing/manage-keys/manage-keys.njk', {
    title: 'Keys',
    agency: { code, name: agencyName },
    done: ctx.query.done === '1',
    form,
    current: keys.filter(({ revoked }) => revoked === undefined),
    revoked: keys.filter(({ revoked }) => revoked !== undefined),
    held: findHeld(keyContext(context), code, 'administration') !== undefined,
  });
}

function keyInWords({ officers }: RegisteredAgency, key: AgencyKey) {
  const { kid, alg, use, held, from, revokedAt, compromisedFrom } = key;
  const holders = [...officers.values()].filter((one) => one.kid === kid && one.endedAt === undefined);
  return {
    kid,
    alg,
    use: use === 'administration' ? 'Signs changes of keys and officers' : 'Signs protocols',
    held: held === 'service' ? 'This service holds it' : 'Your agency holds it',
    holders: holders.map(({ name }) => name).join(', '),
    from,
    revoked: revokedAt,
    compromised: compromisedFrom,
  };
}
