/** GET /protocols/{id}/{version}/guide: the practitioner's one page, for their own job or another of their agency. */
import type Koa from 'koa';
import { z } from 'zod';
import { findDutyDesk } from '../../../directory/agencies/find_duty_desk.ts';
import { together } from '../../../platform/database/reader.ts';
import { parseFields } from '../../../platform/web/form.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { render } from '../../../platform/web/render.ts';
import {
  agenciesToRing,
  type Desk,
  mostDesks,
  practitionerGuide,
  rolesWithGuide,
} from '../../../policy/governance/publications/guide.ts';
import { findMember, type Source, sourceOf } from '../../../policy/governance/publications/source.ts';
import { listTraining } from '../../../policy/governance/publications/training.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getProtocol, getState } from '../../kit/register_state.ts';
import type { Person } from '../../session/person.ts';
import { personOf } from '../../session/require_person.ts';

const Query = z.object({ role: z.string().max(64).optional() });

export function readGuide(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id, version } = ctx.params as { id: string; version: string };
    const state = getState(context);
    const protocol = getProtocol(state, id, version);
    const person = personOf(ctx);
    const { post } = person;
    const source = sourceOf(state, protocol);
    const party = findMember(source, post.agency);
    if (party === undefined) {
      throw new WebApplicationError(
        'not-found',
        'not-a-party',
        'Your agency takes no part in this protocol, so it has no guide for you.',
      );
    }
    const roles = rolesWithGuide(source, post.agency);
    const role = chosen(ctx, roles, person);
    const desks = await desksOf(context, source, post.agency, role.code);
    const base = `/protocols/${id}/${version}`;
    render(ctx, 'protocols/read-guide/read-guide.njk', {
      title: `Guide: ${protocol.document.title}`,
      base,
      document: practitionerGuide(source, party, role, desks),
      protocol: { title: protocol.document.title, hash: protocol.hash },
      roles: roles
        .filter(({ code }) => code !== role.code)
        .map(({ code, name }) => ({ name, href: `${base}/guide?role=${code}` })),
      training: role.code === post.role ? await trainingOf(context, person, protocol.hash) : undefined,
    });
  };
}

/** One's own job unless another of the agency is asked for. */
function chosen(ctx: Koa.Context, roles: readonly { code: string; name: string }[], { post }: Person) {
  const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
  const asked = parsed.ok ? parsed.data.role : undefined;
  return roles.find(({ code }) => code === asked) ?? { code: post.role, name: post.roleName };
}

async function desksOf({ ground }: WebContext, source: Source, agency: string, role: string): Promise<Desk[]> {
  const codes = agenciesToRing(source, agency, role).slice(0, mostDesks);
  const db = together(ground.db);
  const found = await Promise.all(codes.map((code) => findDutyDesk(db, code)));
  return found.filter((desk) => desk !== undefined);
}

async function trainingOf(context: WebContext, { actor, post }: Person, hash: string) {
  const all = await listTraining(context.ground.db, getState(context), { ...actor, role: post.role });
  const found = all.find(({ protocol }) => protocol.hash === hash);
  return found && { read: found.state === 'read', at: found.acknowledgedAt ?? 0 };
}
