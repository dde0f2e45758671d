/** Signing in by plain HTTP, as a browser without JavaScript would, and a world to sign in to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import mount from 'koa-mount';
import * as client from 'openid-client';
import { generateSync } from 'otplib';
import pg from 'pg';
import type { ImportedPractitioner } from '../../../directory/provisioning/region.ts';
import type { Partner } from '../../../directory/partners/partner.ts';
import { hashClientSecret, makeClientSecret } from '../../../directory/partners/client_secret.ts';
import type { IdentityGround } from '../../../idp/context.ts';
import { importCredentials } from '../../../idp/credentials/import_credentials.ts';
import { makeTotpSecret } from '../../../idp/credentials/totp.ts';
import { createIdentity, type Identity, identityViews } from '../../../idp/identity.ts';
import { systemClock } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config/config.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import type { Log } from '../../../platform/log/log.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../platform/database.ts';
import { aPartner, aPost, aPractitioner, aStaffedAgency, aTeam, gateshead, load } from '../directory/directory.ts';
import { openTestLog } from '../platform/log.ts';
import { memoryLogger, testPipeline } from '../platform/web.ts';

/** Somebody who can sign in. */
export type Person = { id: string; email: string; password: string; totpSecret: string };

export type TestPartner = { clientId: string; secret: string; redirectUri: string; postLogoutRedirectUri: string };

export type Answer = { status: number; url: string; location: string | undefined; headers: Headers; text: string };

export type Browser = {
  /** One request with the cookies it has; neither redirects nor pages that go on by themselves are followed. */
  send(url: string, form?: Form): Promise<Answer>;
  /** The same, following redirects until a page, or until an address outside `origin`, which is not opened. */
  open(url: string, form?: Form): Promise<Answer>;
  /** Sends the form of a page whose action ends so, with its hidden fields. */
  submit(page: Answer, action: string, fields?: Record<string, string>): Promise<Answer>;
  cookies(): string;
  /** Takes a cookie as an answer’s `Set-Cookie` names it. */
  keep(header: string): void;
};

/** What is posted: fields, or with files as browsers send them. */
type Form = Record<string, string> | URLSearchParams | FormData;

type Cookie = { name: string; value: string; path: string };

/** A browser's cookies and redirects, and nothing else of it. */
export function createBrowser(origin: string, address?: string): Browser {
  const jar = new Map<string, Cookie>();
  const headersFor = (url: string): Record<string, string> => {
    const path = new URL(url).pathname;
    const sent = [...jar.values()].filter(
      (cookie) => path === cookie.path || path.startsWith(cookie.path.replace(/\/?$/, '/')),
    );
    return {
      accept: 'text/html',
      cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; '),
      ...(address === undefined ? {} : { 'x-forwarded-for': address }),
    };
  };
  const keep: Browser['keep'] = (header) => {
    const [pair = '', ...attributes] = header.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const of = (key: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
    const path = of('path') ?? '/';
    const expires = of('expires');
    if (value === '' || (expires !== undefined && Date.parse(expires) < Date.now())) jar.delete(`${name} ${path}`);
    else jar.set(`${name} ${path}`, { name, value, path });
  };
  const send: Browser['send'] = async (url, form) => {
    const absolute = new URL(url, origin).href;
    const response = await fetch(absolute, {
      redirect: 'manual',
      headers: headersFor(absolute),
      ...(form === undefined
        ? {}
        : { method: 'POST', body: form instanceof FormData ? form : new URLSearchParams(form) }),
    });
    for (const header of response.headers.getSetCookie()) keep(header);
    const text = await response.text();
    const location = response.headers.get('location') ?? refreshOf(text);
    return {
      status: response.status,
      url: absolute,
      location: location === undefined ? undefined : new URL(location, absolute).href,
      headers: response.headers,
      text,
    };
  };
  const open: Browser['open'] = async (url, form) => {
    let answer = await send(url, form);
    for (let hops = 0; answer.location?.startsWith(`${origin}/`); hops += 1) {
      if (hops > 15) throw new Error(`redirected in a circle at ${answer.location}`);
      answer = await send(answer.location);
    }
    return answer;
  };
  const submit: Browser['submit'] = (page, action, fields = {}) => {
    const { target, hidden } = findForm(page, action);
    return open(new URL(target, page.url).href, { ...hidden, ...fields });
  };
  const cookies = () => [...jar.values()].map(({ name, value }) => `${name}=${value}`).join('; ');
  return { send, open, submit, cookies, keep };
}

/** Where a page sends the browser by itself, at once. */
function refreshOf(page: string): string | undefined {
  const target = /<meta http-equiv="refresh" content="0; url=([^"]*)">/.exec(page)?.[1];
  return target?.replaceAll('&amp;', '&');
}

