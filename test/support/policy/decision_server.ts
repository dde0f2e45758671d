/** The decision interface over real HTTP, a real log and a real directory; only the register's state is made by hand. */
import { SignJWT } from 'jose';
import type { Partner } from '../../../directory/partners/partner.ts';
import { type Clock, systemClock } from '../../../platform/clock.ts';
import { type KeyRing, openKeyRing } from '../../../platform/keys/ring.ts';
import type { Log } from '../../../platform/log/log.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { auditOperations } from '../../../policy/decisions/audit/operations.ts';
import { accessOperations } from '../../../policy/decisions/access/operations.ts';
import { openPolicy, type PolicyContext } from '../../../policy/decisions/deciding/context.ts';
import type { FindPresence } from '../../../policy/decisions/deciding/presence.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { type TestDatabase, testMasterKey } from '../platform/database.ts';
import {
  anImportedAgency,
  aPartner,
  aPost,
  aPractitioner,
  aStaffedAgency,
  aTeam,
  load,
  gateshead,
  hospitals,
} from '../directory/directory.ts';
import { openTestLog } from '../platform/log.ts';
import { type PipelineOptions } from '../../../platform/web/pipeline.ts';
import { serve, type Served, testApi } from '../platform/web.ts';
import { aClause, aProtocol } from './documents.ts';
import { aState, gatesheadDesk } from './decisions.ts';

const baseUrl = 'http://localhost:4000';
const issuer = `${baseUrl}/oidc`;

/** Children's records of Gateshead: names without a sign-in, plans with one, health with the family's agreement. */
export function aFederation(): RegisterState {
  return aState([
    aProtocol({
      clauses: [
        aClause({ id: 'name', fields: ['name', 'school'] }),
        aClause({ id: 'plan', fields: ['plan'], presence: 'required' }),
        aClause({
          id: 'health',
          fields: ['health_summary'],
          consent: { rule: 'required', as: 'confidence' },
          explain: 'facts',
        }),
        aClause({ id: 'worker', fields: ['allocated_worker'], involvement: 'required', explain: 'facts' }),
      ],
    }),
  ]);
}

export type DecisionServer = Served & { log: Log; policy: PolicyContext; token: string };

/** The people of the test region. */
export type Region = { people: string[]; posts: Map<string, string> };

/** Gateshead with its duty desk and partner systems, and a hospital trust with health visitors. */
export async function loadRegion(log: Log, people = 1): Promise<Region> {
  const staff = Array.from({ length: people }, (_, index) => aPractitioner({ name: `Ada Robson ${index}` }));
  const team = aTeam();
  const posts = staff.map(({ id }) => aPost({ id: uuidv7(), practitioner: id, team: team.id, role: 'health-visitor' }));
  const { name, phone, hours } = gatesheadDesk;
  const partners: Partner[] = [
    aPartner({
      clientId: 'casebook',
      holds: [gateshead],
      understands: ['fields'],
      scopes: ['decisions', 'audit.read'],
    }),
    aPartner({ clientId: 'two-agencies', holds: [gateshead, hospitals], scopes: ['decisions', 'audit.read'] }),
    aPartner({ clientId: 'no-decisions', scopes: ['directory.read'] }),
  ];
  await load(
    log,
    anImportedAgency({ partners, desks: [{ name, phone, hours, source: 'test region' }] }),
    aStaffedAgency([], {
      code: hospitals,
      codeSystem: 'ods',
      kind: 'health',
      name: 'Newcastle Hospitals',
      teams: [team],
      practitioners: staff,
      posts,
      partners: [
        aPartner({
          clientId: 'trust-system',
          agency: hospitals,
          holds: [hospitals],
          scopes: ['decisions', 'audit.read'],
        }),
      ],
    }),
  );
  return {
    people: staff.map(({ id }) => id),
    posts: new Map(posts.map(({ practitioner, id }) => [practitioner, id ?? ''])),
  };
}

export type ServerOptions = {
  state?: RegisterState;
  clock?: Clock;
  findPresence?: FindPresence;
  pipeline?: Partial<PipelineOptions>;
  /** What the service takes for its own address. */
  baseUrl?: string;
};

/** One process of the service, as far as decisions go. */
export async function startDecisionServer(
  database: Pick<TestDatabase, 'db' | 'url'>,
  options: ServerOptions = {},
): Promise<DecisionServer> {
  const { db } = database;
  const keys = openKeyRing(db, testMasterKey);
  await keys.ensure('oidc', ['ES256']);
  const state = options.state ?? aFederation();
  const log = await openTestLog(database, { keys, registerHead: () => state.head.hash });
  const register = {
    state: () => state,
    verify: async () => undefined,
    problems: () => [],
    verifiedAt: systemClock,
    close: async () => undefined,
  };
  const ground = {
    db,
    log,
    clock: options.clock ?? systemClock,
    keys,
    config: { masterKey: testMasterKey, issuer, baseUrl: options.baseUrl ?? baseUrl },
  };
  const policy = openPolicy(ground, register, options.findPresence ?? (async () => undefined));
  const operations = [...accessOperations(policy, ground), ...auditOperations(policy, ground)];
  const served = await serve(testApi(operations, options.pipeline));
  const close = async (): Promise<void> => {
    await served.close();
    await log.close();
  };
  return { ...served, log, policy, token: await aToken(keys), close };
}

/** An access token as the issuer makes them for a partner's client credentials. */
export async function aToken(
  keys: KeyRing,
  changes: {
    clientId?: string;
    scope?: string;
    audience?: string | string[];
    expiresIn?: number;
    subject?: string;
  } = {},
): Promise<string> {
  const {
    clientId = 'casebook',
    scope = 'decisions audit.read',
    audience = [`${baseUrl}/access`, `${baseUrl}/api`],
  } = changes;
  const key = await keys.current('oidc', 'ES256');
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ client_id: clientId, scope, jti: uuidv7() })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(changes.subject ?? clientId)
    .setIssuedAt(now)
    .setExpirationTime(now + (changes.expiresIn ?? 300))
    .sign(key.privateKey);
}

/** An AuthZEN request for a child's name by that person. */
export function anEvaluation(person: string, properties: object = {}, changes: object = {}) {
  return {
    subject: { type: 'practitioner', id: person },
    action: { name: 'read' },
    resource: {
      type: 'child-record',
      id: 'case-17',
      properties: { agency: gateshead, fields: ['name'], ...properties },
    },
    context: { purpose: 'safeguarding' },
    ...changes,
  };
}
