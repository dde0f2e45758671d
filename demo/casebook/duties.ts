/** What must be done after a record was opened: put before the person, who says when they did it; Wayleave is told. */
import type Koa from 'koa';
import type { Answer } from './decisions.ts';
import { readForm } from './body.ts';
import { notFound, type Render } from './pages.ts';
import { type Desk, requireFormToken } from './sign_in.ts';
import type { Duty, Session } from './sessions.ts';

type Obligation = Answer['context']['obligations'][number];

const most = 500;

/** Puts a duty on the person’s list. */
export function takeDuty(
  session: Session,
  { id, properties }: Obligation,
  about: Pick<Duty, 'decision' | 'reference'>,
) {
  const { text } = properties;
  const words = typeof text === 'string' ? text : id.replaceAll('-', ' ');
  session.duties.unshift({ ...about, id, text: words, done: false });
  session.duties.splice(most);
}

/** `GET /duties` */
export function listOfDuties(render: Render): Koa.Middleware {
  return (ctx) => {
    const { duties } = ctx.state.session as Session;
    const [todo, done] = [duties.filter((one) => !one.done), duties.filter((one) => one.done)];
    render(ctx, 'duties.njk', { title: 'What you must do', todo, done, ...(duties.length === most && { most }) });
  };
}

/** `POST /duties`: this duty was done. */
export function dutyDone(desk: Desk): Koa.Middleware {
  return async (ctx) => {
    const session = ctx.state.session as Session;
    const form = await readForm(ctx);
    requireFormToken(session, form);
    const duty = session.duties.find(
      ({ decision, id }) => decision === form.get('decision') && id === form.get('obligation'),
    );
    if (duty === undefined) throw notFound();
    if (!duty.done) await desk.decisions.acknowledge(duty.decision, [{ id: duty.id, state: 'done' }]);
    duty.done = true;
    ctx.status = 303;
    ctx.redirect('/duties');
  };
}
