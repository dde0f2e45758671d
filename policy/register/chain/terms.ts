/** What the register sets as terms for a protocol, as it stands and while it is being derived. */
import type { SignedText, Terms } from '../protocols/terms.ts';
import { type Derivation, stillStands } from './derivation.ts';
import type { RegisterState } from './state.ts';

/** The terms that a register state sets. */
export function termsOf(state: RegisterState): Terms {
  const texts = new Map<string, SignedText>();
  for (const [hash, { document, signatures, withdrawn }] of state.protocols) {
    const signedBy = signatures.map(({ agency }) => agency).filter((agency) => !withdrawn.includes(agency));
    texts.set(hash, { hash, version: document.version, document, signedBy });
  }
  for (const [hash, { version, signedBy }] of state.damaged)
    texts.set(hash, { hash, version, document: undefined, signedBy });
  const idOf = (hash: string): string | undefined =>
    (state.protocols.get(hash)?.document ?? state.damaged.get(hash))?.id;
  return {
    ...state,
    findText: (hash) => texts.get(hash),
    listVersions: (id) => [...texts.values()].filter(({ hash }) => idOf(hash) === id),
  };
}

/** What the derivation so far sets as terms for a further protocol. */
export function termsSoFar(derivation: Derivation): Terms {
  const text = (hash: string): SignedText | undefined => {
    const record = derivation.protocols.get(hash);
    if (record === undefined) return undefined;
    const signedBy = [...record.signatures.values()]
      .filter((one) => stillStands(derivation, one))
      .map((one) => one.agency);
    return { hash, version: record.version, document: record.document, signedBy };
  };
  return {
    federation: derivation.trust.federation,
    agencies: derivation.agencies,
    assets: derivation.assets,
    roles: derivation.roles,
    kinds: derivation.kinds,
    findText: text,
    listVersions: (id) => (derivation.versions.get(id) ?? []).flatMap((hash) => text(hash) ?? []),
  };
}
