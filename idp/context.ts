/** What every part of identity works with: the ground, and the directory as read through the fence. */
import type { Logger } from 'pino';
import { findPartner } from '../directory/partners/find_partner.ts';
import type { Partner } from '../directory/partners/partner.ts';
import { findStanding } from '../directory/people/find_standing.ts';
import type { Standing } from '../directory/people/standing.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/config.ts';
import type { Database } from '../platform/database/database.ts';
import type { KeyRing } from '../platform/keys/ring.ts';
import type { Log } from '../platform/log/log.ts';

/** The part of the ground floor that identity stands on. */
export type IdentityGround = {
  config: Config;
  db: Database;
  keys: KeyRing;
  log: Log;
  logger: Logger;
  clock: Clock;
};

export type IdentityContext = IdentityGround & {
  /** Standing and partner systems from memory, dropped by the change feed: as fresh as the last `fence.catchUp()`. */
  standing(practitioner: string): Promise<Standing | undefined>;
  partner(clientId: string): Promise<Partner | undefined>;
};

/** Opens the caches that all of identity shares. `own`: clients that are part of the service and stand in no directory. */
export function createContext(ground: IdentityGround, own: readonly Partner[] = []): IdentityContext {
  const { db, log } = ground;
  const standing = log.fence.cache('practitioner', (id) => findStanding(db, id));
  const partners = log.fence.cache('partner', (id) => findPartner(db, id));
  const partner = async (id: string): Promise<Partner | undefined> =>
    own.find(({ clientId }) => clientId === id) ?? partners.get(id);
  return { ...ground, standing: (id) => standing.get(id), partner };
}

/** The standing of somebody who may be signed in at all; undefined for unknown, suspended and departed people. */
export async function findActiveStanding(
  context: IdentityContext,
  practitioner: string,
): Promise<Standing | undefined> {
  const standing = await context.standing(practitioner);
  return standing?.status === 'active' ? standing : undefined;
}

/** The partner system, unless it is unknown or suspended. */
export async function findActivePartner(context: IdentityContext, clientId: string): Promise<Partner | undefined> {
  const partner = await context.partner(clientId);
  return partner?.status === 'active' ? partner : undefined;
}
