/** Signing, for whoever holds a key: an officer's tool, the federation operator's, the demo region. Needs no database. */
import type { z } from 'zod';
import { canonicalBytes } from '../../../platform/json.ts';
import { type Accession, accessionBytes } from '../protocols/accession.ts';
import type { Protocol } from '../protocols/document.ts';
import { protocolBytes } from '../protocols/read.ts';
import type { Head } from '../chain/chain.ts';
import { type EventData, type EventOf, type EventType, kindOf, RegisterEvent } from './table.ts';
import type { Capacity } from '../signatures/capacity.ts';
import { type PrivateKey, type Signature, signFlattened, types } from '../signatures/flattened.ts';

/** An officer of an agency, with the key that the register knows as theirs. */
export type OfficerSigner = { agency: string; officer: string; capacity: Capacity; key: PrivateKey };
/** The federation's root key, an agency's administration key, or an officer. */
export type EventSigner = { key: PrivateKey } | { agency: string; key: PrivateKey } | OfficerSigner;

/**
 * Signs a protocol for an agency. `document` is what was written, or its canonical bytes; `time` is epoch seconds. The
 * signature may reach the service up to seven days later.
 */
export function signProtocol(
  input: OfficerSigner & { document: z.input<typeof Protocol> | Uint8Array; time: number },
): Promise<Signature> {
  const { agency, officer, capacity, key, time, document } = input;
  const bytes = document instanceof Uint8Array ? document : protocolBytes(document);
  return signFlattened(bytes, { typ: types.protocol, iat: Math.floor(time), agency, officer, capacity }, key);
}

/**
 * Signs an accession: for the agency that joins (`types.accession`), or for the framework's host that lets it
 * (`types.countersignature`). `time` is epoch seconds.
 */
export function signAccession(
  input: OfficerSigner & {
    accession: Accession;
    type: typeof types.accession | typeof types.countersignature;
    time: number;
  },
): Promise<Signature> {
  const { agency, officer, capacity, key, time, type, accession } = input;
  const header = { typ: type, iat: Math.floor(time), agency, officer, capacity };
  return signFlattened(accessionBytes(accession), header, key);
}

/** The event that would stand next after `head`. It counts once it is signed and the register has taken it up. */
export function proposeEvent<Type extends EventType>(
  head: Head,
  event: { federation: string; type: Type; data: EventData<Type>; time: number },
): EventOf<Type> {
  const envelope = { sequence: head.sequence + 1, previous: head.hash, time: Math.floor(event.time) };
  return RegisterEvent.parse({ ...event, ...envelope }) as EventOf<Type>;
}

/** Signs an event as its type asks for. The place in the register is part of what is signed. */
export function signEvent(event: RegisterEvent, signer: EventSigner, time: number = event.time): Promise<Signature> {
  const { key, ...who } = signer;
  const typ = kindOf(event).signed?.as ?? types.event;
  return signFlattened(canonicalBytes(event), { typ, iat: Math.floor(time), ...who }, key);
}
