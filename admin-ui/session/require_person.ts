/** The guards of the route lines: who is signed in, and what they may open. Standing is current at each request. */
import type Koa from 'koa';
import { postIsActive } from '../../directory/active_post.ts';
import { isAdministratorOf, type Standing } from '../../directory/people/standing.ts';
import type { Capacity } from '../../policy/register/signatures/capacity.ts';
import type { WebContext } from '../context.ts';
import { WebApplicationError } from '../errors.ts';
import { layoutFor } from './layout.ts';
import { readSessionCookie, setSessionCookie } from './cookies.ts';
import { mayReadLog, type Person } from './person.ts';
import { findSession } from './web_session.ts';

/** The person that `requirePerson` found. */
export function personOf(ctx: Koa.Context): Person {
  return ctx.state.person as Person;
}

/** The same person as the floors below take whoever acts. */
export function actorOf(ctx: Koa.Context): Person['actor'] {
  return personOf(ctx).actor;
}

/** Lets through who is signed in, active and in an active post; others go to sign in, and come back to this page. */
export function requirePerson(context: WebContext): Koa.Middleware {
  return async (ctx, next) => {
    const person = await findPerson(context, ctx);
    if (person === undefined) {
      if (readSessionCookie(context, ctx) !== undefined) setSessionCookie(context, ctx, undefined);
      if (ctx.method === 'GET' || ctx.method === 'HEAD') {
        if (ctx.path === '/') return ctx.redirect('/welcome');
        // By the name that the provider sends back to: what is wanted is kept in a cookie, and a cookie belongs to one host.
        return ctx.redirect(`${context.ground.config.baseUrl}/sign-in?next=${encodeURIComponent(ctx.url)}`);
      }
      throw new WebApplicationError(
        'unauthenticated',
        'signed-out',
        'You are no longer signed in. Sign in again in another tab, then send the form once more.',
      );
    }
    ctx.state.person = person;
    ctx.state.layout = layoutFor(person, ctx.path);
    await next();
  };
}

/** Lets through officers of the acting agency: whom the floors below let act for it. Administering it is not enough. */
export const requireOfficer: Koa.Middleware = async (ctx, next) => {
  if (personOf(ctx).capacities.length === 0) {
    throw new WebApplicationError(
      'forbidden',
      'not-an-officer',
      'Only officers can do this: the people whom the signed register names to sign or review for your agency. Ask your data protection officer.',
    );
  }
  await next();
};

/** Lets through officers and administrators of the acting agency, who may see what concerns it. */
export const requireWatcher: Koa.Middleware = async (ctx, next) => {
  if (!mayReadLog(personOf(ctx))) {
    throw new WebApplicationError(
      'forbidden',
      'officers-only',
      'This page is for officers and administrators of your agency. Ask one of them if you need what it shows.',
    );
  }
  await next();
};

/** Lets through administrators of the acting agency. */
export const requireAdministrator: Koa.Middleware = async (ctx, next) => {
  if (!personOf(ctx).administers) {
    throw new WebApplicationError(
      'forbidden',
      'administrators-only',
      'Only an administrator of your agency can do this.',
    );
  }
  await next();
};

async function findPerson(context: WebContext, ctx: Koa.Context): Promise<Person | undefined> {
  const { log, clock } = context.ground;
  const token = readSessionCookie(context, ctx);
  const session = token === undefined || token === '' ? undefined : await findSession(log, token, clock());
  if (session === undefined) return undefined;
  // What was taken away before this request, in any process, leaves this process's memory before it is asked.
  await log.fence.catchUp(session.epoch);
  if (!(await context.identity.continueSession(session.identitySession))) return undefined;
  const standing = await context.policy.standings.get(session.practitioner);
  const post = standing && actingPost(standing, session.post, session.at);
  if (standing === undefined || post === undefined) return undefined;
  return {
    practitioner: standing.practitioner,
    name: standing.name,
    post,
    actor: { agency: post.agency, practitioner: standing.practitioner, post: post.id },
    activePosts: standing.posts.filter((one) => postIsActive(one, session.at)).length,
    capacities: capacitiesOf(context, standing.practitioner, post.agency),
    administers: isAdministratorOf(standing, post.agency, session.at),
  };
}

function actingPost(standing: Standing, id: string, now: number) {
  if (standing.status !== 'active') return undefined;
  return standing.posts.find((post) => post.id === id && postIsActive(post, now));
}

function capacitiesOf(context: WebContext, practitioner: string, agency: string): Capacity[] {
  const officers = context.register.state()?.agencies.get(agency)?.officers ?? new Map();
  const held = [...officers.values()].filter(
    (officer) => officer.practitioner === practitioner && officer.endedAt === undefined,
  );
  return [...new Set(held.flatMap((officer) => officer.capacities))];
}
