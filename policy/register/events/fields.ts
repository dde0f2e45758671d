/** The parts that several events have in common. */
import { z } from 'zod';
import { capacities } from '../signatures/capacity.ts';
import { Passkey, PublicKey } from '../signatures/keys.ts';

export const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a SHA-256 hash in base64url');
export const agency = z.string().regex(/^[A-Z0-9][A-Z0-9:-]{1,30}$/, 'use the agency’s official code');
export const position = z.int().min(1);
export const words = z.string().min(1).max(1_000);
export const practitioner = z.string().min(1).max(64);

/** The text that an event is about, and the agency whose word it is. */
export const protocolName = { protocol: hash, id: z.string().min(1).max(64), version: z.int().min(1), agency };

export const KeyEntry = z.strictObject({
  jwk: PublicKey,
  use: z.enum(['administration', 'officer']),
  /** Absent: the agency holds it. What a key that the service holds signs for an officer needs the officer's passkey too. */
  held: z.literal('service').optional(),
});
export type KeyEntry = z.infer<typeof KeyEntry>;

export const OfficerEntry = z.strictObject({
  practitioner,
  name: z.string().min(1).max(200),
  capacities: z.array(z.enum(capacities)).min(1).max(5),
  /** The officer's own key, one of the agency's. */
  kid: hash,
  passkey: Passkey.optional(),
});
export type OfficerEntry = z.infer<typeof OfficerEntry>;
