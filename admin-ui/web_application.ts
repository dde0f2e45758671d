/** The web application for people: ten sections, each with a `routes.ts` that is its table of contents. */
import Router, { type RouterMiddleware } from '@koa/router';
import type Koa from 'koa';
import { ServiceError } from '../platform/errors.ts';
import { deriveSecret } from '../platform/keys/derive.ts';
import { csrf } from '../platform/web/csrf.ts';
import type { ErrorNote } from '../platform/web/errors.ts';
import { takeOnce } from '../platform/web/take_once.ts';
import { addConsentPages } from './consent/routes.ts';
import type { WebContext } from './context.ts';
import { addDecisionPages } from './decisions/routes.ts';
import { addDirectoryPages } from './directory/routes.ts';
import { addDraftPages } from './drafts/routes.ts';
import { addHomePages } from './home/routes.ts';
import type { RouteSteps } from './kit/route_steps.ts';
import { typedBefore } from './kit/typed_before.ts';
import { addLogPages } from './log/routes.ts';
import { addPeoplePages } from './people/routes.ts';
import { addProtocolPages } from './protocols/routes.ts';
import { addPublicPages } from './public/routes.ts';
import { readSessionCookie } from './session/cookies.ts';
import { requirePerson } from './session/require_person.ts';
import { addSigningPages } from './signing/routes.ts';

const sections = [
  addPublicPages,
  addHomePages,
  addDirectoryPages,
  addPeoplePages,
  addProtocolPages,
  addDraftPages,
  addSigningPages,
  addConsentPages,
  addDecisionPages,
  addLogPages,
];

/** The templates of this floor, for `createViews`. */
export const webViews = import.meta.dirname;

/** The pages as one middleware. Paths that are none of its own go on to whatever stands behind it. */
export function createWebApplication(context: WebContext): Koa.Middleware {
  const { config } = context.ground;
  const session = (ctx: Koa.Context): string | undefined => readSessionCookie(context, ctx);
  const form = [
    csrf({
      secret: deriveSecret(config.masterKey, 'csrf web application'),
      baseUrl: config.baseUrl,
      cookie: 'wayleave-web-csrf',
      session,
    }),
    takeOnce(context.ground.db, { session }),
  ];
  const router = new Router();
  const steps = {
    get: add(router, 'get'),
    post: add(router, 'post'),
    person: requirePerson(context),
    form,
  };
  for (const addPages of sections) addPages(context, steps);
  const routes = router.routes() as unknown as Koa.Middleware;
  return async (ctx, next) => {
    try {
      await routes(ctx, next);
    } catch (error) {
      ctx.state.errorNote = await noteFor(ctx, error);
      throw error;
    }
  };
}

function add(router: Router, method: 'get' | 'post'): RouteSteps['get'] {
  return (path, ...steps) => void router[method](path, ...(steps.flat() as RouterMiddleware[]));
}

async function noteFor(ctx: Koa.Context, error: unknown): Promise<ErrorNote | undefined> {
  if (!(error instanceof ServiceError)) return undefined;
  return error.kind === 'unavailable' ? outageNote : typedBefore(ctx);
}

/** An outage here must not keep anybody from acting. */
const outageNote: ErrorNote = {
  heading: 'If somebody may come to serious harm',
  text: 'Do not wait for this service. Ring the agency that can help, or 999: the law may allow or require you to share what you know, whatever a system says.',
};
