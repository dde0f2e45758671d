/** Wayleave as a partner system sees it, on this machine: sign-in without questions, tokens, and decisions by script. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createIssuer, type Issuer } from './issuer.ts';
import { type Script, toAnswer } from './scripted.ts';
import { send } from './send.ts';

type Acknowledged = { decision: string; id: string; state: string };

export type DecisionPoint = {
  url: string;
  issuer: Issuer;
  /** What is answered next. */
  script: Script;
  /** How many questions came. */
  questions: number;
  acknowledged: Acknowledged[];
  /** Every address at which the kit was called. */
  called: string[];
  close(): Promise<void>;
};

/** Listens on this machine only. `mayReturn`: the origin to which people are sent back after signing in. */
export async function startDecisionPoint(port: number, mayReturn: () => string): Promise<DecisionPoint> {
  const server = createServer();
  await listen(server, port);
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const point: DecisionPoint = {
    url,
    issuer: await createIssuer(`${url}/oidc`, mayReturn),
    script: { kind: 'answer', decision: false, fields: [] },
    questions: 0,
    acknowledged: [],
    called: [],
    close: () => close(server),
  };
  server.on('request', (request, response) => void answer(point, request, response).catch(() => response.destroy()));
  return point;
}

async function answer(point: DecisionPoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = new URL(request.url ?? '/', point.url);
  point.called.push(address.href);
  const body = await readText(request);
  if (address.pathname.startsWith('/oidc')) return point.issuer.answer(address, response, body);
  if (address.pathname === '/.well-known/authzen-configuration') return send(response, 200, metadata(point.url));
  if (!point.issuer.knows(request.headers.authorization)) return send(response, 401, { code: 'not-authenticated' });
  response.setHeader('X-Request-ID', String(request.headers['x-request-id'] ?? ''));
  const decision = /^\/access\/v1\/obligations\/([^/]+)$/.exec(address.pathname)?.[1];
  if (decision !== undefined) return acknowledge(point, decision, body, response);
  if (!/^\/access\/v1\/evaluations?$/.test(address.pathname)) return send(response, 404, { code: 'not-found' });
  point.questions += 1;
  const { evaluations } = JSON.parse(body) as { evaluations?: unknown };
  await play(point.script, Array.isArray(evaluations) ? evaluations.length : undefined, response);
}

/** `many`: so many questions came in a batch; each is answered alike. */
async function play(script: Script, many: number | undefined, response: ServerResponse): Promise<void> {
  if (script.kind === 'cut') return void response.destroy();
  if (script.kind === 'status') return send(response, script.status, { code: 'partner-kit', detail: 'As scripted.' });
  if (script.kind === 'text') return void response.writeHead(200, { 'Content-Type': script.type }).end(script.text);
  const now = Date.now() / 1000 + (script.ahead ?? 0);
  response.setHeader('Date', new Date(now * 1000).toUTCString());
  if (script.delayMs !== undefined) await delay(script.delayMs, undefined, { ref: false });
  const answers = Array.from({ length: many ?? 1 }, () => toAnswer(script, now));
  send(response, 200, many === undefined ? answers[0]! : { evaluations: answers });
}

function acknowledge(point: DecisionPoint, decision: string, body: string, response: ServerResponse): void {
  const { obligations = [] } = JSON.parse(body || '{}') as { obligations?: { id: string; state: string }[] };
  for (const { id, state } of obligations) point.acknowledged.push({ decision, id, state });
  send(response, 200, { outstanding: [] });
}

function metadata(url: string) {
  return {
    policy_decision_point: url,
    access_evaluation_endpoint: `${url}/access/v1/evaluation`,
    access_evaluations_endpoint: `${url}/access/v1/evaluations`,
    search_subject_endpoint: `${url}/access/v1/search/subject`,
    search_resource_endpoint: `${url}/access/v1/search/resource`,
    search_action_endpoint: `${url}/access/v1/search/action`,
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', () => resolve());
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
