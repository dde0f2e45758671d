/** An agency joins a protocol after it was agreed: its officer accedes, and an officer of the framework's host countersigns. */
import { z } from 'zod';
import { broken } from '../chain/chain.ts';
import { accessionStands, belongsTo, type Derivation, findMember } from '../chain/derivation.ts';
import { refuse, TextUnreadable } from '../chain/refuse.ts';
import { checkSignedAt, refuseCompromised, verifyOfficer } from '../chain/signer.ts';
import type { VerifiedSignature } from '../chain/state.ts';
import { isReadable, type Readable, resolveFramework } from '../chain/versions.ts';
import { indexAccession } from '../index/protocols.ts';
import { Accession, accessionBytes } from '../protocols/accession.ts';
import { partyIssues } from '../protocols/check.ts';
import type { Party } from '../protocols/document.ts';
import { hashOf } from '../signatures/canonical.ts';
import {
  type Header,
  headerOf,
  readHeader,
  Signature,
  type SignatureType,
  signedInput,
  types,
} from '../signatures/flattened.ts';
import { protocolName } from './fields.ts';
import { defineDocumentEvent } from './kind.ts';
import { checkCurrent, listConcerned } from './protocols.ts';
import { signatory } from './protocol_signed.ts';

/** Both signatures are over the accession, so the event needs none of its own. */
const Data = z.strictObject({
  ...protocolName,
  accession: Accession,
  signature: Signature,
  countersignature: Signature,
});
type Acceded = { data: z.infer<typeof Data>; sequence: number; time: number };
type Pair = [VerifiedSignature, VerifiedSignature];

export const protocolAcceded = defineDocumentEvent({
  type: 'protocol-acceded',
  title: 'Protocol acceded to',
  data: Data,
  signedText: ({ data }) => data.protocol,
  async verify(derivation, { event, proved }) {
    const signatures = await verifyBoth(derivation, event, proved);
    return () => apply(derivation, event, signatures);
  },
  noteRefused(derivation, { data, sequence }, why) {
    const record = derivation.protocols.get(data.protocol);
    if (record === undefined) throw broken(sequence, 'nobody signed what was acceded to');
    if (why instanceof TextUnreadable) record.unverifiedAccessions.add(data.agency);
    else record.rejected.push({ agency: data.agency, position: sequence, why: why.message });
  },
  index: ({ data, sequence }) => [indexAccession(data, sequence)],
  summarise({ data }, derivation) {
    const { protocol, id, version, agency } = data;
    const { agency: host, officer: host_officer, capacity: host_capacity } = readHeader(data.countersignature);
    const own = { agency, ...signatory(data.signature) };
    return {
      agencies: listConcerned(derivation, data),
      subject: protocol,
      content: { protocol, id, version, ...own, host, host_officer, host_capacity },
    };
  },
});

// `proved`: these very signatures verified before, and only what they rest on is looked at.
async function verifyBoth(derivation: Derivation, event: Acceded, proved: boolean): Promise<Pair> {
  const { accession, signature, countersignature } = event.data;
  checkNames(derivation, event);
  const record = getText(derivation, event);
  const framework = getFramework(derivation, record, event.time);
  checkParty(derivation, record, framework, accession);
  checkCurrent(derivation, record.document, event.time);
  const host = getHost(derivation, framework);
  const headers: [Header, Header] = proved
    ? [headerOf(signature), headerOf(countersignature)]
    : [readHeader(signature), readHeader(countersignature)];
  checkHeader(headers[0], accession.party, 'acceded to');
  checkHeader(headers[1], host, 'countersigned');
  if (headers[0].officer === headers[1].officer) {
    throw refuse('forbidden', 'same-officer', 'One person cannot both accede and countersign. Ask another officer.');
  }
  const bytes = accessionBytes(accession);
  const one = (given: Signature, header: Header, type: SignatureType): Promise<VerifiedSignature> =>
    verifyOne(derivation, event, { given, header, type, bytes, proved });
  return [
    await one(signature, headers[0], types.accession),
    await one(countersignature, headers[1], types.countersignature),
  ];
}

type One = { given: Signature; header: Header; type: SignatureType; bytes: Uint8Array; proved: boolean };

async function verifyOne(
  derivation: Derivation,
  { sequence, time }: Acceded,
  { given, header, type, bytes, proved }: One,
): Promise<VerifiedSignature> {
  if (derivation.given.has(signedInput(given, hashOf(bytes)))) {
    throw refuse('conflict', 'signature-replayed', 'This very signature was given before. Sign again.');
  }
  checkSignedAt(header, time);
  refuseCompromised(derivation, header.kid, sequence);
  const shown = proved ? undefined : bytes;
  return verifyOfficer(derivation, { signature: given, header, bytes: shown, type, position: sequence });
}

