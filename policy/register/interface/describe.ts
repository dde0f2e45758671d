/** The register's state in the shapes of its JSON interface. */
import type { z } from 'zod';
import type { JsonObject } from '../../../platform/json.ts';
import type { Signature } from '../signatures/flattened.ts';
import { publicPart } from '../signatures/keys.ts';
import type { EventData } from '../events/table.ts';
import type {
  Acceded,
  Register,
  RegisteredAgency,
  RegisteredProtocol,
  RegisterState,
  VerifiedSignature,
} from '../chain/state.ts';
import type { KeySet, ListParameters, ProtocolList, ProtocolPage, RegisterPage } from './shapes.ts';

/** One page of the protocols, in the order of their first signature. */
export function describeList(
  state: RegisterState,
  query: z.output<typeof ListParameters>,
): z.input<typeof ProtocolList> {
  const { status, agency, after, limit } = query;
  const all = [...state.protocols.values()].filter(
    (one) =>
      (status === undefined || one.status === status) &&
      (agency === undefined || [...one.document.parties, ...one.acceded].some((party) => party.agency === agency)),
  );
  const start = after === undefined ? 0 : all.findIndex(({ hash }) => hash === after) + 1;
  const page = all.slice(start, start + limit);
  return {
    register: state.head,
    protocols: page.map(describeSummary),
    damaged: [...state.damaged.values()].map(({ id, version, hash }) => ({ id, version, hash })),
    next: start + limit < all.length ? (page.at(-1)?.hash ?? null) : null,
  };
}

/** What the register took in at a place: a party's signature, or an accession with both of its own. */
export type Given = EventData<'protocol-signed'> | EventData<'protocol-acceded'>;

/** One protocol; `document` is what its stored bytes say, word for word, and `given` what stands at each place. */
export function describeProtocol(
  state: RegisterState,
  protocol: RegisteredProtocol,
  document: JsonObject,
  given: (position: number) => Given,
): z.input<typeof ProtocolPage> {
  return {
    ...describeSummary(protocol),
    register: state.head,
    document,
    signatures: protocol.signatures.map((one) => describeSignature(one, given(one.position).signature)),
    accessions: protocol.acceded.map((one) => describeAccession(one, given(one.position))),
    rejected: protocol.rejected.map(({ agency, position, why }) => ({ agency, event: position, why })),
    unsigned: protocol.unsigned,
    withdrawn: protocol.withdrawn,
    suspended_by: protocol.suspendedBy,
  };
}

function describeAccession(
  { agency, party, suspended, position, signatures: [own, host] }: Acceded,
  given: Given,
): z.input<typeof ProtocolPage>['accessions'][number] {
  if (!('accession' in given)) throw new TypeError('an agency joins by an accession');
  const { accession, signature, countersignature } = given;
  const signatures = [describeSignature(own, signature), describeSignature(host, countersignature)];
  return { agency, name: party.name, suspended, event: position, accession, signatures };
}

function describeSignature(
  signature: VerifiedSignature,
  jws: Signature,
): z.input<typeof ProtocolPage>['signatures'][number] {
  const { agency, officerName, capacity, kid, signedAt, position } = signature;
  return {
    agency,
    officer: officerName,
    capacity,
    kid,
    with: signature.with,
    signed_at: signedAt,
    event: position,
    jws,
  };
}

export function describeRegister(federation: string, register: Register): z.input<typeof RegisterPage> {
  const state = register.state();
  return {
    federation,
    verifies: state !== undefined,
    head: state?.head ?? null,
    verified_at: register.verifiedAt(),
    problems: register.problems().map(({ where, what, noticedAt }) => ({ where, what, noticed_at: noticedAt })),
    agencies: [...(state?.agencies.values() ?? [])].map(describeMember),
    definitions: [state?.kinds, state?.roles, state?.assets].flatMap((each) =>
      [...(each?.values() ?? [])].map(({ definition }) => definition),
    ),
    protocols: [...(state?.protocols.values() ?? [])].map(({ hash, document, signatures }) => ({
      hash,
      id: document.id,
      version: document.version,
      signed_by: signatures.map(({ agency }) => agency),
    })),
  };
}

function describeMember(agency: RegisteredAgency): z.input<typeof RegisterPage>['agencies'][number] {
  const { code, name, kind, endedAt } = agency;
  const keys = [...agency.keys.values()].map(({ kid, jwk, use, held, revokedAt, compromisedFrom }) => ({
    kid,
    jwk: publicPart(jwk),
    use,
    held,
    revoked: revokedAt,
    compromised_from: compromisedFrom,
  }));
  return { code, name, kind, ended: endedAt, keys, officers: describeOfficers(agency) };
}

/** The agency's keys that count now, as a JSON Web Key Set, and who signs with them. */
export function describeKeys(agency: RegisteredAgency): z.input<typeof KeySet> {
  const keys = [...agency.keys.values()].filter(({ revokedAt }) => revokedAt === undefined);
  return {
    agency: agency.code,
    keys: keys.map(({ jwk, kid, alg, held }) => ({ ...publicPart(jwk), kid, alg, use: 'sig', held })),
    officers: describeOfficers(agency).filter(({ ended }) => ended === undefined),
  };
}

function describeOfficers({ officers }: RegisteredAgency): z.input<typeof KeySet>['officers'] {
  return [...officers.values()].map(({ practitioner, name, capacities, kid, passkey, endedAt }) => ({
    practitioner,
    name,
    capacities,
    kid,
    passkey,
    ended: endedAt,
  }));
}

function describeSummary({
  document,
  hash,
  status,
  signatures,
  acceded,
}: RegisteredProtocol): z.input<typeof ProtocolList>['protocols'][number] {
  const { id, version, title, tier, valid } = document;
  const signed = new Set(signatures.map(({ agency }) => agency));
  const parties = document.parties.map(({ agency, name, controller }) => ({
    agency,
    name,
    controller,
    signed: signed.has(agency),
  }));
  const joined = acceded.map(({ agency }) => agency);
  return { id, version, title, tier, hash, status, valid, parties, acceded: joined };
}
