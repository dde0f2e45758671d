/** The whole service as it runs: every floor on a database of its own, over real HTTP, with the demo region if asked for. */
import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { type Application, createApplication } from '../../../application.ts';
import { type Casebook, startCasebook } from '../../../demo/casebook/casebook.ts';
import { prepareFederation } from '../../../demo/load/federation.ts';
import { loadDemoRegion } from '../../../demo/load/load.ts';
import type { Manifest } from '../../../demo/load/manifest.ts';
import type { Config } from '../../../platform/config/config.ts';
import { readTls } from '../../../platform/config/files.ts';
import { listen } from '../../../platform/process/listen.ts';
import { closeServer, createServer, serve } from '../../../platform/process/server.ts';
import { createLogger } from '../../../platform/telemetry/logger.ts';
import { type TestDatabase, testDatabase } from '../platform/database.ts';
import { demoConfig } from './demo.ts';

export type RunningApplication = Application & {
  baseUrl: string;
  config: Config;
  database: Pick<TestDatabase, 'ownerUrl' | 'drop'>;
  /** What `.data/demo.json` holds. */
  manifest: Manifest;
  casebookUrl: string;
  close(): Promise<void>;
};

/** Starts the service with the demo region and Casebook, each on a free port. Close it in `afterAll`. */
export async function startApplication(
  changes: Record<string, string> = {},
  given?: Pick<TestDatabase, 'ownerUrl' | 'drop'>,
): Promise<RunningApplication> {
  const database = given ?? (await testDatabase());
  const tls = readTls(changes.TLS_CERT_FILE, changes.TLS_KEY_FILE);
  const server = createServer(tls);
  const port = await listen(server, { asked: 0, default: 0 });
  const baseUrl = `${tls === undefined ? 'http' : 'https'}://localhost:${port}`;
  const config = await prepareFederation(await demoConfig({ BASE_URL: baseUrl, ...changes }));
  const logger = createLogger(config);
  const application = await createApplication(config, { ownerUrl: database.ownerUrl, logger, demo: true });
  serve(server, application.listener);
  const beside = await startBeside(application, config);
  return {
    ...application,
    ...beside,
    baseUrl,
    config,
    database,
    close: async () => {
      await beside.casebook.close();
      await closeServer(server);
      await application.close();
      await database.drop();
      await rm(config.dataDir, { recursive: true });
    },
  };
}

type Beside = { manifest: Manifest; casebook: Casebook; casebookUrl: string };

/** The demo region and Casebook; the address of the latter must be known before the former is loaded. */
async function startBeside(application: Application, config: Config): Promise<Beside> {
  const server: Server = createServer();
  const port = await listen(server, { asked: 0, default: 0, host: '127.0.0.1' });
  const casebookUrl = `http://127.0.0.1:${port}`;
  const manifest = await loadDemoRegion(application.ground, application.register, {
    casebookUrl,
    say: () => undefined,
  });
  const client = manifest.partners.find(({ client_id: id }) => id === 'casebook-gateshead')!;
  server.removeAllListeners('request');
  const casebook = await startCasebook({
    wayleave: config.baseUrl,
    issuer: config.issuer,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    server,
  });
  return { manifest, casebook, casebookUrl };
}
