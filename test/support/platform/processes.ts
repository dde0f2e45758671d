/** Several processes of the whole service on one database, as replicas behind one address, and load on them over HTTP. */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Manifest } from '../../../demo/load/manifest.ts';
import { loadConfig } from '../../../platform/config/config.ts';
import { type Ground, openGround } from '../../../platform/ground.ts';
import { createLogger } from '../../../platform/telemetry/logger.ts';
import { type OpenRegister, openRegister } from '../../../policy/register/ledger/open.ts';
import { type TestDatabase, testDatabase, testMasterKey } from './database.ts';
import { freePort, type Started, startMain } from '../application/start.ts';

export type Replicas = {
  database: TestDatabase;
  manifest: Manifest;
  /** Where each process answers; all of them go by one issuer. */
  addresses: string[];
  services: Started[];
  /** One more process on the same database and data folder; returns its address. */
  start(): Promise<string>;
  /** What a third process would hold that answers nobody: for changes made beside those that answer. */
  openFloors(): Promise<Floors>;
  close(): Promise<void>;
};

export type Floors = { ground: Ground; register: OpenRegister; close(): Promise<void> };

/** Starts so many processes with the demo region. */
export async function startReplicas(count: number): Promise<Replicas> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'wayleave-replicas-'));
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    BASE_URL: 'http://localhost',
    PORT: '0',
    CASEBOOK_PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: database.ownerUrl,
    KEY_ENCRYPTION_KEY: testMasterKey.toString('base64'),
    DEMO: 'yes',
  };
  const services: Started[] = [];
  const addresses: string[] = [];
  const start = async (): Promise<string> => {
    const port = await freePort();
    const service = startMain({ dataDir, environment: { ...environment, PORT: String(port) } });
    services.push(service);
    await service.ready();
    addresses.push(`http://127.0.0.1:${port}`);
    return addresses.at(-1)!;
  };
  for (let started = 0; started < count; started += 1) await start();
  const openFloors = async (): Promise<Floors> => {
    const config = loadConfig(environment);
    const late: { register?: OpenRegister } = {};
    const registerHead = () => late.register?.state()?.head.hash;
    const ground = await openGround(config, {
      ownerUrl: database.ownerUrl,
      logger: createLogger(config),
      registerHead,
    });
    const register = (late.register = await openRegister(ground));
    const close = async (): Promise<void> => {
      await register.close();
      await ground.close();
    };
    return { ground, register, close };
  };
  const close = async (): Promise<void> => {
    await Promise.all(services.filter(({ child }) => child.exitCode === null).map((service) => service.end('SIGKILL')));
    await database.drop();
    await rm(dataDir, { recursive: true });
  };
  return { database, manifest: await services[0]!.manifest(), addresses, services, start, openFloors, close };
}

export type Reply<Body> = { status: number; body: Body; sent: number; received: number };

export type Caller = {
  /** Posts JSON, or gets, as that partner; undefined when the process went away before it had answered in full. Times are performance.now(). */
  call<Body>(address: string, partner: string, path: string, body?: object): Promise<Reply<Body> | undefined>;
  close(): void;
};

/** Keeps connections open, and tokens, which hold at every replica; where none is to be had now, the call has no answer. */
export function createCaller(manifest: Manifest): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const tokens = new Map<string, Promise<string | undefined>>();
  const token = async (address: string, id: string): Promise<string | undefined> => {
    const partner = manifest.partners.find((one) => one.client_id === id)!;
    const known = tokens.get(id) ?? fetchToken(address, partner).catch(() => undefined);
    tokens.set(id, known);
    if ((await known) === undefined) tokens.delete(id);
    return known;
  };
  return {
    call: async (address, partner, where, body) => {
      const bearer = await token(address, partner);
      if (bearer === undefined) return undefined;
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
      return exchange(new URL(where, address), agent, headers, body === undefined ? undefined : JSON.stringify(body));
    },
    close: () => agent.destroy(),
  };
}

async function fetchToken(address: string, partner: Manifest['partners'][number]): Promise<string | undefined> {
  const { client_id: id, client_secret: secret } = partner;
  const response = await fetch(`${address}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'decisions audit.read' }),
  });
  return ((await response.json()) as { access_token?: string }).access_token;
}

function exchange<Body>(
  url: URL,
  agent: Agent,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Reply<Body> | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(url, { agent, headers, method: body === undefined ? 'GET' : 'POST' }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', () => resolve(undefined));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = incoming.headers['content-type']?.includes('json') ?? false;
        resolve({
          status: incoming.statusCode ?? 0,
          body: (json ? JSON.parse(text) : text) as Body,
          sent,
          received: performance.now(),
        });
      });
    });
    outgoing.on('error', () => resolve(undefined));
    const sent = performance.now();
    outgoing.end(body);
  });
}
