/** A Wayleave of a few lines, which answers what a test says: for what the real one never does. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenLocally, metadata, stop } from '../application/casebook.ts';

export type Asked = { path: string; headers: IncomingMessage['headers']; body: Record<string, unknown> };
export type Reply = (asked: Asked, response: ServerResponse) => void;

export type DecisionPoint = {
  url: string;
  asked: Asked[];
  /** How many tokens were given out. */
  tokens: number;
  /** Seconds for which they say they hold. */
  tokenSeconds: number;
  /** Answers everything but the metadata and the tokens. */
  reply: Reply;
  close(): Promise<void>;
};

export const credentials = { clientId: 'a client', clientSecret: 'a secret: with signs & spaces' };

/** Starts it on a port of its own. */
export async function startDecisionPoint(): Promise<DecisionPoint> {
  const server = createServer();
  const url = await listenLocally(server, 'localhost');
  const point: DecisionPoint = {
    url,
    asked: [],
    tokens: 0,
    tokenSeconds: 300,
    reply: sendAnswer({}),
    close: () => stop(server),
  };
  server.on('request', (request, response) => void respond(point, request, response));
  return point;
}

/** A whole answer, permitting `name` unless told otherwise; `context` adds to it or replaces. */
export function anAnswer({ decision = true, context = {} }: { decision?: boolean; context?: object } = {}) {
  return {
    decision,
    context: {
      id: '01941f29-7c00-7acf-b992-a3426507f1d0',
      fields: decision ? ['name'] : [],
      withheld: [],
      reason: decision ? { code: 'permitted', text: 'Given.' } : { code: 'involvement-needed', text: 'Not known.' },
      clauses: [],
      obligations: [],
      missing: [],
      valid_until: Math.floor(Date.now() / 1000) + 60,
      duty_desk: { agency: 'E08000037', name: 'Gateshead desk', phone: '0191 498 0999', hours: 'Always' },
      ...context,
    },
  };
}

/** Replies with JSON, and with the request’s own id. */
export function sendJson(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return ({ headers: { 'x-request-id': id = '' } }, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'X-Request-ID': String(id), ...headers });
    response.end(JSON.stringify(body));
  };
}

export const sendAnswer = (changes: Parameters<typeof anAnswer>[0]): Reply => sendJson(anAnswer(changes));

async function respond(point: DecisionPoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url } = point;
  const path = request.url ?? '';
  const text = await readText(request);
  if (path === '/.well-known/authzen-configuration') return answer(response, metadata(url));
  if (path === '/oidc/.well-known/openid-configuration') {
    return answer(response, { issuer: `${url}/oidc`, token_endpoint: `${url}/oidc/token` });
  }
  if (path === '/oidc/token') {
    point.tokens += 1;
    return answer(response, { access_token: `token ${point.tokens}`, expires_in: point.tokenSeconds });
  }
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const asked = { path, headers: request.headers, body };
  point.asked.push(asked);
  point.reply(asked, response);
}

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
