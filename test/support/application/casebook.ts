/** For the tests of Casebook: an OpenID provider that is not ours, an enforcement endpoint that says what it is told, and a browser. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import mount from 'koa-mount';
import Provider, { type Configuration } from 'oidc-provider';

export type AskedQuestion = {
  authorization: string | undefined;
  body: { context: Record<string, string> } & Record<string, unknown>;
};

export type StandIn = {
  url: string;
  issuer: string;
  provider: Provider;
  asked: AskedQuestion[];
  /** Decisions whose duties were said to be done. */
  acknowledged: string[];
  /** What it answers next: a document, or a status. */
  answer: { status: number; document: unknown };
  close(): Promise<void>;
};

export const clientId = 'casebook-test';
export const clientSecret = 'a-secret-of-casebook-in-tests';

const clause = { protocol: 'safeguarding-children', version: 1, clause: 'health-visitors', hash: 'h' };

/** An answer that gives two fields and names one that is withheld. */
export const permit = {
  decision: true,
  context: {
    id: '01941f29-7c00-7acf-b992-a3426507f1d0',
    fields: ['name', 'health_needs'],
    withheld: [
      {
        field: 'address',
        reason: 'fields-not-covered',
        text: 'No clause gives this field to this role for this purpose.',
        clause,
      },
    ],
    reason: { code: 'permitted', text: 'A signed protocol gives this.' },
    clauses: [clause],
    obligations: [
      { id: 'tell-worker', type: 'notification', properties: { text: 'Tell the allocated worker today.' } },
    ],
    missing: [],
    duty_desk: { agency: 'E08000037', name: 'Gateshead desk', phone: '0191 498 0999', hours: 'Always' },
    valid_until: 4_000_000_000,
  },
};

/** An answer that gives nothing and offers an override. */
export const refusal = {
  decision: false,
  context: {
    ...permit.context,
    fields: [],
    withheld: [{ field: 'name', reason: 'involvement-needed', text: 'No confirmed involvement is recorded.', clause }],
    reason: { code: 'involvement-needed', text: 'No confirmed involvement is recorded.' },
    obligations: [],
    missing: [{ need: 'override', text: 'In an emergency this can be overridden for 30 minutes.' }],
  },
};

const personId = '01941f29-7c00-7acf-b992-a3426507f1d0';

/** Starts a stand-in for Wayleave; `casebook` is the address that people are sent back to. */
export async function startStandIn(casebook: string, options: { accessTokenSeconds?: number } = {}): Promise<StandIn> {
  const server = createServer();
  const url = await listenLocally(server, 'localhost');
  const issuer = `${url}/oidc`;
  const provider = new Provider(issuer, configuration(casebook, options.accessTokenSeconds ?? 300));
  const standIn: StandIn = {
    url,
    issuer,
    provider,
    asked: [],
    acknowledged: [],
    answer: { status: 200, document: {} },
    close: () => stop(server),
  };
  const app = new Koa();
  app.keys = ['only in tests'];
  app.use(async (ctx, next) => {
    if (ctx.path === '/.well-known/authzen-configuration') {
      ctx.body = metadata(url);
      return;
    }
    ctx.set('X-Request-ID', ctx.get('X-Request-ID'));
    const decision = /^\/access\/v1\/obligations\/(.+)$/.exec(ctx.path)?.[1];
    if (decision !== undefined) {
      standIn.acknowledged.push(decision);
      ctx.body = { outstanding: [] };
      return;
    }
    if (ctx.path !== '/access/v1/evaluation') return next();
    standIn.asked.push({
      authorization: ctx.get('authorization'),
      body: JSON.parse(await readAll(ctx.req)) as AskedQuestion['body'],
    });
    ctx.status = standIn.answer.status;
    ctx.body = standIn.answer.document;
  });
  app.use(mount('/oidc', provider));
  const handler = app.callback();
  server.on('request', (request, response) => void handler(request, response));
  return standIn;
}

