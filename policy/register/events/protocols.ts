/** What events about protocols share: the record that they are about, and whom they concern. */
import { belongsTo, type Derivation, type ProtocolRecord } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import { endOfDay } from '../protocols/dates.ts';
import type { Protocol } from '../protocols/document.ts';
import type { Summary } from './kind.ts';

type Named = { protocol: string; id: string; version: number; agency: string };

/** The protocol named, which the agency must have signed or joined. */
export function getStanding(derivation: Derivation, { protocol, id, version, agency }: Named): ProtocolRecord {
  const record = derivation.protocols.get(protocol);
  if (record === undefined || record.id !== id || record.version !== version) {
    throw refuse('not-found', 'unknown-protocol', 'The register knows no such protocol.');
  }
  const unverified = record.unverified.has(agency) || record.unverifiedAccessions.has(agency);
  if (!unverified && !belongsTo(derivation, record, agency))
    throw refuse('conflict', 'not-signed', `${agency} has no signature on this protocol.`);
  return record;
}

/** Refuses a text that has expired, or whose place a later version has taken. */
export function checkCurrent(derivation: Derivation, document: Protocol, time: number): void {
  if (endOfDay(document.valid.until) <= time) throw refuse('conflict', 'protocol-expired', 'The protocol has expired.');
  const later = (derivation.versions.get(document.id) ?? [])
    .map((one) => derivation.protocols.get(one))
    .find((one) => one !== undefined && one.version > document.version && one.completedAt !== undefined);
  if (later !== undefined) {
    throw refuse(
      'conflict',
      'protocol-superseded',
      `Version ${later.version} has taken the place of this one. Sign that.`,
    );
  }
}

/** Everybody who signed up to the text: its parties, who joined it, and the agency itself. */
export function listConcerned({ protocols }: Derivation, { protocol, agency }: Named): string[] {
  const record = protocols.get(protocol);
  const parties = record?.document?.parties.map((party) => party.agency) ?? [];
  return [...new Set([...parties, ...(record?.acceded.keys() ?? []), agency])];
}

/** Told to everybody whom the stop concerns. */
export function aboutStop({ data }: { data: Named & { reason: string } }, derivation: Derivation): Summary {
  return { agencies: listConcerned(derivation, data), subject: data.protocol, content: { ...data } };
}
