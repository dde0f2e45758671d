/** The process: configuration, port, database, application, jobs, signals, and the screenful that says where to open it. */
import './platform/process/home.ts';
import { type Application, createApplication } from './application.ts';
import { startDemo } from './demo/start.ts';
import { atPort, type Config, loadConfig } from './platform/config/config.ts';
import { appPassword } from './platform/app_role.ts';
import { startEmbedded } from './platform/database/embedded/start.ts';
import { migrate } from './platform/migrate.ts';
import { reachDatabase } from './platform/database/reach.ts';
import { startWorker } from './platform/jobs/worker.ts';
import { checkMasterKey } from './platform/keys/check_master_key.ts';
import { explainFailure } from './platform/process/explain_failure.ts';
import { listen } from './platform/process/listen.ts';
import { renewCertificate } from './platform/process/renew_certificate.ts';
import { closeServer, createServer, onlyTelemetry, serve } from './platform/process/server.ts';
import { handleShutdown, type Shutdown } from './platform/process/shutdown.ts';
import { createLogger, type Logger } from './platform/telemetry/logger.ts';
import { startScreen } from './start_screen.ts';

const say = (line: string): void => console.log(line);

async function start(shutdown: Shutdown): Promise<void> {
  // Whoever asked for the end wants to hear no more of the start.
  const tell: Tell = (line) => {
    if (!shutdown.signal.aborted) say(line);
  };
  const asked = loadConfig();
  const door = await openDoor(asked, shutdown);
  const { config } = door;
  const database = await openDatabaseServer(config, shutdown, tell);
  shutdown.signal.throwIfAborted();
  await checkMasterKey(database.directOwnerUrl, config.masterKey);
  await migrate(database.directOwnerUrl, { appPassword: appPassword(config.masterKey) });
  shutdown.signal.throwIfAborted();
  const logger = createLogger(config);
  const open = async (at: Config, demo: boolean): Promise<Application> => {
    const application = await createApplication(at, { ...database, logger, demo });
    shutdown.onStop('the application', application.close);
    shutdown.signal.throwIfAborted();
    return application;
  };
  // Told before each long step: whoever asked for the end waits for one of them at most.
  const step: Tell = (line) => {
    shutdown.signal.throwIfAborted();
    say(line);
  };
  const demo = await startDemo(config, { ...database, say: step, open, shutdown });
  const application = demo?.application ?? (await open(config, false));
  const worker = config.worker === 'separate' ? undefined : await startJobs(application, logger);
  // Before all that they need: what is under way is answered and finished.
  shutdown.onStop('requests and jobs', () => Promise.all([door.close(), worker?.stop()]));
  shutdown.signal.throwIfAborted();
  door.answer(application);
  say(startScreen(config, { ...database, ...problemOf(application) }, demo));
}

function startJobs({ ground, jobs }: Application, logger: Logger): ReturnType<typeof startWorker> {
  return startWorker({ url: ground.directUrl, logger, ...jobs });
}

function problemOf({ register }: Application): { problem?: string } {
  const [problem] = register.state() === undefined ? register.problems() : [];
  return problem === undefined ? {} : { problem: problem.what };
}

type Door = { config: Config; answer(application: Application): void; close(): Promise<void> };

/** Takes the port before anything else, so that a start that cannot be fails at once. Until `answer` it says 503. */
async function openDoor(asked: Config, shutdown: Shutdown): Promise<Door> {
  const forJobs = asked.worker === 'only';
  // A process that only works off jobs needs no port; one that was named for it tells machines how it is.
  if (forJobs && asked.port.asked === undefined) {
    return { config: asked, answer: () => undefined, close: async () => undefined };
  }
  const server = createServer(asked.tls);
  if (asked.tls !== undefined) renewCertificate(server, asked.tls, { say });
  const port = await listen(server, { ...asked.port, name: 'Wayleave', variable: 'PORT' });
  const close = (): Promise<void> => closeServer(server);
  shutdown.onStop('the web server', close);
  const answer: Door['answer'] = ({ listener }) => serve(server, forJobs ? onlyTelemetry(listener) : listener);
  return { config: atPort(asked, port), answer, close };
}

type Tell = (line: string) => void;
type DatabaseServer = { ownerUrl: string; directOwnerUrl: string; embedded: boolean; location?: string };

async function openDatabaseServer(config: Config, shutdown: Shutdown, tell: Tell): Promise<DatabaseServer> {
  const { databaseUrl, databaseDirectUrl = databaseUrl } = config;
  if (databaseUrl !== undefined && databaseDirectUrl !== undefined) {
    await reachDatabase(databaseDirectUrl);
    return { ownerUrl: databaseUrl, directOwnerUrl: databaseDirectUrl, embedded: false };
  }
  const server = await startEmbedded(config.dataDir, tell, shutdown.signal);
  shutdown.onStop('the database', server.stop);
  return { ownerUrl: server.url, directOwnerUrl: server.url, embedded: true, location: server.location };
}

const shutdown = handleShutdown({ say });

/** What is understood is told in words; anything else with its stack, for whoever has to mend it. */
async function fail(error: unknown, words?: string): Promise<void> {
  // Asked to end while it started: what was closed under its hands failed, and that is nothing to tell.
  if (shutdown.signal.aborted) return;
  if (words !== undefined) console.error(`\n${words}`);
  else
    console.error('\nWayleave ends with code 1, because of an error that nobody foresaw. Please report it:\n', error);
  await shutdown.stop();
  process.exit(1);
}

process.on('uncaughtException', (error) => void fail(error));
// Whoever reads what is printed may go away (`npm start | head`): nobody is there to be told, so it ends in order.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', () => void shutdown.stop().then((code) => process.exit(code)));
const started = start(shutdown);
shutdown.during(started);
await started.catch((error: unknown) => fail(error, explainFailure(error)));