/** What `/.well-known/authzen-configuration` says there. */
export function metadata(url: string) {
  return {
    policy_decision_point: url,
    access_evaluation_endpoint: `${url}/access/v1/evaluation`,
    access_evaluations_endpoint: `${url}/access/v1/evaluations`,
    search_subject_endpoint: `${url}/access/v1/search/subject`,
    search_resource_endpoint: `${url}/access/v1/search/resource`,
    search_action_endpoint: `${url}/access/v1/search/action`,
  };
}

function configuration(casebook: string, accessTokenSeconds: number): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${casebook}/callback`],
        post_logout_redirect_uris: [`${casebook}/signed-out`],
        backchannel_logout_uri: `${casebook}/backchannel-logout`,
        backchannel_logout_session_required: true,
        require_auth_time: true,
        grant_types: ['authorization_code', 'client_credentials'],
        response_types: ['code'],
      },
    ],
    scopes: ['openid', 'profile', 'email', 'post', 'decisions'],
    claims: { openid: ['sub', 'sid'], profile: ['name'], email: ['email'], post: ['agency', 'role', 'role_name'] },
    conformIdTokenClaims: false,
    findAccount: () => ({
      accountId: personId,
      claims: () => ({
        sub: personId,
        name: 'Grace <b>O’Neill</b>',
        role: 'health-visitor',
        role_name: 'Health visitor',
        agency: { id: 'RR7', name: 'Gateshead Health NHS Foundation Trust' },
      }),
    }),
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    // The library refuses to call a private address; this test is one.
    fetch: (target, init) => fetch(target, withoutGuard(init)),
    cookies: { keys: ['only in tests'] },
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: 300,
      Session: 3_600,
      Grant: 3_600,
      Interaction: 600,
      IdToken: 300,
    },
  };
}

function withoutGuard(init: RequestInit | undefined): RequestInit {
  const { dispatcher: _guard, ...open } = (init ?? {}) as RequestInit & { dispatcher?: unknown };
  return open;
}

export type Page = { url: string; status: number; headers: Headers; text: string };

/** A browser of sorts: keeps cookies by host, follows redirects, sends forms. */
export function openBrowser() {
  const jars = new Map<string, Map<string, string>>();
  const visit = async (url: string, init: RequestInit = {}): Promise<Page> => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const set of response.headers.getSetCookie()) keepCookie(jar, set);
    return { url, status: response.status, headers: response.headers, text: await response.text() };
  };
  const follow = async (url: string, init?: RequestInit): Promise<Page> => {
    let page = await visit(url, init);
    for (let hops = 0; page.status >= 300 && page.status < 400 && hops < 12; hops += 1) {
      page = await visit(new URL(page.headers.get('location')!, page.url).href);
    }
    return page;
  };
  const send = (url: string, fields: Record<string, string>, more: Record<string, string> = {}) =>
    follow(url, { method: 'POST', body: new URLSearchParams(fields), headers: more });
  return { visit, follow, send, cookies: (host: string) => jars.get(host) ?? new Map<string, string>() };
}

export type Browser = ReturnType<typeof openBrowser>;

/** Signs in at the stand-in: its login form, then its consent form. Returns the page of Casebook that comes after. */
export async function signIn(browser: Browser, start: string): Promise<Page> {
  let page = await browser.follow(start);
  for (let step = 0; step < 3 && page.text.includes('name="prompt"'); step += 1) {
    const action = /action="([^"]+)"/.exec(page.text)![1]!;
    const prompt = /name="prompt" value="([^"]+)"/.exec(page.text)![1]!;
    page = await browser.send(new URL(action, page.url).href, { prompt, login: personId, password: 'any' });
  }
  return page;
}

function keepCookie(jar: Map<string, string>, set: string): void {
  const [pair = '', ...attributes] = set.split(';');
  const [name = '', ...value] = pair.split('=');
  const gone = attributes.some((one) => /expires=Thu, 01 Jan 1970/i.test(one)) || value.join('=') === '';
  if (gone) jar.delete(name.trim());
  else jar.set(name.trim(), value.join('='));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

export function listenLocally(server: Server, name: '127.0.0.1' | 'localhost'): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, name, () => resolve(`http://${name}:${(server.address() as AddressInfo).port}`));
  });
}

export function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
