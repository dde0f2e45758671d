/** GET /who-can-see: who may see what the officer's agency holds, and what a role may see. Looking is recorded. */
import type Koa from 'koa';
import { z } from 'zod';
import { readLine } from '../../../platform/typed.ts';
import { listRoles } from '../../../directory/agencies/list_roles.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { type FormView, parseFields, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { getState } from '../../kit/register_state.ts';
import { personOf } from '../../session/require_person.ts';
import { agencyOptions } from '../try-decision/choice.ts';
import { attributeFields, attributesFrom, attributesOf } from '../try-decision/question.ts';
import { findReach } from './find_reach.ts';
import { listGiven, type SharedUse, sharedUsesOf } from './shared_uses.ts';

const Query = z.object({
  topic: z.string().max(300).optional(),
  agency: z.string().max(32).optional(),
  role: z.string().max(64).optional(),
  area: z.string().overwrite(readLine).max(200, 'Use at most 200 characters').optional(),
});

export function whoCanSee(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const state = getState(context);
    const person = personOf(ctx);
    const topics = sharedUsesOf(state, person.post.agency);
    const { form, topic, attributes } = readQuestion(state, topics, ctx);
    const roles = await listRoles(context.ground.db);
    render(ctx, 'decisions/who-can-see/who-can-see.njk', {
      title: 'Who can see it?',
      form,
      own: person.post.agencyName,
      topics: [
        { value: '', text: 'Choose what is asked for' },
        ...topics.map(({ key, text }) => ({ value: key, text })),
      ],
      agencies: agencyOptions(state),
      roles: [{ value: '', text: 'Choose a role' }, ...roles.map(({ code, name }) => ({ value: code, text: name }))],
      topic,
      attributes: topic && attributesOf(state.assets.get(topic.asset)?.definition ?? { attributes: [] }),
      reach: topic && attributes && (await findReach(context, person, topic, attributes)),
      given: givenTo(context, form),
    });
  };
}

type Question = { form: FormView; topic?: SharedUse | undefined; attributes?: Record<string, unknown> };

function readQuestion(state: RegisterState, topics: readonly SharedUse[], ctx: Koa.Context): Question {
  const sent = collectValues(new URLSearchParams(ctx.querystring));
  const topic = topics.find(({ key }) => key === sent.topic);
  const asset = state.assets.get(topic?.asset ?? '')?.definition ?? { attributes: [] };
  const parsed = parseFields(Query.extend(attributeFields(asset)), sent);
  const { form } = parsed;
  if ('topic' in sent && topic === undefined) return { form: withError(form, 'topic', 'Choose one from the list') };
  if (!parsed.ok) return { form, topic };
  const { agency, role } = parsed.data;
  if (agency === undefined && role !== undefined) return { form: withError(form, 'agency', 'Choose an agency') };
  if (role === undefined && agency !== undefined) return { form: withError(form, 'role', 'Choose a role') };
  return { form, topic, attributes: attributesFrom(asset, parsed.data) };
}

function givenTo(context: WebContext, { fields, errors }: FormView) {
  const [agency = '', role = ''] = [fields.agency?.value, fields.role?.value];
  if (agency === '' || role === '' || errors.length > 0) return undefined;
  return { clauses: listGiven(getState(context), agency, role) };
}
