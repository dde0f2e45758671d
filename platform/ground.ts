/** The ground: what every floor stands on, opened once for this process and closed in reverse. */
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { appUrl } from './app_role.ts';
import { type Database, openDatabase } from './database/database.ts';
import { type KeyRing, openKeyRing } from './keys/ring.ts';
import { type Log, openLog } from './log/log.ts';
import type { Logger } from './telemetry/logger.ts';

export type Ground = {
  config: Config;
  db: Database;
  /** The application's address of the database past any pooler, for notifications and jobs. */
  directUrl: string;
  keys: KeyRing;
  log: Log;
  logger: Logger;
  /** Epoch seconds, with a fraction: the database's clock, as `platform/log/follow_clock.ts` follows it. */
  clock: Clock;
};

export type GroundOptions = {
  /** The database's address as its owner, and the same past a pooler. */
  ownerUrl: string;
  directOwnerUrl?: string;
  logger: Logger;
  /** Head of the signed register as this process knows it; every entry of the log carries it. */
  registerHead: () => string | undefined;
  /** For tests: another time to go by. */
  clock?: Clock;
};

/** Connects as the application's role. The database must have been migrated. */
export async function openGround(config: Config, options: GroundOptions): Promise<Ground & { close(): Promise<void> }> {
  const { ownerUrl, directOwnerUrl = ownerUrl, logger, registerHead, clock } = options;
  const directUrl = appUrl(directOwnerUrl, config.masterKey);
  const onError = (err: Error): void => logger.warn({ err }, 'an idle database connection was lost');
  const db = openDatabase(appUrl(ownerUrl, config.masterKey, directOwnerUrl), { size: 10, onError });
  const onWorthless = (err: Error): void =>
    logger.error({ err, alarm: 'signing-key-damaged' }, 'a signing key in the database is worthless and was left out');
  const keys = openKeyRing(db, config.masterKey, clock, onWorthless);
  const origin = `${config.federation.name}/log/main`;
  const log = await openLog({ db, listenUrl: directUrl, keys, origin, registerHead, clock, logger });
  const close = async (): Promise<void> => {
    await log.close();
    await db.close();
  };
  return { config, db, directUrl, keys, log, logger, clock: log.clock, close };
}
