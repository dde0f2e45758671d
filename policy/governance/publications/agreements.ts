/** The register of agreements as the public sees it: one entry an agreement, with the versions that it went through. */
import type { Database } from '../../../platform/database/database.ts';
import type { ProtocolStatus, RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { documentAddress, kindName } from './kinds.ts';
import { listPublished, type Published } from './published.ts';
import { membersOf, sourceOf } from './source.ts';

/** `ended`: expired, withdrawn or replaced. An agreement that still waits for a signature is not in it at all. */
export const agreementStates = ['in-force', 'to-come', 'stopped', 'ended'] as const;
export type AgreementState = (typeof agreementStates)[number];

const states: Record<ProtocolStatus, AgreementState | undefined> = {
  'in-force': 'in-force',
  'not-yet-valid': 'to-come',
  suspended: 'stopped',
  'framework-not-in-force': 'stopped',
  'text-damaged': 'stopped',
  expired: 'ended',
  superseded: 'ended',
  withdrawn: 'ended',
  'awaiting-signatures': undefined,
};

export type Agreement = {
  id: string;
  /** The version that holds, or else the last one. */
  registered: RegisteredProtocol;
  state: AgreementState;
  /** `joined`: the day in UK time on which the host let in an agency that joined later. */
  members: { agency: string; name: string; kind: string; joined?: string }[];
  versions: { version: number; state: AgreementState; from: string; until: string }[];
};

type AgreementFilter = {
  agency?: string | undefined;
  state?: AgreementState | undefined;
  subject?: string | undefined;
};

/** Agreements by title. `subject`: every word of it stands in the title, the summary, a purpose or whom it is about. */
export function listAgreements(state: RegisterState, filter: AgreementFilter = {}): Agreement[] {
  const byId = Map.groupBy(
    [...state.protocols.values()].filter(({ status }) => states[status] !== undefined),
    ({ document }) => document.id,
  );
  return [...byId.values()]
    .map((versions) => describe(state, versions))
    .filter((agreement) => fits(agreement, filter))
    .sort((a, b) => a.registered.document.title.localeCompare(b.registered.document.title, 'en'));
}

export function findAgreement(state: RegisterState, id: string): Agreement | undefined {
  return listAgreements(state).find((agreement) => agreement.id === id);
}

const london = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

function describe(state: RegisterState, all: RegisteredProtocol[]): Agreement {
  const versions = all.toSorted((a, b) => b.document.version - a.document.version);
  const registered = versions.find(({ status }) => status === 'in-force') ?? versions[0]!;
  return {
    id: registered.document.id,
    registered,
    state: states[registered.status]!,
    members: membersOf(sourceOf(state, registered)).map(({ agency, name, kind }) => {
      const joined = registered.acceded.find((one) => one.agency === agency);
      return { agency, name, kind, ...(joined && { joined: london.format(joined.signatures[1].signedAt * 1000) }) };
    }),
    versions: versions.map(({ document, status }) => ({
      version: document.version,
      state: states[status]!,
      from: document.valid.from,
      until: document.valid.until,
    })),
  };
}

function fits({ registered, state, members }: Agreement, filter: AgreementFilter): boolean {
  const { title, summary, purposes, data_subjects: people } = registered.document;
  const text = [title, summary, ...people, ...purposes.flatMap(({ name, aim }) => [name, aim])].join(' ').toLowerCase();
  const words = (filter.subject ?? '').toLowerCase().split(/\s+/u);
  return (
    (filter.agency === undefined || members.some(({ agency }) => agency === filter.agency)) &&
    (filter.state === undefined || filter.state === state) &&
    words.every((word) => text.includes(word))
  );
}

/** What the public may read under these agreements, by id of the agreement. */
export async function documentsOf(
  db: Database,
  state: RegisterState,
  agreements: readonly Agreement[],
): Promise<Map<string, (Published & { name: string; href: string })[]>> {
  const protocols = agreements.map(({ registered }) => registered.hash);
  const published = await listPublished(db, state, { protocols });
  return Map.groupBy(
    published.map((one) => ({
      ...one,
      name: kindName(one.document),
      href: documentAddress(one.protocolId, one.document, one.agency),
    })),
    ({ protocolId }) => protocolId,
  );
}
