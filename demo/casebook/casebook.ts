/**
 * Casebook: a small partner system of one council, which shows how a partner works with Wayleave. It signs people in with
 * OpenID Connect, asks for a decision over AuthZEN each time a record is opened, and shows exactly what the answer gives.
 * It imports nothing of the service: only the client for partner systems, packages from the registry, and HTTP.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { createCookies } from './cookies.ts';
import { createDecisions } from './decisions.ts';
import { dutyDone, listOfDuties } from './duties.ts';
import { emergencyForm, openInEmergency } from './emergency.ts';
import { type CasePage, listOfCases, openRecord } from './open_record.ts';
import { type Casebook, type CasebookOptions, settle, type Settings } from './options.ts';
import { createRender, notFound, problems, type Render, securityHeaders } from './pages.ts';
import { createProvider } from './provider.ts';
import { createAttempts } from './attempts.ts';
import { createSessions } from './sessions.ts';
import { backchannelLogout, callback, type Desk, sendToSignIn, signIn, signOut } from './sign_in.ts';
import { serveStyles } from './styles.ts';

export type { Casebook } from './options.ts';

/** Starts Casebook on 127.0.0.1, or on the server given, which must listen already. Wayleave may start later. */
export async function startCasebook(options: CasebookOptions): Promise<Casebook> {
  const server = options.server ?? (await listen(options.port ?? 4001));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const handler = createCasebook(settle(options, url)).callback();
  server.on('request', (request, response) => void handler(request, response));
  return { url, close: () => close(server) };
}

/** The application; `settings.url` is where it is reached. */
function createCasebook(settings: Settings): Koa {
  const app = new Koa();
  const styles = serveStyles();
  const render = createRender(settings, styles.version);
  const desk: Desk = {
    settings,
    provider: createProvider(settings),
    decisions: createDecisions(settings),
    sessions: createSessions(settings.clock),
    attempts: createAttempts(settings.clock),
    cookies: createCookies(settings),
  };
  app.on('error', () => settings.say('Casebook: an answer could not be sent'));
  app.use(securityHeaders(settings));
  app.use(onlyThisHost(settings));
  app.use(styles.middleware);
  app.use(problems(settings, render));
  app.use(async (ctx, next) => {
    ctx.state.session = desk.sessions.find(desk.cookies.readSession(ctx));
    await next();
  });
  app.use(route(desk, render));
  return app;
}

function route(desk: Desk, render: Render): Koa.Middleware {
  const routes: Record<string, Koa.Middleware> = {
    'GET /': async (ctx) => {
      if (ctx.state.session !== undefined) return ctx.redirect('/cases');
      render(ctx, 'welcome.njk', {
        title: 'Casebook',
        lines: [
          'The case records of one council, open to practitioners of other agencies as far as the signed agreements go.',
        ],
      });
    },
    'GET /signed-out': async (ctx) =>
      render(ctx, 'welcome.njk', { title: 'You are signed out', lines: ['Casebook has forgotten you.'] }),
    'GET /sign-in': signIn(desk),
    'GET /callback': callback(desk),
    'POST /sign-out': signOut(desk),
    'POST /backchannel-logout': backchannelLogout(desk),
    'GET /cases': signedIn(desk, listOfCases(desk, render)),
    'GET /duties': signedIn(desk, listOfDuties(render)),
    'POST /duties': signedIn(desk, dutyDone(desk)),
  };
  const pages = casePages(desk, render);
  return async (ctx, next) => {
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
    const found = routes[`${method} ${ctx.path}`];
    if (found !== undefined) return found(ctx, next);
    const [, reference = '', page = ''] = /^\/cases\/([A-Z]{2}-[0-9]{4})(\/emergency)?$/.exec(ctx.path) ?? [];
    const about = reference === '' ? undefined : pages[`${method} ${page}`];
    if (about !== undefined) return signedIn(desk, () => about(ctx, reference))(ctx, next);
    throw notFound();
  };
}

/** Pages about one case, by method and what follows the reference. */
function casePages(desk: Desk, render: Render): Record<string, CasePage> {
  return {
    'GET ': openRecord(desk, render),
    'GET /emergency': emergencyForm(desk, render),
    'POST /emergency': openInEmergency(desk, render),
  };
}

function signedIn(desk: Desk, page: Koa.Middleware): Koa.Middleware {
  return async (ctx, next) => {
    if (ctx.state.session === undefined) return sendToSignIn(desk, ctx, ctx.url);
    return page(ctx, next);
  };
}

/** A page elsewhere could point a name of its own at this machine; Casebook answers under its own address only. */
function onlyThisHost(settings: Settings): Koa.Middleware {
  const { host } = new URL(settings.url);
  return async (ctx, next) => {
    if (ctx.host === host) return next();
    ctx.status = 421;
    ctx.body = `Casebook answers at ${settings.url} only.`;
  };
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
