/** Builders of the directory with valid defaults, and a small region to test in. */
import { createHash, randomInt } from 'node:crypto';
import type { AgencyInput } from '../../../directory/agencies/register_agency.ts';
import { importRegion } from '../../../directory/provisioning/import_region.ts';
import type {
  ImportedAgency,
  ImportedPost,
  ImportedPractitioner,
  ImportedTeam,
} from '../../../directory/provisioning/region.ts';
import type { Partner } from '../../../directory/partners/partner.ts';
import type { Log } from '../../../platform/log/log.ts';
import { uuidv7 } from '../../../platform/uuid.ts';

/** Official codes of four agencies of different kinds. */
export const gateshead = 'E08000037';
export const newcastle = 'E08000021';
export const northumbria = 'E23000007';
export const hospitals = 'RTD';

const source = 'test region';

/** An agency to register; a council unless said otherwise. */
export function anAgency(changes: Partial<AgencyInput> = {}): AgencyInput {
  return {
    code: gateshead,
    codeSystem: 'gss',
    codeSource: 'ONS Register of Geographic Codes',
    kind: 'council',
    name: 'Gateshead Council',
    switchboard: '0191 433 3000',
    website: 'https://www.gateshead.gov.uk',
    area: 'Gateshead',
    source,
    ...changes,
  };
}

/** A listed team. */
export function aTeam(changes: Partial<ImportedTeam> = {}): ImportedTeam {
  const id = changes.id ?? uuidv7();
  return { id, name: `Team ${id.slice(-6)}`, source, ...changes };
}

/** A practitioner with checked identity and an e-mail address of their own; `name` is short for `names`. */
export function aPractitioner(changes: Partial<ImportedPractitioner> & { name?: string } = {}): ImportedPractitioner {
  const { name = 'Jo Armstrong', ...rest } = changes;
  const id = rest.id ?? uuidv7();
  return {
    id,
    names: partsOf(name),
    email: `${id.slice(-12)}@gateshead.example`,
    phone: '0191 433 0000',
    identity: { level: 2, checkedBy: 'Gateshead Council', checkedAt: 1_780_000_000, against: 'passport' },
    source,
    ...rest,
  };
}

/** A substantive post that began in 2024 and is open-ended. Say whose and where. */
export function aPost(changes: Partial<ImportedPost> & Pick<ImportedPost, 'practitioner' | 'team'>): ImportedPost {
  return { id: uuidv7(), role: 'social-worker', kind: 'substantive', from: 1_704_067_200, source, ...changes };
}

/** The secret of `aPartner()`. */
export const partnerSecret = 'test-partner-secret-of-enough-letters';

/** A partner system that may ask for decisions and read the directory. The secret's hash is SHA-256: random secrets need no more. */
export function aPartner(changes: Partial<Partner> = {}): Partner {
  const clientId = changes.clientId ?? `partner-${randomInt(1_000_000_000)}`;
  return {
    clientId,
    name: 'Casebook',
    agency: gateshead,
    status: 'active',
    holds: [gateshead],
    understands: ['fields'],
    scopes: ['decisions', 'directory.read'],
    redirectUris: ['http://127.0.0.1:4001/callback'],
    postLogoutRedirectUris: ['http://127.0.0.1:4001/'],
    authentication: {
      method: 'client_secret_basic',
      secretHash: createHash('sha256').update(partnerSecret).digest('base64url'),
    },
    ...changes,
  };
}

/** An agency as the bulk import takes it, with what it owns. */
export function anImportedAgency(changes: Partial<ImportedAgency> = {}): ImportedAgency {
  return { ...anAgency(), teams: [], desks: [], practitioners: [], posts: [], ...changes };
}

/** People of one agency, each with a post in one team of it. */
export function aStaffedAgency(
  people: ImportedPractitioner[],
  changes: Partial<ImportedAgency> = {},
  post: Partial<ImportedPost> = {},
): ImportedAgency {
  const team = changes.teams?.[0] ?? aTeam();
  return anImportedAgency({
    teams: [team],
    practitioners: people,
    posts: people.map(({ id }) => aPost({ practitioner: id, team: team.id, ...post })),
    ...changes,
  });
}

/** Loads agencies into a test database. */
export function load(log: Log, ...agencies: ImportedAgency[]): Promise<void> {
  return importRegion(log, { service: 'tests', agencies });
}

/** "Mary Jane Smith" → given names and a family name. */
export function partsOf(name: string): { display: string; given: string; family: string } {
  const words = name.split(' ');
  return { display: name, given: words.slice(0, -1).join(' '), family: words.at(-1) ?? '' };
}
