/** GET /agencies/{code}: one agency: how to reach it, its teams, who may sign for it, and what it has signed. */
import type Koa from 'koa';
import { z } from 'zod';
import { listAdministratorsOf } from '../../../directory/people/list_administrators.ts';
import { findAgency } from '../../../directory/agencies/list_agencies.ts';
import { findDutyDesk } from '../../../directory/agencies/find_duty_desk.ts';
import { listTeams } from '../../../directory/agencies/list_teams.ts';
import { readQuery } from '../../../platform/web/input.ts';
import { render } from '../../../platform/web/render.ts';
import type { KeyUse, RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { mayReadLog } from '../../session/person.ts';
import { personOf } from '../../session/require_person.ts';
import { codeWords } from '../../words/codes.ts';
import { inSentence } from '../../words/sentence.ts';
import { capacityWords, statusWords } from '../../words/statuses.ts';

const Query = z.object({ code: z.string() });

export function viewAgency(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { code } = readQuery(ctx, Query);
    const { db, clock } = context.ground;
    const agency = await findAgency(db, code);
    if (agency === undefined) {
      throw new WebApplicationError(
        'not-found',
        'agency-unknown',
        'No agency with this code is listed here. Check the code.',
      );
    }
    const person = personOf(ctx);
    const state = context.register.state();
    render(ctx, 'directory/view-agency/view-agency.njk', {
      title: agency.name,
      now: clock(),
      agency,
      codeWords: codeWords(agency),
      // Its own officers and administrators are the ones who can tell a key that nobody of theirs holds.
      watches: person.post.agency === code && mayReadLog(person),
      administers: person.administers && person.post.agency === code,
      desk: await findDutyDesk(db, code),
      teams: await listTeams(db, code, person.post.agency === code ? code : undefined),
      administrators: await listAdministratorsOf(db, code),
      registered: registered(state, code),
      protocols: protocols(state, code),
    });
  };
}

function registered(state: RegisterState | undefined, code: string) {
  const agency = state?.agencies.get(code);
  const holders = (kid: string): string[] =>
    [...(agency?.officers.values() ?? [])]
      .filter((officer) => officer.kid === kid && officer.endedAt === undefined)
      .map(({ name }) => name);
  return (
    agency && {
      ended: agency.endedAt !== undefined,
      officers: [...agency.officers.values()]
        .filter(({ endedAt }) => endedAt === undefined)
        .map(({ name, capacities, practitioner }) => ({
          name,
          practitioner,
          capacities: capacities.map((capacity) => inSentence(capacityWords(capacity))).join(', '),
        })),
      keys: [...agency.keys.values()].map(({ kid, alg, use, held, from, revokedAt }) => ({
        kid,
        alg,
        use: held === 'service' ? servedWords(use, holders(kid)) : keyWords(use, holders(kid)),
        from,
        revoked: revokedAt !== undefined,
      })),
    }
  );
}

function keyWords(use: KeyUse, holders: string[]): string {
  if (use === 'administration') return 'Signs changes of keys and officers';
  return holders.length === 0
    ? 'Signs protocols; nobody holds it now'
    : `Signs protocols, held by ${holders.join(', ')}`;
}

function servedWords(use: KeyUse, officers: string[]): string {
  if (use === 'administration') return 'Signs changes of keys and officers, held by this service';
  const held = 'Signs protocols with an officer’s passkey, held by this service';
  return officers.length === 0 ? `${held}; no officer signs with it now` : `${held} for ${officers.join(', ')}`;
}

function protocols(state: RegisterState | undefined, code: string) {
  return [...(state?.protocols.values() ?? [])]
    .filter(({ document, acceded }) => [...document.parties, ...acceded].some(({ agency }) => agency === code))
    .map(({ document, status, acceded }) => ({
      title: document.title,
      version: document.version,
      href: `/protocols/${document.id}/${document.version}`,
      status: statusWords(status),
      joined: acceded.some(({ agency }) => agency === code),
    }));
}