function findForm(page: Answer, action: string): { target: string; hidden: Record<string, string> } {
  const forms = [...page.text.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)];
  const form = forms.find(([, target]) => target?.endsWith(action));
  if (form === undefined)
    throw new Error(`no form to ${action} on ${page.url} (${page.status}): ${page.text.slice(0, 2000)}`);
  const hidden = [...(form[2] ?? '').matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return {
    target: form[1] ?? '',
    hidden: Object.fromEntries(hidden.map(([, name, value]) => [name ?? '', value ?? ''])),
  };
}

/** The code an authenticator app shows at that moment (epoch seconds). */
export function codeAt(secret: string, now: number = Date.now() / 1000): string {
  return generateSync({ secret, epoch: Math.floor(now) });
}

/** Fills in the pages of sign-in: e-mail address, password, code, and the post where one has to be chosen. */
export async function passSignIn(
  browser: Browser,
  first: Answer,
  person: Person,
  options: { post?: string; now?: number } = {},
): Promise<Answer> {
  const password = await browser.submit(first, '/email', { email: person.email });
  const code = await browser.submit(password, '/password', { password: person.password });
  const after = await browser.submit(code, '/code', { code: codeAt(person.totpSecret, options.now) });
  if (options.post === undefined || after.location !== undefined) return after;
  return browser.submit(after, '/post', { post: options.post });
}

/** A partner system's own view of the issuer, through openid-client. */
export function discover(
  issuer: string,
  partner: Pick<TestPartner, 'clientId' | 'secret'>,
): Promise<client.Configuration> {
  return client.discovery(new URL(issuer), partner.clientId, {}, client.ClientSecretBasic(partner.secret), {
    execute: [client.allowInsecureRequests],
  });
}

export type SignInOptions = { scope?: string; post?: string; now?: number; parameters?: Record<string, string> };

/** The whole code flow as one call: from the partner system to the pages and back, and the code changed into tokens. */
export async function signIn(
  issuer: string,
  partner: TestPartner,
  person: Person,
  options: SignInOptions & { browser?: Browser } = {},
): Promise<
  client.TokenEndpointResponse & client.TokenEndpointResponseHelpers & { browser: Browser; callback: string }
> {
  const browser = options.browser ?? createBrowser(new URL(issuer).origin);
  const request = await beginAuthorization(issuer, partner, options);
  let answer = await browser.open(request.url);
  if (answer.text.includes('/email"')) answer = await passSignIn(browser, answer, person, options);
  else if (answer.location === undefined && options.post !== undefined)
    answer = await browser.submit(answer, '/post', { post: options.post });
  if (answer.location === undefined)
    throw new Error(`sign-in stopped at ${answer.url} (${answer.status}): ${answer.text.slice(0, 3000)}`);
  const tokens = await request.redeem(answer.location);
  return Object.assign(tokens, { browser, callback: answer.location });
}

/** An authorization request with PKCE, and how to redeem what comes back. */
export async function beginAuthorization(
  issuer: string,
  partner: TestPartner,
  options: SignInOptions = {},
): Promise<{
  url: string;
  verifier: string;
  redeem(callback: string): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers>;
}> {
  const configuration = await discover(issuer, partner);
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: partner.redirectUri,
    scope: options.scope ?? 'openid profile email post',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...options.parameters,
  });
  const redeem = (callback: string) =>
    client.authorizationCodeGrant(configuration, new URL(callback), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    });
  return { url: url.href, verifier, redeem };
}

/** A partner system's own access token. */
export async function getToken(
  issuer: string,
  partner: Pick<TestPartner, 'clientId' | 'secret'>,
  scope = 'decisions',
): Promise<string> {
  const tokens = await client.clientCredentialsGrant(await discover(issuer, partner), { scope });
  return tokens.access_token;
}

