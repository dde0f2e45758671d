/** What deciding needs from the rest of the house, put together once. */
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { readTogether } from '../../../platform/database/read_together.ts';
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

/** A fact by its key. */
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
  /** These three are kept in memory until the change feed drops them. */
  standings: Facts<Standing | undefined>;
  partners: Facts<Partner | undefined>;
  dutyDesks: Facts<DutyDesk | undefined>;
  /** By pseudonym, and read each time: were they kept, the time of an answer would tell whether anybody asked before. */
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
    consents: aboutSubjects(db, listConsents),
    involvements: aboutSubjects(db, listInvolvements),
    reviews: keepReviews({ db, log, config, register }),
  };
}

function aboutSubjects<V>(
  db: Database,
  list: (tx: Queryable, subjects: readonly string[]) => Promise<ReadonlyMap<string, V[]>>,
): Facts<readonly V[]> {
  const facts = readTogether((subjects) => read(db, { reading: 'standing' }, (tx) => list(tx, subjects)));
  return { get: async (subject) => (await facts.get(subject)) ?? [] };
}

async function findDesk(db: Database, agency: string): Promise<DutyDesk | undefined> {
  const desk = await findDutyDesk(db, agency);
  return desk && { agency, name: desk.name, phone: desk.phone, hours: desk.hours };
}
