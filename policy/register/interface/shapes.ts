/** Parameters and shapes of the register's JSON interface, for the routes and the OpenAPI document. */
import { z } from 'zod';
import { protocolStatuses } from '../chain/state.ts';
import { Accession } from '../protocols/accession.ts';
import { Signature } from '../signatures/flattened.ts';
import { Passkey, PublicKey } from '../signatures/keys.ts';

export const ListParameters = z.strictObject({
  status: z.enum(protocolStatuses).optional(),
  agency: z.string().max(32).optional().describe('Official code of a party, or of an agency that acceded'),
  after: z.string().max(64).optional().describe('Hash of the last protocol of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const ProtocolParameters = z.strictObject({ id: z.string().max(64), version: z.coerce.number().int().min(1) });
export const AgencyParameters = z.strictObject({ code: z.string().max(32) });

const PartyShape = z.object({ agency: z.string(), name: z.string(), controller: z.string(), signed: z.boolean() });

const ProtocolSummary = z.object({
  id: z.string(),
  version: z.int(),
  title: z.string(),
  tier: z.enum(['framework', 'operational']),
  hash: z.string().describe('SHA-256 of the RFC 8785 canonical bytes, base64url'),
  status: z.enum(protocolStatuses),
  valid: z.object({ from: z.iso.date(), until: z.iso.date() }),
  parties: z.array(PartyShape),
  acceded: z.array(z.string()).describe('Agencies that joined the text since'),
});

export const ProtocolList = z.object({
  register: z
    .object({ sequence: z.int(), hash: z.string() })
    .describe('Head of the register that this list follows from'),
  protocols: z.array(ProtocolSummary),
  damaged: z
    .array(z.object({ id: z.string(), version: z.int(), hash: z.string() }))
    .describe('Signed protocols whose text in the database is missing or is not the one that was signed'),
  next: z.string().nullable().describe('`after` of the next page'),
});

const SignatureShape = z.object({
  agency: z.string(),
  officer: z.string().describe('Name'),
  capacity: z.string(),
  kid: z.string().describe('Among the keys at /agencies/{code}/jwks'),
  with: z
    .enum(['agency-key', 'passkey'])
    .describe('A key in the agency’s hands, or the officer’s passkey over what the service signed'),
  signed_at: z.int().describe('Epoch seconds by the signer’s clock'),
  event: z.int().describe('Position in the register'),
  jws: Signature.describe('The detached signature itself, to be verified away from here'),
});

export const ProtocolPage = ProtocolSummary.extend({
  register: z.object({ sequence: z.int(), hash: z.string() }),
  document: z
    .record(z.string(), z.unknown())
    .describe('Exactly as signed; its schema is at /policy/v1/schemas/protocol'),
  signatures: z.array(SignatureShape),
  accessions: z.array(
    z.object({
      agency: z.string(),
      name: z.string(),
      suspended: z.boolean().describe('Stopped by its officer, for this agency alone'),
      event: z.int().describe('Position in the register'),
      accession: Accession.describe('What both signed, in its canonical form'),
      signatures: z.array(SignatureShape).describe('The agency’s own, and that of the framework’s host'),
    }),
  ),
  rejected: z.array(z.object({ agency: z.string(), event: z.int(), why: z.string() })),
  unsigned: z.array(z.string()),
  withdrawn: z.array(z.string()),
  suspended_by: z.array(z.string()),
});

const held = z.literal('service').optional().describe('The service holds it; absent: the agency does');

const OfficerShape = z.object({
  practitioner: z.string(),
  name: z.string(),
  capacities: z.array(z.string()),
  kid: z.string().describe('The key that they sign with'),
  passkey: Passkey.optional().describe('What must stand by their signature where the service holds the key'),
  ended: z.int().optional().describe('Position in the register'),
});

export const KeySet = z.object({
  agency: z.string(),
  officers: z.array(OfficerShape),
  keys: z.array(z.intersection(PublicKey, z.object({ kid: z.string(), alg: z.string(), use: z.literal('sig'), held }))),
});

const MemberShape = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.string(),
  ended: z.int().optional(),
  keys: z.array(
    z.object({
      kid: z.string(),
      jwk: PublicKey,
      use: z.enum(['administration', 'officer']),
      held,
      revoked: z.int().optional(),
      compromised_from: z.int().optional(),
    }),
  ),
  officers: z.array(OfficerShape),
});

export const RegisterPage = z.object({
  federation: z.string(),
  verifies: z.boolean().describe('False: nothing is in force'),
  head: z.object({ sequence: z.int(), hash: z.string() }).nullable(),
  verified_at: z.number().describe('Epoch seconds of the last verification in full'),
  problems: z.array(z.object({ where: z.string(), what: z.string(), noticed_at: z.number() })),
  agencies: z
    .array(MemberShape)
    .describe('Who belongs, with the keys and officers of each; empty while it does not verify'),
  definitions: z.array(z.record(z.string(), z.unknown())).describe('Assets, roles and kinds as published last'),
  protocols: z.array(z.object({ hash: z.string(), id: z.string(), version: z.int(), signed_by: z.array(z.string()) })),
});
