/** GET /training/people: for administrators, who in the agency has read the guide to which protocol. */
import type Koa from 'koa';
import { z } from 'zod';
import { collectValues } from '../../../platform/web/body.ts';
import { parseFields } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { listTrained as find, protocolsFor, type Trained } from '../../../policy/governance/publications/training.ts';
import type { RegisteredProtocol } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { pages } from '../../kit/pages.ts';
import { getState } from '../../kit/register_state.ts';
import { personOf } from '../../session/require_person.ts';

const Form = z.object({
  protocol: z.string().max(64).optional(),
  state: z.enum(['missing', 'read'], 'Choose from the list').optional(),
  page: z.coerce.number('Choose a page from the list').int().min(1).max(10_000).optional(),
});

const pageSize = 50;

export function listTrained(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { post } = personOf(ctx);
    const state = getState(context);
    const parsed = parseFields(Form, collectValues(new URLSearchParams(ctx.querystring)));
    const { page = 1, ...filter } = parsed.ok ? parsed.data : {};
    const protocols = protocolsFor(state, post.agency);
    const chosen = protocols.find(({ document }) => document.id === filter.protocol) ?? protocols[0];
    const people = chosen === undefined ? [] : await find(context.ground.db, state, post.agency, chosen);
    const shown = people.filter((one) => fits(one, filter.state));
    render(ctx, 'protocols/list-trained/list-trained.njk', {
      title: 'Who has read the guides',
      agency: post.agencyName,
      form: parsed.form,
      protocols: protocols.map(option),
      chosen: chosen && option(chosen),
      count: people.length,
      read: people.filter((one) => one.acknowledgedAt !== undefined).length,
      people: shown.slice((page - 1) * pageSize, page * pageSize).map(row),
      pages: pages('/training/people', filter, { page, size: pageSize, total: shown.length }),
    });
  };
}

function option({ document: { id, title, version } }: RegisteredProtocol) {
  return { value: id, text: `${title}, version ${version}` };
}

function fits({ acknowledgedAt }: Trained, state: 'missing' | 'read' | undefined): boolean {
  return state === undefined || (acknowledgedAt !== undefined) === (state === 'read');
}

function row({ practitioner, name, role, acknowledgedAt, lastVersion }: Trained) {
  return { href: `/directory/${practitioner}`, name, role, at: acknowledgedAt ?? 0, lastVersion: lastVersion ?? 0 };
}
