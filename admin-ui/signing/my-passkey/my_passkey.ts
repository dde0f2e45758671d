/** /passkey: the passkey with which somebody signs for the agency that they act for: enrolled, shown, replaced. */
import type Koa from 'koa';
import { z } from 'zod';
import { findStanding } from '../../../directory/people/find_standing.ts';
import { parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { beginEnrolment, completeEnrolment, findPasskey } from '../../../policy/governance/signing/passkeys.ts';
import { findMeans } from '../../../policy/governance/signing/context.ts';
import { thumbprint } from '../../../policy/register/signatures/keys.ts';
import { readAnswer } from '../ask-passkey/ask_passkey.ts';
import type { WebContext } from '../../context.ts';
import { getState } from '../../kit/register_state.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { keyContext, signatoryOf } from '../signatory.ts';
import { capacityWords } from '../../words/statuses.ts';

export function showPasskey(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const passkey = await findPasskey(context.ground, actorOf(ctx));
    const means = findMeans(getState(context), actorOf(ctx));
    const registered = means?.officer.passkey;
    render(ctx, 'signing/my-passkey/my-passkey.njk', {
      title: 'My passkey for signing',
      agency: personOf(ctx).post.agencyName,
      done: ctx.query.done === '1',
      passkey: passkey && { at: passkey.enrolledAt, key: thumbprint(passkey.jwk) },
      inRegister: registered !== undefined && registered.credential_id === passkey?.credential_id,
      other: registered !== undefined && registered.credential_id !== passkey?.credential_id,
      means: means && { by: means.by, capacities: means.officer.capacities.map(capacityWords).join(', ') },
    });
  };
}

/** A new challenge at each opening; the one before can still be answered until it lapses. */
export function showEnrolment(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { practitioner, name, post } = personOf(ctx);
    const account = (await findStanding(context.ground.db, practitioner))?.email ?? name;
    const { ceremony, options } = await beginEnrolment(keyContext(context), signatoryOf(context, ctx), {
      account,
      shown: `${name}, ${post.agencyName}`,
    });
    render(ctx, 'signing/my-passkey/enrol-passkey.njk', {
      title: 'Enrol a passkey',
      agency: post.agencyName,
      ceremony,
      options: JSON.stringify(options),
    });
  };
}

const Answer = z.object({ answer: z.string().max(50_000) });

export function enrolPasskey(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { ceremony } = ctx.params as { ceremony: string };
    const response = readAnswer(await parseForm(ctx, Answer));
    await completeEnrolment(keyContext(context), signatoryOf(context, ctx), ceremony, response as never);
    ctx.redirect('/passkey?done=1');
  };
}
