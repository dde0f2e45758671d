/** The register's state in the shapes of its JSON interface. */
import type { z } from 'zod';
import type { JsonObject } from '../../../platform/json.ts';
import type { Register, RegisteredProtocol, RegisterState } from '../state.ts';
import type { ListParameters, ProtocolList, ProtocolPage, RegisterPage } from './shapes.ts';

/** One page of the protocols, in the order of their first signature. */
export function describeList(
  state: RegisterState,
  query: z.output<typeof ListParameters>,
): z.input<typeof ProtocolList> {
  const { status, agency, after, limit } = query;
  const all = [...state.protocols.values()].filter(
    (one) =>
      (status === undefined || one.status === status) &&
      (agency === undefined || one.document.parties.some((party) => party.agency === agency)),
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

/** One protocol; `document` is what its stored bytes say, word for word. */
export function describeProtocol(
  state: RegisterState,
  protocol: RegisteredProtocol,
  document: JsonObject,
): z.input<typeof ProtocolPage> {
  return {
    ...describeSummary(protocol),
    register: state.head,
    document,
    signatures: protocol.signatures.map(({ agency, officerName, capacity, kid, signedAt, position }) => ({
      agency,
      officer: officerName,
      capacity,
      kid,
      signed_at: signedAt,
      event: position,
    })),
    rejected: protocol.rejected.map(({ agency, position, why }) => ({ agency, event: position, why })),
    unsigned: protocol.unsigned,
    withdrawn: protocol.withdrawn,
    suspended_by: protocol.suspendedBy,
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
  };
}

function describeSummary({
  document,
  hash,
  status,
  signatures,
}: RegisteredProtocol): z.input<typeof ProtocolList>['protocols'][number] {
  const { id, version, title, tier, valid } = document;
  const signed = new Set(signatures.map(({ agency }) => agency));
  const parties = document.parties.map(({ agency, name, controller }) => ({
    agency,
    name,
    controller,
    signed: signed.has(agency),
  }));
  return { id, version, title, tier, hash, status, valid, parties };
}
