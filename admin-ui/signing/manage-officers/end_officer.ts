/** GET and POST /agencies/{code}/officers/end/{practitioner}: an administrator ends an appointment; it holds at once. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { memberOf } from '../../../policy/governance/signing/context.ts';
import { findHeld } from '../../../policy/governance/signing/held_keys.ts';
import { endOfficer } from '../../../policy/governance/officers/end_officer.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { offlineAddress } from '../sign-offline/sign_offline.ts';
import { keyContext } from '../signatory.ts';
import { capacityWords } from '../../words/statuses.ts';

export function showEnd(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { practitioner } = ctx.params as { practitioner: string };
    const { agency: code, agencyName } = personOf(ctx).post;
    const officer = memberOf(keyContext(context), code).officers.get(practitioner);
    if (officer === undefined || officer.endedAt !== undefined) {
      throw new WebApplicationError('not-found', 'officer-unknown', 'Your agency has no such officer now.');
    }
    const officers = `/agencies/${encodeURIComponent(code)}/officers`;
    const held = findHeld(keyContext(context), code, 'administration') !== undefined;
    render(ctx, 'signing/manage-officers/end-officer.njk', {
      title: `End the appointment of ${officer.name}`,
      caption: agencyName,
      back: { text: 'Officers', href: officers },
      action: `${officers}/end/${practitioner}`,
      button: held ? 'End it now' : 'Go on',
      form: undefined,
      officer: { capacities: officer.capacities.map(capacityWords).join(', ') },
      held,
    });
  };
}

export function end(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { practitioner } = ctx.params as { practitioner: string };
    const outcome = await endOfficer(keyContext(context), actorOf(ctx), practitioner);
    const list = `/agencies/${encodeURIComponent(actorOf(ctx).agency)}/officers?done=1`;
    ctx.redirect('done' in outcome ? list : offlineAddress(outcome.wanted));
  };
}
