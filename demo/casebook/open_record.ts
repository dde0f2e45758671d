/** The list of cases, and one record: nothing of it is shown before Wayleave has decided. */
import type Koa from 'koa';
import { type Guarded, koaGuard, type Refusal } from '../../clients/typescript/src/index.ts';
import { type Case, findCase, listCases } from './cases.ts';
import { type Answer, type Opening, questionOf } from './decisions.ts';
import { takeDuty } from './duties.ts';
import { emergencyOf, noteAnswer } from './emergencies.ts';
import { outage } from './errors.ts';
import { notFound, type Render } from './pages.ts';
import { type Purpose, recordTypes } from './records.ts';
import { type Desk, sendToSignIn } from './sign_in.ts';
import type { Session } from './sessions.ts';
import { viewRecord } from './view_record.ts';

/** A token that ends within these seconds is renewed first, so that it holds until the answer is there. */
const MARGIN = 10;

/** `GET /cases`: references only. */
export function listOfCases(desk: Desk, render: Render): Koa.Middleware {
  return (ctx) => {
    const cases = listCases(desk.settings.clock());
    const groups = Object.entries(recordTypes).map(([asset, { name }]) => ({
      name,
      references: cases.filter((one) => one.asset === asset).map((one) => one.reference),
    }));
    render(ctx, 'cases.njk', { title: 'Cases', groups });
  };
}

/** A page about one case; the reference stands in its address. */
export type CasePage = (ctx: Koa.Context, reference: string) => Promise<void>;

/** `GET /cases/{reference}?purpose=`: asks for the purpose, then asks Wayleave, then shows what it gave. */
export function openRecord(desk: Desk, render: Render): CasePage {
  const show = showRecord(desk, render);
  return async (ctx, reference) => {
    const { record, purpose } = getCase(desk, reference, ctx.query.purpose);
    if (purpose === undefined) return render(ctx, 'open.njk', aboutCase(record));
    const session = ctx.state.session as Session;
    const here = `/cases/${reference}?purpose=${purpose.code}`;
    if (session.accessExpiresAt - MARGIN < desk.settings.clock()) return sendToSignIn(desk, ctx, here);
    const { opened } = emergencyOf(session, reference, purpose.code);
    const runs = opened !== undefined && desk.settings.clock() < opened.until;
    await show(ctx, { record, purpose: purpose.code, ...(runs && { override: { review: opened.review } }) });
  };
}

/** The case and, where it is one of those it can be opened for, the purpose. */
export function getCase(
  desk: Desk,
  reference: string,
  purpose: unknown,
): { record: Case; purpose: Purpose | undefined } {
  const record = findCase(reference, desk.settings.clock());
  if (record === undefined) throw notFound();
  return { record, purpose: recordTypes[record.asset].purposes.find((one) => one.code === purpose) };
}

/** What every page about a case says of it. */
export function aboutCase({ reference, asset }: Case) {
  const { name, purposes } = recordTypes[asset];
  return { title: reference, reference, recordName: name, purposes };
}

/** Asks Wayleave and shows what it gives: the guard loads the values only after a permit, and hands over only what is given. */
export function showRecord(desk: Desk, render: Render): (ctx: Koa.Context, opening: Opening) => Promise<void> {
  const { settings, decisions } = desk;
  const openingOf = (ctx: Koa.Context): Opening => ctx.state.opening as Opening;
  const page = (ctx: Koa.Context, answer: Answer, values: Record<string, string | undefined>): void => {
    const { record, purpose } = openingOf(ctx);
    const session = ctx.state.session as Session;
    const emergency = emergencyOf(session, record.reference, purpose);
    noteAnswer(emergency, answer);
    render(ctx, 'record.njk', {
      ...aboutCase(record),
      purpose,
      purposeName: recordTypes[record.asset].purposes.find(({ code }) => code === purpose)?.name,
      view: viewRecord(settings, record, answer, values),
      duties: session.duties.filter(({ decision }) => decision === answer.context.id),
      emergency: emergency.offer && `/cases/${record.reference}/emergency?purpose=${purpose}`,
      signInAgain: signInAgain(answer, `/cases/${record.reference}?purpose=${purpose}`),
    });
  };
  const take = (
    obligation: Answer['context']['obligations'][number],
    about: { decision: string; context: Koa.Context },
  ) => {
    const { reference } = openingOf(about.context).record;
    takeDuty(about.context.state.session as Session, obligation, { decision: about.decision, reference });
    return 'taken' as const;
  };
  const guard = koaGuard<Koa.Context, Record<string, string>>(decisions, {
    question: (ctx) => questionOf(settings, ctx.state.session as Session, openingOf(ctx)),
    load: (ctx) => openingOf(ctx).record.values,
    obligations: { notification: take, custom: take },
    onRefusal: (ctx, { answer, failure }: Refusal) => {
      if (failure !== undefined && !ownFailures.includes(failure.code)) throw outage(failure);
      page(ctx, answer, {});
    },
  });
  return async (ctx, opening) => {
    ctx.state.opening = opening;
    await guard(ctx, async () => {
      const { answer, record } = ctx.state.wayleave as Guarded<Record<string, string>>;
      page(ctx, answer, record);
    });
  };
}

/** Wayleave said yes, and something here stood in the way. */
const ownFailures: string[] = ['answer-expired', 'obligation-unknown', 'obligation-failed'];

function signInAgain({ context }: Answer, here: string): string | undefined {
  const again = ['sign-in-needed', 'authentication-too-weak'].includes(context.reason.code);
  return again ? `/sign-in?return=${encodeURIComponent(here)}` : undefined;
}
