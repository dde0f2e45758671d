/** What deciding needs from the rest of the house, put together once. */
import type { Database } from '../../../platform/database/database.ts';
import { read } from '../../../platform/database/transaction.ts';
import type { Fence, Log } from '../../../platform/log/log.ts';
import { findDutyDesk } from '../../../directory/agencies/find_duty_desk.ts';
import { findPartner } from '../../../directory/partners/find_partner.ts';
import type { Partner } from '../../../directory/partners/partner.ts';
import { findStanding } from '../../../directory/people/find_standing.ts';
import type { Standing } from '../../../directory/people/standing.ts';
import { type Consent, listConsents } from '../consent/consent.ts';
import { type Involvement, listInvolvements } from '../involvement/involvement.ts';
import { createPseudonym, type Pseudonymise } from '../involvement/pseudonym.ts';
import { keepReviews, type Reviews } from '../overrides/keep_reviews.ts';
import type { Register, RegisterState } from '../../register/chain/state.ts';
import { keepRules, type Ruleset } from '../rules/compile.ts';
import type { DutyDesk } from './decision.ts';
import type { FindPresence } from './presence.ts';

/** A fact by its key: kept in memory until the change feed drops it. */
type Facts<V> = { get(key: string): Promise<V> };

export type PolicyContext = {
  db: Database;
  log: Pick<Log, 'append'> & { fence: Pick<Fence, 'epoch' | 'catchUp'> };
  register: Pick<Register, 'state' | 'verify'>;
  /** Epoch seconds. */
  clock: () => number;
  /** Seals what only the holding agency may read. */
  masterKey: Buffer;
  pseudonym: Pseudonymise;
  rules: (state: RegisterState) => Ruleset;
  findPresence: FindPresence;
  standings: Facts<Standing | undefined>;
  partners: Facts<Partner | undefined>;
  dutyDesks: Facts<DutyDesk | undefined>;
  /** By pseudonym. */
  consents: Facts<readonly Consent[]>;
  involvements: Facts<readonly Involvement[]>;
  reviews: Reviews;
};

/** The ground as policy needs it. */
type PolicyGround = {
  db: Database;
  log: Log;
  clock: () => number;
  config: { masterKey: Buffer; baseUrl: string };
};

/** Opens the policy floor's deciding part. `findPresence` is the identity provider's, lent by the composition root. */
export function openPolicy(ground: PolicyGround, register: Register, findPresence: FindPresence): PolicyContext {
  const { db, log, clock, config } = ground;
  const { fence } = log;
  return {
    db,
    log,
    register,
    clock,
    masterKey: config.masterKey,
    pseudonym: createPseudonym(config.masterKey),
    rules: keepRules(),
    findPresence,
    standings: fence.cache('practitioner', (id) => findStanding(db, id)),
    partners: fence.cache('partner', (clientId) => findPartner(db, clientId)),
    dutyDesks: fence.cache('agency', (agency) => findDesk(db, agency)),
    consents: fence.cache('consent', (subject) => read(db, { reading: 'standing' }, (tx) => listConsents(tx, subject))),
    involvements: fence.cache('involvement', (subject) =>
      read(db, { reading: 'standing' }, (tx) => listInvolvements(tx, subject)),
    ),
    reviews: keepReviews({ db, log, config, register }),
  };
}

async function findDesk(db: Database, agency: string): Promise<DutyDesk | undefined> {
  const desk = await findDutyDesk(db, agency);
  return desk && { agency, name: desk.name, phone: desk.phone, hours: desk.hours };
}
