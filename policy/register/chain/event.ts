/** What may be written into the register: one schema for each kind of event. */
import { z } from 'zod';
import { Accession } from '../protocols/accession.ts';
import { AssetDefinition, KindDefinition, RoleDefinition } from '../protocols/document.ts';
import { Signature } from '../signatures/flattened.ts';
import { capacities } from '../signatures/capacity.ts';
import { Passkey, PublicKey } from '../signatures/keys.ts';

const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a SHA-256 hash in base64url');
const agency = z.string().regex(/^[A-Z0-9][A-Z0-9:-]{1,30}$/, 'use the agency’s official code');
const position = z.int().min(1);
const words = z.string().min(1).max(1_000);

const envelope = {
  federation: z.string().min(1).max(128),
  /** 1 for the first event; each event is the next. */
  sequence: position,
  /** Hash of the link before; of nothing, `origin`. */
  previous: hash,
  /** Epoch seconds by the clock of whoever made the event. */
  time: z.int().min(0),
};

export const KeyEntry = z.strictObject({
  jwk: PublicKey,
  use: z.enum(['administration', 'officer']),
  /** Absent: the agency holds it. What a key that the service holds signs for an officer needs the officer's passkey too. */
  held: z.literal('service').optional(),
});
export type KeyEntry = z.infer<typeof KeyEntry>;

export const OfficerEntry = z.strictObject({
  practitioner: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  capacities: z.array(z.enum(capacities)).min(1).max(5),
  /** The officer's own key, one of the agency's. */
  kid: hash,
  passkey: Passkey.optional(),
});
export type OfficerEntry = z.infer<typeof OfficerEntry>;

const protocolName = { protocol: hash, id: z.string().min(1).max(64), version: z.int().min(1), agency };

export const RegisterEvent = z.discriminatedUnion('type', [
  z.strictObject({
    ...envelope,
    type: z.literal('agency-admitted'),
    data: z.strictObject({
      agency,
      name: words,
      kind: z.string().min(1).max(64),
      keys: z.array(KeyEntry).min(1).max(100),
      officers: z.array(OfficerEntry).min(1).max(100),
    }),
  }),
  z.strictObject({ ...envelope, type: z.literal('agency-ended'), data: z.strictObject({ agency, reason: words }) }),
  z.strictObject({ ...envelope, type: z.literal('key-added'), data: z.strictObject({ agency, key: KeyEntry }) }),
  z.strictObject({
    ...envelope,
    type: z.literal('key-revoked'),
    /** `compromised_from`: position from which on nothing signed with it counts. Only the federation's root key may say so. */
    data: z.strictObject({ agency, kid: hash, reason: words, compromised_from: position.optional() }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('officer-appointed'),
    /** `approved_by`: the two practitioners who agreed; needed where the service holds the key that signs the event. */
    data: z.strictObject({
      agency,
      officer: OfficerEntry,
      approved_by: z.tuple([z.string().min(1).max(64), z.string().min(1).max(64)]).optional(),
    }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('officer-ended'),
    data: z.strictObject({ agency, practitioner: z.string().min(1).max(64) }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('definition-published'),
    data: z.strictObject({
      definition: z.discriminatedUnion('type', [AssetDefinition, RoleDefinition, KindDefinition]),
    }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('protocol-signed'),
    /** The officer's signature is over the text itself, so the event needs none of its own. */
    data: z.strictObject({ ...protocolName, prohibits: z.boolean(), signature: Signature }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('protocol-acceded'),
    /** Both signatures are over the accession, so the event needs none of its own. */
    data: z.strictObject({ ...protocolName, accession: Accession, signature: Signature, countersignature: Signature }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('protocol-suspended'),
    data: z.strictObject({ ...protocolName, reason: words }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('protocol-withdrawn'),
    data: z.strictObject({ ...protocolName, reason: words }),
  }),
]);
export type RegisterEvent = z.infer<typeof RegisterEvent>;
export type EventType = RegisterEvent['type'];
export type EventOf<Type extends EventType> = Extract<RegisterEvent, { type: Type }>;
export type EventData<Type extends EventType> = EventOf<Type>['data'];