function checkNames({ trust }: Derivation, { data }: Acceded): void {
  const { federation, protocol, id, version, party } = data.accession;
  if (federation !== trust.federation) {
    throw refuse(
      'invalid',
      'wrong-federation',
      `The accession belongs to ${federation}; this federation is ${trust.federation}.`,
    );
  }
  if (data.protocol !== protocol || data.id !== id || data.version !== version || data.agency !== party.agency) {
    throw refuse('invalid', 'wrong-text', 'The event names another text or agency than the accession that was signed.');
  }
}

function getText(derivation: Derivation, { data }: Acceded): Readable {
  const record = derivation.protocols.get(data.protocol);
  if (record === undefined) throw refuse('not-found', 'unknown-protocol', 'Nobody has signed a text with this hash.');
  if (record.id !== data.id || record.version !== data.version) {
    throw refuse(
      'invalid',
      'wrong-version',
      `The text with this hash is ${record.id} version ${record.version}, not ${data.id} version ${data.version}.`,
    );
  }
  if (!isReadable(record)) throw new TextUnreadable();
  if (!record.sound) throw refuse('invalid', 'protocol-not-sound', 'The protocol cannot be signed as it stands.');
  return record;
}

/** The framework whose host countersigns: the text's own where it is one. */
function getFramework(derivation: Derivation, record: Readable, time: number): Readable {
  const named = record.document.framework;
  if (record.document.tier === 'framework' || named === undefined) return record;
  const framework = resolveFramework(derivation, named.hash, time);
  if (framework === undefined) throw new TextUnreadable();
  return framework;
}

function checkParty(derivation: Derivation, record: Readable, framework: Readable, { party }: Accession): void {
  const { agency, kind } = party;
  const { document } = record;
  const member = findMember(derivation, agency);
  if (member === undefined) throw refuse('not-found', 'unknown-agency', `${agency} does not belong to the federation.`);
  if (member.kind !== kind) {
    throw refuse('invalid', 'wrong-kind', `${agency} is registered as ${member.kind}, not as ${kind}.`);
  }
  if (document.parties.some((one) => one.agency === agency)) {
    throw refuse('conflict', 'already-party', `${agency} is a party to this text: it signs it, and does not accede.`);
  }
  if (accessionStands(derivation, record, agency) && !record.suspended.has(agency)) {
    throw refuse('conflict', 'already-acceded', `${agency} has acceded to this text.`);
  }
  if (record !== framework && !belongsTo(derivation, framework, agency)) {
    throw refuse(
      'conflict',
      'framework-not-joined',
      `${agency} must first join the framework ${framework.id} version ${framework.version}.`,
    );
  }
  if (record !== framework && !document.clauses.some((clause) => clause.open_to_accession)) {
    throw refuse('conflict', 'not-open', 'No clause of this text is open to accession.');
  }
  const issues = partyIssues(party);
  if (issues.length > 0)
    throw refuse('invalid', 'accession-not-sound', 'The accession cannot be signed as it stands.', issues);
}

/** What the framework says of its host as a party. */
function getHost(derivation: Derivation, framework: Readable): Party {
  const { host, parties } = framework.document;
  const party = parties.find(({ agency }) => agency === host);
  if (party === undefined) {
    throw refuse('conflict', 'no-host', 'The framework names no host, so nobody can countersign an accession.');
  }
  if (!belongsTo(derivation, framework, party.agency)) {
    throw refuse('conflict', 'no-host', `The host ${party.agency} has not signed the framework, or has left it.`);
  }
  return party;
}

function checkHeader({ agency, capacity }: Header, party: Party, done: string): void {
  if (agency !== party.agency) {
    throw refuse(
      'forbidden',
      'wrong-agency',
      `This text must be ${done} by ${party.agency}, not by ${agency ?? 'nobody'}.`,
    );
  }
  if (capacity !== party.signs_as) {
    throw refuse('forbidden', 'capacity-missing', `For ${party.agency} it must be ${done} as ${party.signs_as}.`);
  }
}

function apply(derivation: Derivation, event: Acceded, signatures: Pair): void {
  const { data, sequence } = event;
  const record = getText(derivation, event);
  const hash = hashOf(accessionBytes(data.accession));
  for (const given of [data.signature, data.countersignature]) derivation.given.add(signedInput(given, hash));
  record.acceded.set(data.agency, { party: data.accession.party, signatures, position: sequence });
  record.suspended.delete(data.agency);
  record.unverifiedAccessions.delete(data.agency);
}
