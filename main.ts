/** The process: configuration, port, database, application, jobs, signals, and the screenful that says where to open it. */
import { type Application, createApplication } from './application.ts';
import { startDemo } from './demo/start.ts';
import { atPort, type Config, loadConfig } from './platform/config/config.ts';
import { appPassword } from './platform/database/app_role.ts';
import { startEmbedded } from './platform/database/embedded/start.ts';
import { migrate } from './platform/database/migrate.ts';
import { ServiceError } from './platform/errors.ts';
import { startWorker } from './platform/jobs/worker.ts';
import { listen } from './platform/process/listen.ts';
import { closeServer, createServer, serve } from './platform/process/server.ts';
import { handleShutdown, type Shutdown } from './platform/process/shutdown.ts';
import { createLogger } from './platform/telemetry/logger.ts';
import { startScreen } from './start_screen.ts';

const say = (line: string): void => console.log(line);

async function start(shutdown: Shutdown): Promise<void> {
  const asked = loadConfig();
  const server = createServer(asked.tls);
  const port = await listen(server, { ...asked.port, name: 'Wayleave' });
  shutdown.onStop('the web server', () => closeServer(server));
  const config = atPort(asked, port);
  const database = await openDatabaseServer(config, shutdown);
  await migrate(database.directOwnerUrl, { appPassword: appPassword(config.masterKey) });
  const logger = createLogger(config);
  const open = async (at: Config, demo: boolean): Promise<Application> => {
    const application = await createApplication(at, { ...database, logger, demo });
    shutdown.onStop('the application', application.close);
    return application;
  };
  const demo = await startDemo(config, { ...database, say, open, shutdown });
  const application = demo?.application ?? (await open(config, false));
  if (config.worker !== 'separate') {
    const worker = await startWorker({ url: application.ground.directUrl, logger, ...application.jobs });
    shutdown.onStop('the jobs', worker.stop);
  }
  if (config.worker !== 'only') serve(server, application.app.callback());
  say(startScreen(config, database, demo));
}

type DatabaseServer = { ownerUrl: string; directOwnerUrl: string; embedded: boolean; location?: string };

async function openDatabaseServer(config: Config, shutdown: Shutdown): Promise<DatabaseServer> {
  const { databaseUrl, databaseDirectUrl = databaseUrl } = config;
  if (databaseUrl !== undefined && databaseDirectUrl !== undefined) {
    return { ownerUrl: databaseUrl, directOwnerUrl: databaseDirectUrl, embedded: false };
  }
  const server = await startEmbedded(config.dataDir, say);
  shutdown.onStop('the database', server.stop);
  return { ownerUrl: server.url, directOwnerUrl: server.url, embedded: true, location: server.location };
}

const shutdown = handleShutdown({ say });
try {
  await start(shutdown);
} catch (error) {
  // What was foreseen is told in its own words; anything else with its stack, for whoever has to mend it.
  console.error(error instanceof ServiceError ? error.message : error);
  await shutdown.stop();
  process.exit(1);
}
