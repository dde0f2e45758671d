/** /protocols/{id}/{version}/stop: an officer suspends a protocol for their agency, or withdraws from it, with a reason. */
import type Koa from 'koa';
import { z } from 'zod';
import { canonicalBytes } from '../../../platform/json.ts';
import { emptyForm, type FormView, parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { findMeans } from '../../../policy/governance/signing/context.ts';
import { handIn, prepareSigning } from '../../../policy/governance/signing/sign.ts';
import type { RegisteredProtocol } from '../../../policy/register/chain/state.ts';
import type { Capacity } from '../../../policy/register/signatures/capacity.ts';
import { proposeEvent } from '../../../policy/register/events/sign.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getProtocol, getState } from '../../kit/register_state.ts';
import { fileName } from '../sign-protocol/sign_protocol.ts';
import { keyContext, signatoryOf, signerOptions } from '../signatory.ts';
import { emptyUpload, EventFile, takeUpload } from '../upload.ts';
import { actorOf } from '../../session/require_person.ts';

const deeds = {
  suspend: { type: 'protocol-suspended', kind: 'suspension' },
  withdraw: { type: 'protocol-withdrawn', kind: 'withdrawal' },
} as const;

const Form = z.object({
  deed: z.enum(['suspend', 'withdraw'], 'Choose what to do'),
  reason: z.string().trim().min(5, 'Say why, in a few words').max(1_000, 'Use at most 1,000 characters').prefault(''),
});

export function showStop(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, emptyForm(Form), emptyUpload());
}

/** Begins the ceremony for the event as it would stand next in the register. */
export function beginStop(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { hash, document, signsAs } = stopped(context, ctx);
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok) return show(context, ctx, parsed.form, emptyUpload());
    const { deed, reason } = parsed.data;
    const { type, kind } = deeds[deed];
    const { id, version, federation } = document;
    const data = { protocol: hash, id, version, agency: actorOf(ctx).agency, reason };
    const time = context.ground.clock();
    const bytes = canonicalBytes(proposeEvent(getState(context).head, { federation, type, data, time }));
    const capacity = capacityFor(context, ctx, deed, signsAs);
    const ceremony = await prepareSigning(keyContext(context), signatoryOf(context, ctx), { kind, capacity, bytes });
    ctx.redirect(`/signing/ask/${ceremony}`);
  };
}

/** Takes in what `suspend` or `withdraw` of the command line wrote. */
export function handInStop(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { hash, document } = stopped(context, ctx);
    await takeUpload(ctx, EventFile, {
      take: async ({ event, signature }) => {
        if (!('protocol' in event.data) || event.data.protocol !== hash) throw otherProtocol();
        const kind = event.type === 'protocol-withdrawn' ? 'withdrawal' : 'suspension';
        await handIn(keyContext(context), actorOf(ctx), { kind, bytes: canonicalBytes(event), signature });
      },
      show: async (form) => show(context, ctx, emptyForm(Form), form),
      next: `/protocols/${document.id}/${document.version}?signed=1`,
    });
  };
}

type Stopped = RegisteredProtocol & { signsAs: Capacity | undefined };

/** The protocol of the address, which the officer's agency must have signed or joined. */
function stopped(context: WebContext, ctx: Koa.Context): Stopped {
  const { id, version } = ctx.params as { id: string; version: string };
  const protocol = getProtocol(getState(context), id, version);
  const { agency } = actorOf(ctx);
  if (![...protocol.signatures, ...protocol.acceded].some((one) => one.agency === agency)) {
    throw new WebApplicationError(
      'conflict',
      'not-signed',
      'Your agency has no signature on this protocol that could be ended.',
    );
  }
  const parties = [...protocol.document.parties, ...protocol.acceded.map(({ party }) => party)];
  return { ...protocol, signsAs: parties.find((one) => one.agency === agency)?.signs_as };
}

// Stopping takes any capacity; ending takes the one in which the agency signed.
function capacityFor(context: WebContext, ctx: Koa.Context, deed: keyof typeof deeds, signsAs?: Capacity): Capacity {
  const own = findMeans(getState(context), actorOf(ctx))?.officer.capacities ?? [];
  if (signsAs !== undefined && (deed === 'withdraw' || own.includes(signsAs))) return signsAs;
  return own[0] ?? 'director';
}

function show(context: WebContext, ctx: Koa.Context, form: FormView, upload: FormView): void {
  const { document, hash, signsAs, acceded } = stopped(context, ctx);
  const joined = acceded.some(({ agency }) => agency === actorOf(ctx).agency);
  const means = findMeans(getState(context), actorOf(ctx));
  const name = fileName(document.id);
  const who = signerOptions(context, ctx, capacityFor(context, ctx, 'withdraw', signsAs));
  const essential = document.parties.some(({ agency, essential: needed }) => needed && agency === actorOf(ctx).agency);
  render(ctx, 'signing/stop-protocol/stop-protocol.njk', {
    title: 'Suspend or withdraw',
    protocol: { title: document.title, href: `/protocols/${document.id}/${document.version}` },
    essential,
    suspending: suspendingWords(document.tier, joined),
    passkey: means?.by === 'passkey' && means.officer.passkey !== undefined,
    form,
    upload,
    offline: {
      what: 'the text',
      file: name,
      head: true,
      download: `/signing/${hash}/text`,
      within: 'five minutes',
      command: `npm run protocol -- suspend ${name} --head register.json --reason "why" ${who} --out stop.json`,
    },
  });
}

/** Who joined later stops it for itself alone. */
function suspendingWords(tier: 'framework' | 'operational', joined: boolean): string {
  if (joined) return 'It stops for your agency alone, until your agency joins it again.';
  return tier === 'framework'
    ? 'It stops for everybody, and with it every protocol under it, until your agency signs it again.'
    : 'It stops for everybody, until your agency signs it again.';
}

function otherProtocol(): WebApplicationError {
  return new WebApplicationError('invalid', 'wrong-text', 'The file is about another protocol than this one.');
}
