/** GET /who-can-see: who may see what the officer's agency holds, and what a role may see. Looking is recorded. */
import type Koa from 'koa';
import { z } from 'zod';
import { listRoles } from '../../directory/roles/list_roles.ts';
import { collectValues } from '../../platform/web/body.ts';
import { type FormView, parseFields, withError } from '../../platform/web/form.ts';
import { render } from '../../platform/web/render.ts';
import type { WebContext } from '../context.ts';
import { getState } from '../register_state.ts';
import { personOf } from '../session/require_person.ts';
import { agencyOptions } from '../try-decision/choice.ts';
import { findReach } from './find_reach.ts';
import { listGiven, type Topic, topicsOf } from './topics.ts';

const Query = z.object({
  topic: z.string().max(300).optional(),
  agency: z.string().max(32).optional(),
  role: z.string().max(64).optional(),
});

export function whoCanSee(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { form, topic } = readQuestion(context, ctx);
    const { post } = personOf(ctx);
    const roles = await listRoles(context.ground.db);
    render(ctx, 'who-can-see/who-can-see.njk', {
      title: 'Who can see it?',
      form,
      own: post.agencyName,
      topics: [
        { value: '', text: 'Choose what is asked for' },
        ...topicsOf(getState(context), post.agency).map(({ key, text }) => ({ value: key, text })),
      ],
      agencies: agencyOptions(getState(context)),
      roles: [{ value: '', text: 'Choose a role' }, ...roles.map(({ code, name }) => ({ value: code, text: name }))],
      topic,
      reach: topic && (await findReach(context, personOf(ctx), topic)),
      given: givenTo(context, form),
    });
    if (form.errors.length > 0) ctx.status = 400;
  };
}

function readQuestion(context: WebContext, ctx: Koa.Context): { form: FormView; topic?: Topic | undefined } {
  const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
  if (!parsed.ok) return { form: parsed.form };
  const { topic, agency, role } = parsed.data;
  const { form } = parsed;
  const known = topicsOf(getState(context), personOf(ctx).post.agency).find(({ key }) => key === topic);
  if (topic !== undefined && known === undefined) return { form: withError(form, 'topic', 'Choose one from the list') };
  if (known === undefined && 'topic' in ctx.query)
    return { form: withError(form, 'topic', 'Choose what is asked for') };
  if (agency === undefined && role !== undefined) return { form: withError(form, 'agency', 'Choose an agency') };
  if (role === undefined && agency !== undefined) return { form: withError(form, 'role', 'Choose a role') };
  return { form, topic: known };
}

function givenTo(context: WebContext, { fields, errors }: FormView) {
  const [agency = '', role = ''] = [fields.agency?.value, fields.role?.value];
  if (agency === '' || role === '' || errors.length > 0) return undefined;
  return { clauses: listGiven(getState(context), agency, role) };
}
