/** The demo at start-up: whether there is to be one, its federation, its region, and Casebook beside the service. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { findPartner } from '../directory/partners/find_partner.ts';
import { appUrl } from '../platform/app_role.ts';
import { openDatabase } from '../platform/database/database.ts';
import type { Config } from '../platform/config/config.ts';
import { PlatformError } from '../platform/errors.ts';
import { listen } from '../platform/process/listen.ts';
import type { Shutdown } from '../platform/process/shutdown.ts';
import { startCasebook } from './casebook/casebook.ts';
import { prepareFederation } from './load/federation.ts';
import { type DemoGround, type DemoState, findDemoState, loadDemoRegion } from './load/load.ts';
import { composeManifest, type Manifest } from './load/manifest.ts';
import { casebook } from './partners.ts';
import { agencyDesk } from './region/teams.ts';
import { demoSecrets } from './secrets.ts';
import { takeTurn } from './turn.ts';
import { agencyOf } from './region/agencies.ts';
import type { OpenRegister } from '../policy/register/ledger/open.ts';

/** What the demo needs of the assembled application. */
type Demonstrable = { ground: DemoGround; register: OpenRegister };

type DemoRegion<App> = {
  /** Opened with the demo's federation. */
  application: App;
  manifest: Manifest;
  casebookUrl: string;
};

type DemoOptions<App> = {
  ownerUrl: string;
  /** The same past any pooler. */
  directOwnerUrl?: string;
  /** Whether the database is the embedded one. */
  embedded: boolean;
  say: (line: string) => void;
  open: (config: Config, demo: boolean) => Promise<App>;
  shutdown: Pick<Shutdown, 'onStop'>;
};

/**
 * Opens the application with the demo region loaded and Casebook running, or returns undefined where there is to be no
 * demo: switched off, a server of one's own without `DEMO=1`, or an embedded database with another directory in it.
 */
export async function startDemo<App extends Demonstrable>(
  config: Config,
  options: DemoOptions<App>,
): Promise<DemoRegion<App> | undefined> {
  if (!(await isWanted(config, options))) return undefined;
  const { ownerUrl, directOwnerUrl = ownerUrl, say, open, shutdown } = options;
  const turn = await takeTurn(directOwnerUrl, say);
  shutdown.onStop('the demo', turn.end);
  const prepared = await prepareFederation(config);
  const application = await open(prepared, true);
  const region = await (turn.shows ? show(prepared, application, options) : watch(prepared, application));
  await turn.loaded();
  return { application, ...region };
}

type Shown = { manifest: Manifest; casebookUrl: string };

/** Loads what is missing of the region and runs Casebook. */
async function show<App extends Demonstrable>(
  config: Config,
  { ground, register }: App,
  { say, shutdown }: DemoOptions<App>,
): Promise<Shown> {
  const server = createServer(starting);
  const port = await listen(server, {
    ...config.casebook,
    host: '127.0.0.1',
    name: 'Casebook',
    variable: 'CASEBOOK_PORT',
  });
  shutdown.onStop('Casebook', () => closeServer(server));
  const casebookUrl = `http://127.0.0.1:${port}`;
  const manifest = await loadDemoRegion(ground, register, { casebookUrl, say });
  server.off('request', starting);
  await startCasebook({ ...casebookOptions(config, manifest), server, say: (line) => ground.logger.warn(line) });
  return { manifest, casebookUrl };
}

/** Beside a process that shows the region: the same people may sign in here, and Casebook stays where it is. */
async function watch(config: Config, { ground }: Demonstrable): Promise<Shown> {
  const home = (await findPartner(ground.db, casebook.clientId))?.homeUri ?? '';
  const casebookUrl = home.replace(/\/$/, '');
  const { baseUrl, issuer, masterKey, dataDir } = config;
  const secrets = demoSecrets(masterKey);
  return { manifest: composeManifest({ baseUrl, issuer, casebookUrl, secrets, dataDir }), casebookUrl };
}

async function isWanted<App>(config: Config, options: DemoOptions<App>): Promise<boolean> {
  const { ownerUrl, directOwnerUrl = ownerUrl, embedded } = options;
  // A process that only works off jobs answers nobody, so it shows nothing either.
  if (config.demo === 'no' || config.worker === 'only') return false;
  if (config.demo === 'auto' && !embedded) return false;
  if ((await stateOf(config, directOwnerUrl)) !== 'other') return true;
  if (config.demo === 'auto') return false;
  throw new PlatformError(
    'conflict',
    'demo-needs-an-empty-database',
    'The demo region cannot be loaded: this database holds a directory of its own. Use an empty database, or set DEMO=no.',
  );
}

async function stateOf(config: Config, ownerUrl: string): Promise<DemoState> {
  const db = openDatabase(appUrl(ownerUrl, config.masterKey), { size: 1 });
  try {
    return await findDemoState({ db, config });
  } finally {
    await db.close();
  }
}

function casebookOptions({ baseUrl, issuer }: Config, manifest: Manifest) {
  const { client_id: clientId, client_secret: clientSecret } = manifest.partners.find(
    (one) => one.client_id === casebook.clientId,
  )!;
  const { code, name } = agencyOf(casebook.agency);
  return { wayleave: baseUrl, issuer, clientId, clientSecret, agency: { code, name }, dutyDesk: agencyDesk(code) };
}

const starting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2' });
  response.end('Casebook is starting. Try again in a few seconds.\n');
};

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
