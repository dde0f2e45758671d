/** GET and POST /signing/ask/{id}: what is signed, one last time, and the passkey's answer to it. */
import type Koa from 'koa';
import { z } from 'zod';
import { parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { type Asked, completeSigning, getAsked, handIn } from '../../../policy/governance/signing/sign.ts';
import type { SigningKind } from '../../../policy/governance/signing/kinds/table.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { keyContext, signatoryOf } from '../signatory.ts';
import { capacityWords } from '../../words/statuses.ts';
import { actorOf } from '../../session/require_person.ts';

const Answer = z.object({ answer: z.string().max(20_000) });

export function showAsked(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const asked = await getAsked(keyContext(context), signatoryOf(context, ctx), id);
    render(ctx, 'signing/ask-passkey/ask-passkey.njk', {
      title: 'Sign with your passkey',
      id,
      asked: inWords(context, asked),
      options: JSON.stringify(asked.options),
    });
  };
}

export function answerAsked(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const response = readAnswer(await parseForm(ctx, Answer));
    const who = signatoryOf(context, ctx);
    const signed = await completeSigning(keyContext(context), who, id, response as never);
    const { id: protocol, version, joins } = await handIn(keyContext(context), actorOf(ctx), signed);
    ctx.redirect(joins === undefined ? `/protocols/${protocol}/${version}?signed=1` : '/signing?signed=1');
  };
}

// The library and the register look at each part; here it only has to be an object with the parts that are read.
const Credential = z.looseObject({ id: z.string(), response: z.looseObject({}) });

/** What `toJSON()` of a credential gave, as the script posted it. */
export function readAnswer(parsed: { ok: true; data: { answer: string } } | { ok: false }): z.infer<typeof Credential> {
  if (parsed.ok) {
    try {
      return Credential.parse(JSON.parse(parsed.data.answer));
    } catch {
      // Said below.
    }
  }
  throw new WebApplicationError(
    'invalid',
    'no-answer',
    'No passkey answered. Begin again, in a browser with JavaScript that knows passkeys, or sign with a key of your own.',
  );
}

const deeds: Record<SigningKind, string> = {
  protocol: 'You sign this protocol for your agency.',
  accession: 'You sign that your agency joins this protocol.',
  countersignature: 'You sign that this agency may join.',
  suspension: 'You stop this protocol for your agency, until it signs again.',
  withdrawal: 'You end this protocol for your agency: what it gives and what it receives.',
};

function inWords({ register }: WebContext, { kind, subject, hash, header, endsAt }: Asked) {
  const { protocol, id, version, joins, reason } = subject;
  const title = subject.title ?? register.state()?.protocols.get(protocol)?.document.title ?? id;
  const row = (key: string, value: string | undefined) => (value === undefined ? [] : [{ key, value }]);
  return {
    hash,
    endsAt,
    capacity: capacityWords(header.capacity ?? 'director'),
    deed: deeds[kind],
    text: hash === protocol ? `/signing/${hash}` : undefined,
    rows: [
      ...row('Protocol', `${title}, version ${version}`),
      ...row('Agency that joins', joins),
      ...row('Reason', reason),
    ],
  };
}
