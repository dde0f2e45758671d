/** What a protocol is checked against. */
import type { RegisteredAgency, RegisterState } from '../chain/state.ts';
import type { Protocol } from './document.ts';

/** A signed text as others refer to it: without a document where the text cannot be read. */
export type SignedText = { hash: string; version: number; document: Protocol | undefined; signedBy: string[] };

export type Terms = Pick<RegisterState, 'federation' | 'assets' | 'roles' | 'kinds'> & {
  agencies: ReadonlyMap<string, RegisteredAgency>;
  findText(hash: string): SignedText | undefined;
  listVersions(id: string): SignedText[];
};

/** Says that the value at `path` is wrong, and why. */
export type Complain = (message: string, ...path: PropertyKey[]) => void;

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

/** Complains about each value that stands in the list a second time. */
export function noDuplicates(values: readonly string[], complain: Complain, ...path: PropertyKey[]): void {
  const seen = new Set<string>();
  values.forEach((value, index) => {
    if (seen.has(value)) complain(`${value} stands here twice.`, ...path, index);
    seen.add(value);
  });
}
