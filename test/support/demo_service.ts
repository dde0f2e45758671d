/** The whole service with the demo region loaded and Casebook beside it, as `npm start` makes it, on ports and a database of its own. */
import { rm } from 'node:fs/promises';
import { type Application, createApplication } from '../../application.ts';
import type { Manifest } from '../../demo/manifest.ts';
import { startDemo } from '../../demo/start.ts';
import { atPort, type Config } from '../../platform/config/config.ts';
import { listen } from '../../platform/process/listen.ts';
import { closeServer, createServer, serve } from '../../platform/process/server.ts';
import { createLogger } from '../../platform/telemetry/logger.ts';
import { testDatabase } from './database.ts';
import { demoConfig } from './demo.ts';

export { actAsPartners, type Partnership } from './partners.ts';

export type DemoService = {
  config: Config;
  application: Application;
  manifest: Manifest;
  casebookUrl: string;
  ownerUrl: string;
  close(): Promise<void>;
};

/** Starts it; `changes` are environment variables. */
export async function startDemoService(changes: Record<string, string> = {}): Promise<DemoService> {
  const database = await testDatabase();
  const asked = await demoConfig({ PORT: '0', CASEBOOK_PORT: '0', DEMO: 'yes', ...changes });
  const server = createServer(asked.tls);
  const config = atPort(asked, await listen(server, { ...asked.port, host: 'localhost' }));
  const steps: (() => Promise<unknown> | void)[] = [];
  const open = (at: Config, demo: boolean) =>
    createApplication(at, {
      ownerUrl: database.ownerUrl,
      directOwnerUrl: database.ownerUrl,
      logger: createLogger(at),
      demo,
    });
  const demo = await startDemo(config, {
    ownerUrl: database.ownerUrl,
    embedded: true,
    say: () => undefined,
    open,
    shutdown: { onStop: (_name, step) => void steps.push(step) },
  });
  if (demo === undefined) throw new Error('The demo did not start.');
  serve(server, demo.application.listener);
  const close = async () => {
    for (const step of steps.toReversed()) await step();
    await closeServer(server);
    await demo.application.close();
    await database.drop();
    await rm(config.dataDir, { recursive: true });
  };
  return { config, ...demo, ownerUrl: database.ownerUrl, close };
}
