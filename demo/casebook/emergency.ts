/** Opening a record in an emergency: why one must see it now, stated by somebody who has just proved again who they are. */
import type Koa from 'koa';
import { readForm } from './body.ts';
import type { Case } from './cases.ts';
import { emergencyOf } from './emergencies.ts';
import { aboutCase, type CasePage, getCase, showRecord } from './open_record.ts';
import type { Render } from './pages.ts';
import { recordTypes } from './records.ts';
import { type Desk, requireFormToken, sendToSignIn } from './sign_in.ts';
import type { Emergency, Offer, Session, Typed } from './sessions.ts';

/** Wayleave takes an override for a minute after the sign-in; a few seconds of it are for asking. */
const FRESH = 55;

const grounds: Record<string, { name: string; hint: string }> = {
  'risk-of-significant-harm': {
    name: 'Risk of significant harm',
    hint: 'Someone may be hurt, neglected or abused if you wait.',
  },
  'vital-interests': { name: 'Vital interests', hint: 'Someone’s life may be in danger.' },
  'prevention-of-serious-crime': {
    name: 'Prevention of serious crime',
    hint: 'A serious crime may happen if you wait.',
  },
};

type Waiting = { record: Case; purpose: string; emergency: Emergency; offer: Offer; here: string };

/** `GET /cases/{reference}/emergency?purpose=`: the form, with what was typed before signing in again. */
export function emergencyForm(desk: Desk, render: Render): CasePage {
  return async (ctx, reference) => {
    const waiting = findWaiting(desk, ctx, reference);
    if (waiting === undefined) return toRecord(ctx, reference);
    renderForm(desk, render, ctx, waiting, []);
  };
}

/** `POST` there: sends people to sign in again where their sign-in is too old, then asks Wayleave with ground and reason. */
export function openInEmergency(desk: Desk, render: Render): CasePage {
  const show = showRecord(desk, render);
  return async (ctx, reference) => {
    const form = await readForm(ctx);
    requireFormToken(ctx.state.session as Session, form);
    const waiting = findWaiting(desk, ctx, reference);
    // Sent twice, or reloaded: the override that it opened goes on, and none is opened beside it.
    if (waiting === undefined) return toRecord(ctx, reference);
    const { record, purpose, emergency, offer, here } = waiting;
    const typed = { ground: form.get('ground') ?? '', reason: (form.get('reason') ?? '').trim() };
    emergency.typed = typed;
    const mistakes = findMistakes(typed, offer);
    if (mistakes.length > 0) return renderForm(desk, render, ctx, waiting, mistakes);
    if (!isFresh(desk, ctx)) {
      ctx.status = 303;
      return sendToSignIn(desk, ctx, here, true);
    }
    await show(ctx, { record, purpose, override: typed });
  };
}

/** What is offered for this case and not opened yet. */
function findWaiting(desk: Desk, ctx: Koa.Context, reference: string): Waiting | undefined {
  const { record, purpose } = getCase(desk, reference, ctx.query.purpose);
  if (purpose === undefined) return undefined;
  const emergency = emergencyOf(ctx.state.session as Session, reference, purpose.code);
  const { offer, opened } = emergency;
  if (offer === undefined || (opened !== undefined && desk.settings.clock() < opened.until)) return undefined;
  const here = `/cases/${reference}/emergency?purpose=${purpose.code}`;
  return { record, purpose: purpose.code, emergency, offer, here };
}

function toRecord(ctx: Koa.Context, reference: string): void {
  const { purpose } = ctx.query;
  ctx.status = 303;
  ctx.redirect(`/cases/${reference}${typeof purpose === 'string' ? `?purpose=${encodeURIComponent(purpose)}` : ''}`);
}

function isFresh({ settings }: Desk, ctx: Koa.Context): boolean {
  return settings.clock() - (ctx.state.session as Session).authenticatedAt < FRESH;
}

type Mistake = { field: 'ground' | 'reason'; text: string };

function findMistakes({ ground, reason }: Typed, { grounds: taken }: Offer): Mistake[] {
  const mistakes: Mistake[] = [];
  if (!taken.includes(ground)) mistakes.push({ field: 'ground', text: 'Choose the ground.' });
  if (reason.length < 20) mistakes.push({ field: 'reason', text: 'Write why, in at least 20 characters.' });
  if (reason.length > 2_000) mistakes.push({ field: 'reason', text: 'Write at most 2,000 characters.' });
  return mistakes;
}

function renderForm(desk: Desk, render: Render, ctx: Koa.Context, waiting: Waiting, mistakes: Mistake[]): void {
  const { record, purpose, emergency, offer, here } = waiting;
  const { name, fields } = recordTypes[record.asset];
  if (mistakes.length > 0) ctx.status = 400;
  render(ctx, 'emergency.njk', {
    ...aboutCase(record),
    title: mistakes.length > 0 ? 'Error: Open in an emergency' : 'Open in an emergency',
    recordName: name,
    here,
    back: `/cases/${record.reference}?purpose=${purpose}`,
    fields: fields.filter(([field]) => offer.fields.includes(field)).map(([, title]) => title),
    minutes: offer.minutes,
    grounds: offer.grounds.map((code) => ({ code, ...(grounds[code] ?? { name: code, hint: '' }) })),
    typed: emergency.typed,
    fresh: isFresh(desk, ctx),
    mistakes,
    mistakeOf: Object.fromEntries(mistakes.map(({ field, text }) => [field, text])),
    desk: desk.settings.dutyDesk,
  });
}
