/** /agencies/{code}/sign-offline: an event that the service cannot sign by itself, prepared for the agency's own key or the root key. */
import type Koa from 'koa';
import { z } from 'zod';
import { canonicalText } from '../../../platform/json.ts';
import type { FormView } from '../../../platform/web/form.ts';
import { readQuery } from '../../../platform/web/input.ts';
import { render } from '../../../platform/web/render.ts';
import { prepareEvent, submitPrepared, type Wanted } from '../../../policy/governance/signing/administrative.ts';
import { RegisterEvent } from '../../../policy/register/events/table.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { thumbprint } from '../../../policy/register/signatures/keys.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getState } from '../../kit/register_state.ts';
import { keyContext, sendFile } from '../signatory.ts';
import { emptyUpload, EventFile, takeUpload } from '../upload.ts';
import { actorOf } from '../../session/require_person.ts';

const Query = z.object({ code: z.string(), wanted: z.base64url().max(6_000), done: z.string().optional() });

/** The address of the page for one event; what is wanted stands in it, for the service keeps nothing of it. */
export function offlineAddress(wanted: Wanted): string {
  return `/agencies/${encodeURIComponent(wanted.data.agency)}/sign-offline?wanted=${encode(wanted)}`;
}

function encode(wanted: Wanted): string {
  return Buffer.from(canonicalText(wanted)).toString('base64url');
}

export function showOffline(context: WebContext): Koa.Middleware {
  return (ctx) => show(context, ctx, wantedOf(context, ctx), emptyUpload());
}

export function downloadEvent(context: WebContext): Koa.Middleware {
  return (ctx) => sendFile(ctx, 'event.json', prepareEvent(keyContext(context), wantedOf(context, ctx)));
}

export function handInEvent(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const wanted = wantedOf(context, ctx);
    await takeUpload(ctx, EventFile, {
      take: async (signed) => void (await submitPrepared(keyContext(context), actorOf(ctx), wanted, signed)),
      show: async (form) => show(context, ctx, wanted, form),
      next: `/agencies/${encodeURIComponent(wanted.data.agency)}/${wanted.type === 'officer-ended' ? 'officers' : 'keys'}?done=1`,
    });
  };
}

/** What the address asks for, in the form that the register takes; of the officer's own agency, and never an appointment. */
function wantedOf(context: WebContext, ctx: Koa.Context): Wanted {
  const { code, wanted } = readQuery(ctx, Query);
  try {
    const { type, data } = JSON.parse(Buffer.from(wanted, 'base64url').toString('utf8')) as Wanted;
    const event = RegisterEvent.parse({
      federation: context.ground.config.federation.name,
      sequence: 1,
      previous: getState(context).head.hash,
      time: 0,
      type,
      data,
    });
    // Appointments go through their proposal, so that two people stand behind each.
    if (event.type !== 'key-added' && event.type !== 'key-revoked' && event.type !== 'officer-ended') throw new Error();
    if (event.data.agency !== code) throw new Error();
    return { type: event.type, data: event.data } as Wanted;
  } catch {
    throw new WebApplicationError(
      'not-found',
      'event-unknown',
      'Nothing to be signed stands at this address. Begin again.',
    );
  }
}

function show(context: WebContext, ctx: Koa.Context, wanted: Wanted, form: FormView): void {
  const { agency } = wanted.data;
  const query = `?wanted=${encode(wanted)}`;
  const base = `/agencies/${encodeURIComponent(agency)}/sign-offline`;
  const byRoot = wanted.type === 'key-revoked' && wanted.data.compromised_from !== undefined;
  const { what, rows } = inWords(getState(context), wanted);
  render(ctx, 'signing/sign-offline/sign-offline.njk', {
    title: 'To be signed away from this service',
    back: `/agencies/${encodeURIComponent(agency)}/${wanted.type === 'officer-ended' ? 'officers' : 'keys'}`,
    what,
    rows,
    byRoot,
    form,
    action: base + query,
    offline: eventSteps(context, agency, `${base}/event.json${query}`, byRoot),
  });
}

/** The steps that sign a prepared event. `byRoot`: only the federation's root key can. */
export function eventSteps(context: WebContext, agency: string, download: string, byRoot = false) {
  const key = byRoot
    ? '--key <file of the federation’s root key>'
    : `--key ${context.keyFile?.(agency) ?? '<file of the administration key>'} --agency ${agency}`;
  return {
    what: 'the event',
    file: 'event.json',
    download,
    within: 'five minutes. If anything else was written into the register meanwhile, download the event again',
    command: `npm run protocol -- sign-event event.json ${key} --out event.signed.json`,
  };
}

function inWords(state: RegisterState, { type, data }: Wanted) {
  const row = (key: string, value: string) => ({ key, value });
  if (type === 'key-added') {
    const { jwk, use, held } = data.key;
    const holder = held === 'service' ? 'This service' : 'The agency';
    const what =
      use === 'officer' ? 'A key for officers is added.' : 'A key for changes of keys and officers is added.';
    return { what, rows: [row('Key', thumbprint(jwk)), row('Who holds it', holder)] };
  }
  if (type === 'key-revoked') {
    const { kid, reason, compromised_from: from } = data;
    const what =
      from === undefined
        ? 'A key is revoked: nothing signed with it from then on counts.'
        : `A key counts as compromised: nothing signed with it from entry ${from} of the register on counts, and protocols that rest on it stop until they are signed again.`;
    return { what, rows: [row('Key', kid), row('Reason', reason)] };
  }
  const practitioner = type === 'officer-ended' ? data.practitioner : data.officer.practitioner;
  const name = state.agencies.get(data.agency)?.officers.get(practitioner)?.name ?? practitioner;
  return { what: 'An officer’s appointment ends.', rows: [row('Officer', name)] };
}
