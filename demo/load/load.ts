/**
 * Loading the demo region. Each step is one transaction or may be repeated, and the next one begins only after it: a load
 * that was killed goes on where it stopped at the next start. What is on record last says that the load is complete.
 */
import { listAgencies } from '../../directory/agencies/list_agencies.ts';
import { importRegion } from '../../directory/provisioning/import_region.ts';
import { findStanding } from '../../directory/people/find_standing.ts';
import type { Ground } from '../../platform/ground.ts';
import { appendEvents } from '../../policy/register/ledger/append.ts';
import type { OpenRegister } from '../../policy/register/ledger/open.ts';
import { composeManifest, type Manifest, writeManifest } from './manifest.ts';
import { namedPeople } from '../region/people.ts';
import { demoSecrets } from '../secrets.ts';
import { giveCredentials } from './credentials.ts';
import { describeRegion } from './directory.ts';
import { writeDrafts } from './drafts.ts';
import { letEmergenciesHappen } from './emergencies.ts';
import { factsAreRecorded, recordFacts } from './facts.ts';
import { keepHeldKeys } from './held_keys.ts';
import { keepKey } from './keys.ts';
import { describePartners, moveCasebook } from './partners.ts';
import { publishDocuments } from './publish.ts';
import { composeRegister } from './register.ts';

export type DemoGround = Pick<Ground, 'config' | 'db' | 'log' | 'keys' | 'logger' | 'clock'>;

/** `empty`: nothing in the directory; `half`: a load was cut short; `other`: a directory that is not the demo's. */
export type DemoState = 'empty' | 'half' | 'loaded' | 'other';

export async function findDemoState(ground: Pick<Ground, 'db' | 'config'>): Promise<DemoState> {
  if ((await listAgencies(ground.db)).length === 0) return 'empty';
  if (!(await peopleAreThere(ground))) return 'other';
  return (await factsAreRecorded(ground)) ? 'loaded' : 'half';
}

type LoadOptions = {
  /** Where Casebook will be, http://127.0.0.1:4001 say. */
  casebookUrl: string;
  /** Told before each long step, in words. */
  say: (line: string) => void;
};

/**
 * Loads what is missing of the demo region and writes `demo.json` for the addresses of this start. The configuration must
 * come from `prepareFederation`.
 */
export async function loadDemoRegion(
  ground: DemoGround,
  register: OpenRegister,
  options: LoadOptions,
): Promise<Manifest> {
  const { config, log, clock } = ground;
  const { casebookUrl, say } = options;
  const secrets = demoSecrets(config.masterKey);
  if (!(await factsAreRecorded(ground))) {
    if (!(await peopleAreThere(ground))) {
      say('Demo region: agencies, teams and people');
      await importRegion(
        log,
        describeRegion(clock(), (agency) => describePartners(agency, secrets, casebookUrl)),
      );
    }
    say('Demo region: passwords for the people to sign in as');
    await giveCredentials(ground, secrets);
    say('Demo region: keys, officers and signed protocols');
    await signEverything(ground, register);
    await publishDocuments(ground, register);
    say('Demo region: what its people wrote and did');
    await writeDrafts(ground, register);
    await letEmergenciesHappen(ground, register);
    await recordFacts(ground);
  }
  await moveCasebook(ground, casebookUrl);
  const { baseUrl, issuer, dataDir } = config;
  const manifest = composeManifest({ baseUrl, issuer, casebookUrl, secrets, dataDir });
  await writeManifest(dataDir, manifest);
  return manifest;
}

async function peopleAreThere({ db }: Pick<Ground, 'db'>): Promise<boolean> {
  return (await findStanding(db, namedPeople[0]!.id)) !== undefined;
}

// One transaction: the register holds all of it, or nothing yet.
async function signEverything(ground: DemoGround, register: OpenRegister): Promise<void> {
  const { config, clock } = ground;
  if ((register.state()?.head.sequence ?? 0) > 0) return;
  const events = await composeRegister({
    name: config.federation.name,
    rootKey: await keepKey(config.dataDir, 'federation-root'),
    dataDir: config.dataDir,
    now: clock(),
    held: await keepHeldKeys(ground),
  });
  await appendEvents(ground, register, { service: 'demo region' }, events);
}
