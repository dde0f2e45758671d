/** An officer signs a protocol for their agency. */
import { z } from 'zod';
import type { JsonObject } from '../../../platform/json.ts';
import { type Derivation, type ProtocolRecord, stillStands } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import { checkSignedAt, refuseCompromised, verifyOfficer } from '../chain/signer.ts';
import type { VerifiedSignature } from '../chain/state.ts';
import { termsSoFar } from '../chain/terms.ts';
import { indexSignature, indexText } from '../index/protocols.ts';
import { checkProtocol } from '../protocols/check.ts';
import type { Protocol } from '../protocols/document.ts';
import { prohibits, type Text } from '../protocols/read.ts';
import { type Header, headerOf, readHeader, Signature, signedInput, types } from '../signatures/flattened.ts';
import { protocolName } from './fields.ts';
import { defineDocumentEvent } from './kind.ts';
import { checkCurrent } from './protocols.ts';

/** The officer's signature is over the text itself, so the event needs none of its own. */
const Data = z.strictObject({ ...protocolName, prohibits: z.boolean(), signature: Signature });
type Signed = { data: z.infer<typeof Data>; sequence: number; time: number };

export const protocolSigned = defineDocumentEvent({
  type: 'protocol-signed',
  title: 'Protocol signed',
  data: Data,
  signedText: ({ data }) => data.protocol,
  needsText: true,
  async verify(derivation, { event, proved }, text) {
    if (text === undefined) throw refuse('invalid', 'text-missing', 'The text that was signed is missing.');
    const signature = await verifySignature(derivation, event, text, proved);
    return () => apply(derivation, event, text.document, signature);
  },
  noteRefused(derivation, event, why, text) {
    const record = recordOf(derivation, event);
    if (text === undefined) return void record.unverified.add(event.data.agency);
    record.document = text.document;
    record.sound ||= !unsound.includes(why.code);
    record.rejected.push({ agency: event.data.agency, position: event.sequence, why: why.message });
  },
  index: ({ data, sequence }, text) => [
    indexText(data.protocol, sequence, text),
    indexSignature(data.protocol, data.agency, data.signature, sequence),
  ],
  summarise({ data }, _derivation, text) {
    const { protocol, id, version, agency } = data;
    return {
      agencies: text?.document.parties.map((party) => party.agency) ?? [agency],
      subject: protocol,
      content: { protocol, id, version, agency, ...signatory(data.signature) },
    };
  },
});

/** Who signed, with what and when, as the log says it. */
export function signatory(signature: Signature): JsonObject {
  const { officer, capacity, kid, iat } = readHeader(signature);
  return { officer, capacity, kid, signed_at: iat };
}

const unsound = ['wrong-text', 'signature-replayed', 'version-known', 'protocol-not-sound'];

// `proved`: this very signature verified before, and only what it rests on is looked at.
async function verifySignature(
  derivation: Derivation,
  { data, sequence, time }: Signed,
  { hash, document, bytes }: Text,
  proved: boolean,
): Promise<VerifiedSignature> {
  if (data.protocol !== hash || data.id !== document.id || data.version !== document.version) {
    throw refuse('invalid', 'wrong-text', 'The event names another protocol than the text that was signed.');
  }
  if (data.prohibits !== prohibits(document)) throw refuse('invalid', 'wrong-text', 'The event misstates the text.');
  if (derivation.given.has(signedInput(data.signature, hash))) {
    throw refuse('conflict', 'signature-replayed', 'This very signature was given before. Sign again.');
  }
  checkText(derivation, hash, document);
  checkCurrent(derivation, document, time);
  checkUnsigned(derivation, data.agency, hash);
  const header = proved ? headerOf(data.signature) : readHeader(data.signature);
  checkHeader(header, data.agency, document, time);
  refuseCompromised(derivation, header.kid, sequence);
  const given = { signature: data.signature, header, type: types.protocol, position: sequence };
  // What verified before was over a text of this hash, with the key of this thumbprint: both are the same now.
  return verifyOfficer(derivation, { ...given, bytes: proved ? undefined : requireBytes(bytes) });
}

function requireBytes(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new TypeError('a signature is verified over bytes');
  return bytes;
}

// A text is checked against the register once, when its first signature arrives: what it pins cannot change afterwards.
function checkText(derivation: Derivation, hash: string, document: Protocol): void {
  if (derivation.protocols.get(hash)?.sound) return;
  const terms = termsSoFar(derivation);
  const namesake = terms.listVersions(document.id).find((one) => one.version === document.version && one.hash !== hash);
  if (namesake !== undefined && namesake.signedBy.length > 0) {
    throw refuse(
      'conflict',
      'version-known',
      `Another text of ${document.id} version ${document.version} is signed. Give this one the next number.`,
    );
  }
  const issues = checkProtocol(document, terms);
  if (issues.length > 0)
    throw refuse('invalid', 'protocol-not-sound', 'The protocol cannot be signed as it stands.', issues);
}

function checkUnsigned(derivation: Derivation, agency: string, hash: string): void {
  const record = derivation.protocols.get(hash);
  const before = record?.signatures.get(agency);
  if (before !== undefined && stillStands(derivation, before) && !record?.suspended.has(agency)) {
    throw refuse('conflict', 'already-signed', `${agency} has signed this protocol.`);
  }
}

function checkHeader(header: Header, agency: string, document: Protocol, time: number): void {
  const party = document.parties.find((one) => one.agency === agency);
  if (party === undefined) throw refuse('forbidden', 'not-a-party', `${agency} is not a party to this protocol.`);
  if (header.agency !== agency) throw refuse('forbidden', 'wrong-agency', `The signature is not one of ${agency}.`);
  if (header.capacity !== party.signs_as) {
    throw refuse('forbidden', 'capacity-missing', `For ${agency} this protocol must be signed as ${party.signs_as}.`);
  }
  checkSignedAt(header, time);
}

function apply(derivation: Derivation, event: Signed, document: Protocol, signature: VerifiedSignature): void {
  const record = recordOf(derivation, event);
  record.document = document;
  record.sound = true;
  derivation.given.add(signedInput(event.data.signature, record.hash));
  record.signatures.set(signature.agency, signature);
  record.suspended.delete(signature.agency);
  record.withdrawn.delete(signature.agency);
  const signed = (agency: string): boolean => {
    const one = record.signatures.get(agency);
    return record.withdrawn.has(agency) || (one !== undefined && stillStands(derivation, one));
  };
  if (document.parties.every(({ agency }) => signed(agency))) record.completedAt ??= event.sequence;
}

function recordOf(derivation: Derivation, { data, sequence }: Signed): ProtocolRecord {
  const known = derivation.protocols.get(data.protocol);
  if (known !== undefined) return known;
  const record: ProtocolRecord = {
    hash: data.protocol,
    id: data.id,
    version: data.version,
    prohibits: data.prohibits,
    position: sequence,
    sound: false,
    document: undefined,
    signatures: new Map(),
    rejected: [],
    unverified: new Set(),
    suspended: new Map(),
    withdrawn: new Map(),
    acceded: new Map(),
    unverifiedAccessions: new Set(),
  };
  derivation.protocols.set(record.hash, record);
  derivation.versions.set(record.id, [...(derivation.versions.get(record.id) ?? []), record.hash]);
  return record;
}