/** A token request as a program sends it, with what came back. */
export async function tokenRequest(
  issuer: string,
  partner: Pick<TestPartner, 'clientId' | 'secret'>,
  fields: Record<string, string>,
  endpoint = '/token',
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${issuer}${endpoint}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { authorization: `Basic ${Buffer.from(`${partner.clientId}:${partner.secret}`).toString('base64')}` },
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

/** A configuration for tests, at an address. */
export function testConfig(baseUrl: string): Config {
  return {
    mode: 'test',
    baseUrl,
    issuer: `${baseUrl}/oidc`,
    port: { default: 4000 },
    casebook: { default: 4001 },
    dataDir: '/nonexistent',
    masterKey: testMasterKey,
    federation: { name: 'test.wayleave.example' },
    worker: 'separate',
    demo: 'no',
    mail: { from: 'wayleave@test.example' },
    passwordHash: { memoryCost: 1024, timeCost: 1, parallelism: 1 },
    logLevel: 'silent',
    reloadTemplates: false,
    metrics: { open: true },
    keepDays: { changeFeed: 30, lookUps: 730, duties: 730, reviewTexts: 2_190 },
    trustedProxies: 1,
  };
}

export type IdentityInstance = {
  baseUrl: string;
  issuer: string;
  ground: IdentityGround;
  identity: Identity;
  lines: string[];
  close(): Promise<void>;
};

export type World = IdentityInstance & {
  database: TestDatabase;
  partner: TestPartner;
  team: string;
  /** Admits somebody with a post and credentials vouched for by Gateshead. */
  addPerson(
    changes?: Partial<ImportedPractitioner> & { name?: string },
    without?: 'totp' | 'credentials',
  ): Promise<Person>;
  addPartner(changes?: Partial<Partner>): Promise<TestPartner>;
  /** Runs a statement as the owner of the tables, behind row-level security and grants. */
  asOwner(statement: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Another process on the same database and at the same address for the world outside. */
  anotherInstance(): Promise<IdentityInstance>;
};

/** One process that serves identity, on a free port. `publicUrl`: the address it goes by, if another answers there. */
export async function openInstance(
  database: TestDatabase,
  publicUrl?: string,
  clock = systemClock,
  changes: Partial<Config> = {},
): Promise<IdentityInstance & { log: Log }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = { ...testConfig(publicUrl ?? here), ...changes };
  const keys = openKeyRing(database.db, testMasterKey);
  const log = await openTestLog(database, { keys, clock });
  const { logger, lines } = memoryLogger('warn');
  const ground: IdentityGround = { config, db: database.db, keys, log, logger, clock };
  const identity = await createIdentity(ground);
  const pipeline = testPipeline({ baseUrl: config.baseUrl, trustedProxies: 1, logger, roots: [identityViews] });
  pipeline.use(identity.routes);
  pipeline.use(mount('/oidc', identity.app));
  const handle = pipeline.callback();
  server.on('request', (request, response) => void handle(request, response));
  return {
    baseUrl: here,
    issuer: config.issuer,
    ground,
    identity,
    lines,
    log,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await log.close();
    },
  };
}

/** A database, one process, Gateshead with a team, and a partner system. */
export async function openWorld(clock = systemClock, changes: Partial<Config> = {}): Promise<World> {
  const database = await testDatabase();
  const instance = await openInstance(database, undefined, clock, changes);
  const { log } = instance;
  const team = aTeam({ name: 'Children in need' });
  await load(log, aStaffedAgency([], { teams: [team] }));
  const others: IdentityInstance[] = [];
  const addPartner = async (changes: Partial<Partner> = {}): Promise<TestPartner> => {
    const secret = makeClientSecret();
    const partner = aPartner({
      scopes: [
        'openid',
        'profile',
        'email',
        'post',
        'decisions',
        'directory.read',
        'offline_access',
        'nationalrbacaccess',
        'selectedrole',
      ],
      authentication: { method: 'client_secret_basic', secretHash: hashClientSecret(secret) },
      ...changes,
    });
    await load(log, aStaffedAgency([], { teams: [], partners: [partner] }));
    return {
      clientId: partner.clientId,
      secret,
      redirectUri: partner.redirectUris[0] ?? '',
      postLogoutRedirectUri: partner.postLogoutRedirectUris[0] ?? '',
    };
  };
  const addPerson: World['addPerson'] = async (changes = {}, without) => {
    const id = uuidv7();
    const practitioner = aPractitioner({ id, email: `p${id.replaceAll('-', '')}@gateshead.example`, ...changes });
    const posts = [aPost({ practitioner: id, team: team.id })];
    await load(log, aStaffedAgency([practitioner], { teams: [], posts }));
    const person = {
      id,
      email: practitioner.email,
      password: `several unrelated words ${id.slice(-4)}`,
      totpSecret: makeTotpSecret(),
    };
    if (without === 'credentials') return person;
    await importCredentials(log, instance.ground.config, { agency: gateshead, service: 'tests' }, [
      { practitioner: id, password: person.password, ...(without === 'totp' ? {} : { totpSecret: person.totpSecret }) },
    ]);
    return person;
  };
  return {
    ...instance,
    database,
    team: team.id,
    partner: await addPartner(),
    addPartner,
    addPerson,
    asOwner: async (statement, values = []) => {
      const owner = new pg.Client({ connectionString: database.ownerUrl });
      await owner.connect();
      try {
        return (await owner.query<Record<string, unknown>>(statement, values)).rows;
      } finally {
        await owner.end();
      }
    },
    anotherInstance: async () => {
      const other = await openInstance(database, instance.baseUrl, clock, changes);
      others.push(other);
      return other;
    },
    close: async () => {
      for (const other of others) await other.close();
      await instance.close();
      await database.drop();
    },
  };
}
