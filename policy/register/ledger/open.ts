/** The register as the service runs it: verified at the start, kept up with every event, verified again every 25 s. */
import type { JWK } from 'jose';
import type { Clock } from '../../../platform/clock.ts';
import type { Config } from '../../../platform/config/config.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import type { KeyRing } from '../../../platform/keys/ring.ts';
import type { Log } from '../../../platform/log/log.ts';
import { PolicyError } from '../../errors.ts';
import type { Trust } from '../chain/derivation.ts';
import type { Difference } from '../chain/difference.ts';
import { nameDatabase, openHeadFile } from './head_file.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { createMutex } from './mutex.ts';
import { openProblemList, type ProblemLogger } from './problems.ts';
import type { Register } from '../chain/state.ts';

/** What the register needs of the ground. */
export type RegisterGround = {
  config: { mode?: Config['mode']; dataDir: string; federation: { name: string; rootKey?: JWK } };
  db: Database;
  keys: KeyRing;
  log: Log;
  logger: ProblemLogger;
  clock: Clock;
};

/** A register that can be added to: `appendEvents` takes it. */
export type OpenRegister = Register & { readonly ledger: Ledger };

export type RegisterOptions = {
  /** Seconds between two verifications. Where there is much to verify it takes two of them, so at most 30. */
  interval?: number;
};

/** Opens and verifies the register. It opens even if the chain does not verify: then there is no state, and it says why. */
export async function openRegister(
  ground: RegisterGround,
  { interval = 25 }: RegisterOptions = {},
): Promise<OpenRegister> {
  const { config, db, keys, log, logger, clock } = ground;
  await keys.ensure('register', ['EdDSA']);
  const database = config.mode === 'development' ? await nameDatabase(db) : undefined;
  const headFile = openHeadFile(config.dataDir, config.federation.name, database);
  const ledger = openLedger({ db, headFile, clock, loadTrust: (tx) => loadTrust(ground, tx) });
  let members: string[] = [];
  const audience = (): string[] => (members = [...(ledger.state()?.agencies.keys() ?? members)]);
  const problems = openProblemList({ log, logger, clock, audience });
  let verifiedAt = 0;

  const verifyOnce = async (options: { spreadOver?: number }): Promise<void> => {
    audience(); // as long as there is a state to ask
    const found = await ledger.verifyAll(options);
    verifiedAt = clock();
    for (const { cause } of found) {
      if (cause !== undefined) logger.error({ err: cause }, 'The register could not be verified');
    }
    await problems.update(found.map(({ where, what }: Difference) => ({ where, what })));
  };
  // One at a time; whoever asks while one runs gets one that begins after they asked.
  const turns = createMutex();
  let waiting: Promise<void> | undefined;
  const verify = (): Promise<void> =>
    (waiting ??= turns.run(() => {
      waiting = undefined;
      return verifyOnce({});
    }));

  // Before the first reading, so that no event falls between the two. The epoch waits for it: no decision is recorded
  // under an epoch whose register events this process has not taken up.
  log.fence.onChange('register', async () => {
    try {
      await ledger.catchUp();
    } catch (error) {
      if (error instanceof PolicyError) await verify();
      else throw error;
    }
  });
  await verify();
  const timer = setInterval(() => {
    if (turns.held()) return;
    turns
      .run(() => verifyOnce({ spreadOver: interval }))
      .catch((err: unknown) => logger.error({ err }, 'The register could not be verified; it is tried again'));
  }, interval * 1000);
  timer.unref();

  return {
    ledger,
    state: ledger.state,
    problems: problems.list,
    verifiedAt: () => verifiedAt,
    verify,
    close: async () => {
      clearInterval(timer);
      await turns.run(() => Promise.resolve());
    },
  };
}

async function loadTrust({ config: { federation }, keys }: RegisterGround, tx: Queryable): Promise<Trust> {
  if (federation.rootKey === undefined) {
    throw new PolicyError(
      'unavailable',
      'root-key-missing',
      'The federation’s root key is not configured, so the register cannot be verified. Set FEDERATION_ROOT_KEY to its public key.',
    );
  }
  await keys.reload(tx);
  const sealKeys = (await keys.list('register')).map(({ publicJwk }) => publicJwk);
  return { federation: federation.name, rootKey: federation.rootKey, sealKeys };
}
