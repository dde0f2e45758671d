/** Builders for accession: an agency that joins, what it signs, and the host that lets it. */
import { type Accession, accessionBytes } from '../../../policy/register/protocols/accession.ts';
import type { Party } from '../../../policy/register/protocols/document.ts';
import { protocolBytes } from '../../../policy/register/protocols/read.ts';
import { appendEvent } from '../../../policy/register/ledger/append.ts';
import type { Head } from '../../../policy/register/chain/chain.ts';
import type { EventData, RegisterEvent } from '../../../policy/register/events/table.ts';
import { hashOf } from '../../../policy/register/signatures/canonical.ts';
import { types } from '../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../policy/register/signatures/generate.ts';
import { type OfficerSigner, signAccession } from '../../../policy/register/events/sign.ts';
import type { RegisterProcess, TestRegister } from './register.ts';
import { aClause, anOperationalProtocol, aParty, aFramework, federationName, type ProtocolInput } from './documents.ts';
import { admissionOf, aFederation, type Federation, type TestAgency, testNow } from './federation.ts';

/** Gateshead Health, which belongs to the federation and to no protocol yet. */
export function aJoiningAgency(changes: Partial<TestAgency> = {}): TestAgency {
  const code = changes.code ?? 'RR7';
  return {
    code,
    name: 'Gateshead Health',
    kind: 'health',
    signsAs: 'caldicott-guardian',
    administration: generateKey(),
    officer: {
      agency: code,
      officer: `officer-of-${code.toLowerCase()}`,
      capacity: 'caldicott-guardian',
      key: generateKey(),
    },
    ...changes,
  };
}

/** What the agency signs to join this very text. */
export function anAccession(
  document: ProtocolInput,
  agency: TestAgency,
  changes: Partial<Accession> = {},
  party: Partial<Party> = {},
): Accession {
  return {
    type: 'wayleave-accession',
    federation: federationName,
    protocol: hashOf(protocolBytes(document)),
    id: document.id,
    version: document.version,
    party: aParty(agency, party),
    ...changes,
  };
}

export type Joining = {
  accession?: Accession;
  signer?: OfficerSigner;
  host?: OfficerSigner;
  time?: number;
};

/** What the event says, with both signatures made. */
export async function accededData(
  document: ProtocolInput,
  agency: TestAgency,
  host: TestAgency,
  changes: Joining = {},
): Promise<EventData<'protocol-acceded'>> {
  const { accession = anAccession(document, agency), signer = agency.officer, time = testNow } = changes;
  const countersigner = changes.host ?? host.officer;
  const { protocol, id, version, party } = accession;
  return {
    protocol,
    id,
    version,
    agency: party.agency,
    accession,
    signature: await signAccession({ ...signer, accession, type: types.accession, time }),
    countersignature: await signAccession({ ...countersigner, accession, type: types.countersignature, time }),
  };
}

/** A federation where a fourth agency may join a framework hosted by the council, and a protocol under it. */
export type Region = {
  federation: Federation;
  framework: ProtocolInput;
  protocol: ProtocolInput;
  joiner: TestAgency;
  /** Joins a text; writes it past every check, so that what verification makes of it is tested. */
  accede(document: ProtocolInput, changes?: Joining & { agency?: TestAgency }): Promise<RegisterEvent>;
};

/** The clause that is open to accession, and one that is not. */
export const openClauses = [
  aClause({ id: 'open', fields: ['name'], open_to_accession: true }),
  aClause({ id: 'closed', fields: ['address'] }),
];

export async function aRegion(changes: Partial<ProtocolInput> = {}): Promise<Region> {
  const federation = await aFederation();
  const joiner = aJoiningAgency();
  await federation.append('agency-admitted', admissionOf(joiner));
  const { council } = federation.agencies;
  const framework = aFramework({ host: council.code });
  const protocol = anOperationalProtocol(framework, { clauses: openClauses, ...changes });
  await federation.signByAll(framework);
  await federation.signByAll(protocol);
  return {
    federation,
    framework,
    protocol,
    joiner,
    accede: async (document, { agency = joiner, ...rest } = {}) =>
      federation.append('protocol-acceded', await accededData(document, agency, council, rest), {
        ...(rest.time !== undefined && { time: rest.time }),
      }),
  };
}

/** Adds an accession to the register that the service runs, countersigned by the host. */
export async function join(
  test: TestRegister,
  document: ProtocolInput,
  agency: TestAgency,
  changes: Joining & { in?: RegisterProcess } = {},
): Promise<Head> {
  const { in: process = test, ...joining } = changes;
  const data = await accededData(document, agency, test.agencies.council, { time: test.clock.now, ...joining });
  const { accession, signature, countersignature } = data;
  const submission = { accession: accessionBytes(accession), signature, countersignature };
  return appendEvent(process.ground, process.register, { service: 'test' }, submission);
}
