/** What the service's JSON interface says of the register, as the command line reads it back from a file. */
import { z } from 'zod';
import { AssetDefinition, KindDefinition, RoleDefinition } from '../protocols/document.ts';
import type { Terms } from '../protocols/terms.ts';
import { Passkey } from '../signatures/keys.ts';
import type { Registered } from '../protocols/terms.ts';
import { hashOfJson } from '../signatures/canonical.ts';
import { capacities } from '../signatures/capacity.ts';
import { PublicKey } from '../signatures/keys.ts';

const Head = z.object({ sequence: z.int().min(0), hash: z.string() });

/** Any answer that names the head: of the register's condition, of its protocols, of one of them. */
export const HeadExport = z.union([z.object({ head: Head }), z.object({ register: Head })]);

export function headOf(answer: z.infer<typeof HeadExport>): z.infer<typeof Head> {
  return 'head' in answer ? answer.head : answer.register;
}

const Key = z.object({
  kid: z.string(),
  jwk: PublicKey,
  held: z.literal('service').optional(),
  revoked: z.int().optional(),
  compromised_from: z.int().optional(),
});

const OfficerShape = z.object({
  practitioner: z.string(),
  name: z.string(),
  capacities: z.array(z.enum(capacities)),
  kid: z.string(),
  passkey: Passkey.optional(),
  ended: z.int().optional(),
});

const Agency = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.string(),
  ended: z.int().optional(),
  keys: z.array(Key),
  officers: z.array(OfficerShape),
});

/** GET /policy/v1/register. */
export const RegisterExport = z.object({
  federation: z.string(),
  head: Head,
  agencies: z.array(Agency),
  definitions: z.array(z.discriminatedUnion('type', [AssetDefinition, RoleDefinition, KindDefinition])),
  protocols: z.array(z.object({ hash: z.string(), id: z.string(), version: z.int(), signed_by: z.array(z.string()) })),
});

/** GET /agencies/{code}/jwks, or any JSON Web Key Set: then nobody is known who holds the keys. */
const KeySet = z.object({
  agency: z.string().optional(),
  officers: z.array(OfficerShape).optional(),
  keys: z.array(z.looseObject({ held: z.literal('service').optional() })),
});

export const KeysExport = z.union([z.object({ agencies: z.array(Agency) }), KeySet]);

/** Keys and officers by agency; those of a plain key set under no agency. */
export type KnownKeys = {
  agency: string | undefined;
  keys: z.infer<typeof Key>[];
  officers: z.infer<typeof OfficerShape>[] | undefined;
};

export function knownKeys(answer: z.infer<typeof KeysExport>): KnownKeys[] {
  if ('agencies' in answer)
    return answer.agencies.map(({ code, keys, officers }) => ({ agency: code, keys, officers }));
  const keys = answer.keys.flatMap(({ held, ...given }) => {
    const { kty, crv, x, y } = given;
    const jwk = PublicKey.safeParse(kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x });
    // A key of another kind signs nothing here.
    return jwk.success ? [{ kid: hashOfJson(jwk.data), jwk: jwk.data, held }] : [];
  });
  return [{ agency: answer.agency, keys, officers: answer.officers }];
}

/** What the register sets as terms for a protocol, as far as an export says it: texts of others are known by name only. */
export function termsOfExport(register: z.infer<typeof RegisterExport>): Terms {
  const texts = register.protocols.map(({ hash, id, version, signed_by }) => ({
    id,
    text: { hash, version, document: undefined, signedBy: signed_by },
  }));
  const registered = <T extends { code: string }>(definitions: T[]): Map<string, Registered<T>> =>
    new Map(definitions.map((one) => [one.code, { definition: one, hash: hashOfJson(one as never), position: 0 }]));
  const of = <Type extends string>(type: Type) =>
    register.definitions.filter((one): one is Extract<typeof one, { type: Type }> => one.type === type);
  return {
    federation: register.federation,
    agencies: new Map(
      register.agencies.map(({ code, kind, ended }) => [code, { kind, ...(ended && { endedAt: ended }) }]),
    ),
    assets: registered(of('wayleave-asset')),
    roles: registered(of('wayleave-role')),
    kinds: registered(of('wayleave-kind')),
    findText: (hash) => texts.find(({ text }) => text.hash === hash)?.text,
    listVersions: (id) => texts.filter((one) => one.id === id).map(({ text }) => text),
  };
}
