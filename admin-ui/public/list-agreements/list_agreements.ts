/** GET /agreements: the register of agreements, open to all: search by agency, state and subject. */
import type Koa from 'koa';
import { z } from 'zod';
import { readLine } from '../../../platform/typed.ts';
import { parseFields } from '../../../platform/web/form.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { render } from '../../../platform/web/render.ts';
import {
  type Agreement,
  agreementStates,
  listAgreements as find,
} from '../../../policy/governance/publications/agreements.ts';
import { dayInWords } from '../../../policy/governance/publications/phrases.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { addressOf, pages } from '../../kit/pages.ts';
import { getState } from '../../kit/register_state.ts';
import { agreementWords } from '../../words/agreements.ts';

const Form = z.object({
  subject: z.string().overwrite(readLine).max(200, 'Use at most 200 characters').optional(),
  agency: z.string().max(32, 'Choose an agency from the list').optional(),
  state: z.enum(agreementStates, 'Choose a state from the list').optional(),
  page: z.coerce.number('Choose a page from the list').int().min(1).max(10_000).optional(),
});

const pageSize = 20;

export function listAgreements(context: WebContext): Koa.Middleware {
  return (ctx) => {
    const state = getState(context);
    const { ok, form, ...parsed } = parseFields(Form, collectValues(new URLSearchParams(ctx.querystring)));
    const { page = 1, ...filter } = 'data' in parsed ? parsed.data : {};
    const found = ok ? find(state, filter) : [];
    render(ctx, 'public/list-agreements/list-agreements.njk', {
      title: 'Register of agreements',
      form,
      agencies: agencyOptions(state),
      states: [
        { value: '', text: 'All' },
        ...agreementStates.map((each) => ({ value: each, text: agreementWords(each).text })),
      ],
      agreements: found.slice((page - 1) * pageSize, page * pageSize).map(row),
      count: found.length,
      pages: pages('/agreements', filter, { page, size: pageSize, total: found.length }),
      json: addressOf('/policy/v1/agreements', filter),
    });
  };
}

function agencyOptions(state: RegisterState) {
  const members = find(state).flatMap(({ members }) => members);
  const named = new Map(members.map(({ agency, name }) => [agency, name]));
  return [
    { value: '', text: 'All' },
    ...[...named].map(([value, text]) => ({ value, text })).sort((a, b) => a.text.localeCompare(b.text, 'en')),
  ];
}

function row({ id, registered, state, members, versions }: Agreement) {
  const { title, summary, purposes, valid, review, tier } = registered.document;
  return {
    href: `/agreements/${id}`,
    title,
    summary,
    framework: tier === 'framework',
    purposes: purposes.map(({ name }) => name),
    members: members.map(({ name }) => name),
    since: dayInWords(valid.from),
    review: dayInWords(review),
    earlier: versions.length - 1,
    state: agreementWords(state),
  };
}
