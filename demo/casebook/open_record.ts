/** The list of cases, and one record: nothing of it is shown before Wayleave has decided. */
import type Koa from 'koa';
import { type Case, findCase, listCases } from './cases.ts';
import { askDecision } from './decisions.ts';
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

/** `GET /cases/{reference}?purpose=`: asks for the purpose, then asks Wayleave, then shows what it gave. */
export function openRecord(desk: Desk, render: Render): (ctx: Koa.Context, reference: string) => Promise<void> {
  return async (ctx, reference) => {
    const record = findCase(reference, desk.settings.clock());
    if (record === undefined) throw notFound();
    const { name, purposes } = recordTypes[record.asset];
    const common = { title: reference, reference, recordName: name, purposes };
    const purpose = purposes.find((one) => one.code === ctx.query.purpose);
    if (purpose === undefined) return render(ctx, 'open.njk', common);
    await showRecord(desk, render, ctx, { record, purpose, common });
  };
}

type Opening = { record: Case; purpose: Purpose; common: { title: string; reference: string } };

async function showRecord(
  desk: Desk,
  render: Render,
  ctx: Koa.Context,
  { record, purpose, common }: Opening,
): Promise<void> {
  const session = ctx.state.session as Session;
  const here = `/cases/${record.reference}?purpose=${purpose.code}`;
  if (session.accessExpiresAt - MARGIN < desk.settings.clock()) return sendToSignIn(desk, ctx, here, true);
  const answer = await askDecision(desk.settings, desk.provider, session, { case: record, purpose: purpose.code });
  const code = answer.context.reason.code;
  const again = ['sign-in-needed', 'authentication-too-weak'].includes(code);
  render(ctx, 'record.njk', {
    ...common,
    purpose: purpose.code,
    purposeName: purpose.name,
    view: viewRecord(desk.settings, record, answer),
    signInAgain: again ? `/sign-in?return=${encodeURIComponent(here)}` : undefined,
  });
}
