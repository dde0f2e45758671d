/** GET and POST /signing/ask/{id}: what is signed, one last time, and the passkey's answer to it. */
import type Koa from 'koa';
import { z } from 'zod';
import { parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { handIn } from '../../../policy/governance/signing/hand_in.ts';
import {
  type Asked,
  completeSigning,
  getAsked,
  readStop,
  type Signed,
} from '../../../policy/governance/signing/sign.ts';
import { readAccession } from '../../../policy/register/protocols/accession.ts';
import { readProtocol } from '../../../policy/register/protocols/read.ts';
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
    await handIn(keyContext(context), actorOf(ctx), signed);
    ctx.redirect(`${addressOf(signed)}?signed=1`);
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

/** Where the signature can be seen, once it is handed in. */
function addressOf({ kind, bytes }: Signed): string {
  if (kind === 'accession' || kind === 'countersignature') return '/signing';
  const { id, version } = kind === 'protocol' ? readProtocol(bytes).document : stopOf(bytes);
  return `/protocols/${id}/${version}`;
}

function stopOf(bytes: Uint8Array) {
  const event = readStop(bytes);
  if (event.type !== 'protocol-suspended' && event.type !== 'protocol-withdrawn') {
    throw new TypeError('only a protocol is stopped');
  }
  return event.data;
}

function inWords({ register }: WebContext, { kind, bytes, hash, header, endsAt }: Asked) {
  const shown = { hash, endsAt, capacity: capacityWords(header.capacity ?? 'director') };
  const row = (key: string, value: string) => ({ key, value });
  if (kind === 'protocol') {
    const { title, version } = readProtocol(bytes).document;
    return {
      ...shown,
      deed: 'You sign this protocol for your agency.',
      text: `/signing/${hash}`,
      rows: [row('Protocol', `${title}, version ${version}`)],
    };
  }
  const state = register.state();
  const titled = (protocol: string, id: string, version: number): string =>
    `${state?.protocols.get(protocol)?.document.title ?? id}, version ${version}`;
  if (kind === 'accession' || kind === 'countersignature') {
    const { protocol, id, version, party } = readAccession(bytes);
    const deed =
      kind === 'accession' ? 'You sign that your agency joins this protocol.' : 'You sign that this agency may join.';
    return {
      ...shown,
      deed,
      rows: [row('Protocol', titled(protocol, id, version)), row('Agency that joins', party.name)],
    };
  }
  const { protocol, id, version, reason } = stopOf(bytes);
  const deed =
    kind === 'suspension'
      ? 'You stop this protocol for your agency, until it signs again.'
      : 'You end this protocol for your agency: what it gives and what it receives.';
  return { ...shown, deed, rows: [row('Protocol', titled(protocol, id, version)), row('Reason', reason)] };
}
